// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <compare>
#include <set>
#include <string>

namespace kms_secretd::fakes::kube {

/// The parts of a Secret whose ownership the double tracks, in the order in which the server names
/// them in conflicts.
enum class Part { immutable, type, data, annotations, finalizers, labels };

/// One thing that a field manager can hold: a member of a map or list; with an empty name the part
/// itself ("." in FieldsV1).
struct Field {
  Part part = Part::data;
  std::string name{};

  /// As a conflict names it, e.g. ".metadata.labels.app".
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(Field const&, Field const&) = default;
};

/// What one manager holds.
using FieldSet = std::set<Field>;

[[nodiscard]] FieldSet unite(FieldSet const& a, FieldSet const& b);
[[nodiscard]] FieldSet intersect(FieldSet const& a, FieldSet const& b);
[[nodiscard]] FieldSet subtract(FieldSet const& a, FieldSet const& b);

/// True if `part` has members (a map or a list).
[[nodiscard]] bool hasMembers(Part part);

/// As metadata.managedFields[].fieldsV1 has it.
[[nodiscard]] boost::json::object toFieldsV1(FieldSet const& fields);
/// The reverse; parts that the double does not track are left out.
[[nodiscard]] FieldSet fromFieldsV1(boost::json::value const& value);

}  // namespace kms_secretd::fakes::kube
