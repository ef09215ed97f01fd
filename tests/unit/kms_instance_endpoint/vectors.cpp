// SPDX-License-Identifier: Apache-2.0
#include "vectors.hpp"

#include <fstream>
#include <iterator>

namespace kms_secretd::kms_instance_endpoint {

namespace json = boost::json;

json::object const& vectors() {
  static json::object const all = [] {
    std::ifstream file(KMS_SECRETD_FIXTURES "/vectors.json");
    std::string const text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    return json::parse(text).as_object();
  }();
  return all;
}

std::string textOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? json::value_to<std::string>(*value)
                                                : std::string();
}

std::string unhex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return out;
}

std::string message(std::string_view name) {
  return unhex(textOf(vectors().at("protobuf").at(name).as_object(), "hex"));
}

std::string keyPart(std::string_view name) {
  return textOf(vectors().at("dkms_key").as_object(), name);
}

}  // namespace kms_secretd::kms_instance_endpoint
