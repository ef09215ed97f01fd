// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/xml.hpp"

namespace kms_secretd::emulator {
namespace {

void escape(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
}

void element(std::string& out, std::string_view name, const boost::json::value& value) {
  if (const auto* list = value.if_array()) {
    for (const auto& item : *list) element(out, name, item);
    return;
  }
  out += '<' + std::string(name) + '>';
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) element(out, member.key(), member.value());
  } else if (const auto* text = value.if_string()) {
    escape(out, *text);
  } else {
    out += boost::json::serialize(value);
  }
  out += "</" + std::string(name) + '>';
}

}  // namespace

std::string renderXml(std::string_view root, const boost::json::object& members) {
  std::string out = "<?xml version='1.0' encoding='UTF-8'?>";
  element(out, root, members);
  return out;
}

}  // namespace kms_secretd::emulator
