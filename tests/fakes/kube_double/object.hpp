// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fakes/kube_double/field_set.hpp"

namespace kms_secretd::fakes::kube {

/// One entry of metadata.managedFields.
struct Manager {
  std::string name{};
  bool apply = false;  ///< operation Apply, else Update
  std::string time{};
  FieldSet fields{};

  /// True if both are the same entry, whatever they hold.
  [[nodiscard]] bool sameEntry(Manager const& other) const {
    return name == other.name && apply == other.apply;
  }
};

/// A Secret as the double stores it. As the body of an apply it holds only what was declared.
struct Secret {
  std::string namespaceName{};
  std::string name{};
  std::string uid{};
  std::string resourceVersion{};
  std::string creationTimestamp{};
  std::string deletionTimestamp{};
  std::map<std::string, std::string> labels{};
  std::map<std::string, std::string> annotations{};
  std::set<std::string> finalizers{};
  std::optional<std::string> type{};
  std::optional<bool> immutable{};
  std::map<std::string, std::string> data{};  ///< decoded
  std::vector<Manager> managers{};

  /// True if both have the same content: everything but version, times of managers and identity.
  [[nodiscard]] bool sameContent(Secret const& other) const;
};

/// The members of `part` with their values as text; for type and immutable one with no name.
[[nodiscard]] std::map<std::string, std::string> membersOf(Secret const& secret, Part part);
/// Copies the member `field` of `from` to `to`, or removes it where `from` lacks it.
void copyField(Secret& to, Secret const& from, Field const& field);

/// RFC 3339 UTC in seconds, now.
[[nodiscard]] std::string nowText();

/// metadata as JSON; `withManagedFields` as the server always does in 1.20.
[[nodiscard]] boost::json::object metadataJson(Secret const& secret);
/// The whole object, values included.
[[nodiscard]] boost::json::object fullJson(Secret const& secret);
/// PartialObjectMetadata.
[[nodiscard]] boost::json::object partialJson(Secret const& secret);
/// Table with one row for each of `secrets`; rows carry metadata only.
[[nodiscard]] boost::json::object tableJson(std::vector<Secret> const& secrets,
                                            std::string const& resourceVersion);

[[nodiscard]] std::string encodeBase64(std::string const& bytes);
/// Nothing if `text` is no base64.
[[nodiscard]] std::optional<std::string> decodeBase64(std::string const& text);

}  // namespace kms_secretd::fakes::kube
