// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace kms_secretd::emulator {

/// A control request that makes no sense; its text goes back to the caller with status 400.
class BadInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Typed access to the members of one JSON object. Each getter throws BadInput on a wrong type;
/// finish() throws on members that nobody asked for, so that a typing error never passes.
class Fields {
 public:
  explicit Fields(const boost::json::value& json);

  bool has(std::string_view name) const;
  std::string text(std::string_view name, std::string_view fallback = "");
  std::string requiredText(std::string_view name);
  std::int64_t number(std::string_view name, std::int64_t fallback);
  std::optional<std::int64_t> optionalNumber(std::string_view name);
  bool flag(std::string_view name, bool fallback);
  std::vector<std::string> texts(std::string_view name);
  std::map<std::string, std::string> textMap(std::string_view name);
  /// The member whatever its type, or null.
  const boost::json::value* raw(std::string_view name) { return take(name); }
  void finish() const;

 private:
  const boost::json::value* take(std::string_view name);

  const boost::json::object& object_;
  std::set<std::string, std::less<>> used_;
};

}  // namespace kms_secretd::emulator
