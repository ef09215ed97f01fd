// SPDX-License-Identifier: Apache-2.0
#include "kube/json_read.hpp"

#include <utility>

#include <boost/json/parse.hpp>

namespace kms_secretd::kube {

namespace json = boost::json;

std::optional<json::value> parseJson(std::string_view text, json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = 64;
  json::error_code error;
  auto value = json::parse({text.data(), text.size()}, error, std::move(storage), options);
  if (error) return std::nullopt;
  return value;
}

json::object const* objectOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains({name.data(), name.size()});
  return value == nullptr ? nullptr : value->if_object();
}

json::array const* arrayOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains({name.data(), name.size()});
  return value == nullptr ? nullptr : value->if_array();
}

std::string_view textOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains({name.data(), name.size()});
  auto const* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view{} : std::string_view{text->data(), text->size()};
}

}  // namespace kms_secretd::kube
