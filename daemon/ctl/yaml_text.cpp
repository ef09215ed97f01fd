// SPDX-License-Identifier: Apache-2.0
#include "ctl/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string_view>

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;

bool letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool plainInside(char c) noexcept {
  return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/';
}

// What YAML 1.1 reads as no text.
bool reserved(std::string_view text) {
  constexpr std::array words{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return std::ranges::find(words, lower) != words.end();
}

bool plain(std::string_view text) {
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, plainInside) &&
         !reserved(text);
}

// JSON's quoting is YAML's, too.
std::string scalar(json::value const& value) {
  if (auto const* text = value.if_string()) {
    if (plain({text->data(), text->size()})) return std::string(*text);
  }
  return json::serialize(value);
}

bool hasBlock(json::value const& value) {
  return (value.is_object() && !value.get_object().empty()) ||
         (value.is_array() && !value.get_array().empty());
}

/// Writes blocks; `indent` is where the block's lines begin.
class Writer {
 public:
  void block(json::value const& value, std::size_t indent, bool begun) {
    if (auto const* object = value.if_object()) return members(*object, indent, begun);
    for (auto const& item : value.get_array()) {
      text_ += std::string(indent, ' ') + "-";
      element(item, indent);
    }
  }

  void line(std::string const& text) { text_ += text + '\n'; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  // `begun`: the first line has its indentation, behind the dash of a list.
  void members(json::object const& object, std::size_t indent, bool begun) {
    for (auto const& [name, value] : object) {
      if (!begun) text_ += std::string(indent, ' ');
      begun = false;
      text_ += scalar(json::value(name)) + ":";
      if (!hasBlock(value)) {
        line(" " + scalar(value));
      } else {
        text_ += '\n';
        block(value, value.is_object() ? indent + 2 : indent, false);
      }
    }
  }

  void element(json::value const& item, std::size_t indent) {
    if (!hasBlock(item)) return line(" " + scalar(item));
    if (item.is_array()) {
      text_ += '\n';
      return block(item, indent + 2, false);
    }
    text_ += ' ';
    block(item, indent + 2, true);
  }

  std::string text_{};
};

}  // namespace

std::string yamlText(json::value const& value) {
  Writer out;
  if (hasBlock(value)) {
    out.block(value, 0, false);
  } else {
    out.line(scalar(value));
  }
  return out.take();
}

}  // namespace kms_secretd::ctl
