// SPDX-License-Identifier: Apache-2.0
#include "config/option_views.hpp"

#include <cassert>
#include <variant>

namespace kms_secretd::config {

namespace {

template <class T>
T const* find(sdk::Options const& options, std::string_view name) {
  auto const* const value = options.find(name);
  if (value == nullptr) return nullptr;
  auto const* const typed = std::get_if<T>(&value->variant());
  assert(typed != nullptr && "option read with another type than declared");
  return typed;
}

}  // namespace

std::string const* findText(sdk::Options const& options, std::string_view name) {
  return find<std::string>(options, name);
}

std::vector<sdk::Options> const& tablesOf(sdk::Options const& options, std::string_view name) {
  static std::vector<sdk::Options> const none;
  auto const* const tables = find<std::vector<sdk::Options>>(options, name);
  return tables == nullptr ? none : *tables;
}

sdk::Options const& tableOf(sdk::Options const& options, std::string_view name) {
  static sdk::Options const none;
  auto const& tables = tablesOf(options, name);
  return tables.empty() ? none : tables.front();
}

}  // namespace kms_secretd::config
