// SPDX-License-Identifier: Apache-2.0
#include "emulator/control/fields.hpp"

namespace kms_secretd::emulator {
namespace {

const boost::json::object& requireObject(const boost::json::value& json) {
  const auto* object = json.if_object();
  if (object == nullptr) throw BadInput("a JSON object is needed");
  return *object;
}

[[noreturn]] void wrongType(std::string_view name, const char* wanted) {
  throw BadInput("member '" + std::string(name) + "' has to be " + wanted);
}

std::string requireText(const boost::json::value& json, std::string_view name) {
  const auto* text = json.if_string();
  if (text == nullptr) wrongType(name, "a string");
  return std::string(*text);
}

}  // namespace

Fields::Fields(const boost::json::value& json) : object_(requireObject(json)) {}

const boost::json::value* Fields::take(std::string_view name) {
  used_.emplace(name);
  const auto* value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool Fields::has(std::string_view name) const {
  const auto* value = object_.if_contains(name);
  return value != nullptr && !value->is_null();
}

std::string Fields::text(std::string_view name, std::string_view fallback) {
  const auto* value = take(name);
  return value == nullptr ? std::string(fallback) : requireText(*value, name);
}

std::string Fields::requiredText(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) throw BadInput("member '" + std::string(name) + "' is missing");
  return requireText(*value, name);
}

std::optional<std::int64_t> Fields::optionalNumber(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_int64()) wrongType(name, "an integer");
  return value->as_int64();
}

std::int64_t Fields::number(std::string_view name, std::int64_t fallback) {
  return optionalNumber(name).value_or(fallback);
}

bool Fields::flag(std::string_view name, bool fallback) {
  const auto* value = take(name);
  if (value == nullptr) return fallback;
  if (!value->is_bool()) wrongType(name, "true or false");
  return value->as_bool();
}

std::vector<std::string> Fields::texts(std::string_view name) {
  std::vector<std::string> out;
  const auto* value = take(name);
  if (value == nullptr) return out;
  const auto* list = value->if_array();
  if (list == nullptr) wrongType(name, "a list of strings");
  for (const auto& item : *list) out.push_back(requireText(item, name));
  return out;
}

std::map<std::string, std::string> Fields::textMap(std::string_view name) {
  std::map<std::string, std::string> out;
  const auto* value = take(name);
  if (value == nullptr) return out;
  const auto* object = value->if_object();
  if (object == nullptr) wrongType(name, "an object of strings");
  for (const auto& member : *object) out[member.key()] = requireText(member.value(), name);
  return out;
}

void Fields::finish() const {
  for (const auto& member : object_) {
    const std::string_view name(member.key().data(), member.key().size());
    if (!used_.contains(name)) throw BadInput("unknown member '" + std::string(name) + "'");
  }
}

}  // namespace kms_secretd::emulator
