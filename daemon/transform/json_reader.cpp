// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>

#include "transform/document.hpp"
#include "transform/value_builder.hpp"

namespace kms_secretd::transform {

namespace json = boost::json;

namespace {

// The parser's events. A number's text comes in parts, as a string's does.
class Handler {
 public:
  // Names and signatures from here on are what boost::json::basic_parser calls.
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
  bool on_array_begin(json::error_code& ec) { return accepted(builder_.begin(false), ec); }
  bool on_array_end(std::size_t, json::error_code& ec) { return accepted(builder_.end(), ec); }
  bool on_object_begin(json::error_code& ec) { return accepted(builder_.begin(true), ec); }
  bool on_object_end(std::size_t, json::error_code& ec) { return accepted(builder_.end(), ec); }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return take(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    take(part);
    return accepted(builder_.name(std::exchange(text_, {})), ec);
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return take(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code& ec) {
    take(part);
    return add(Value::string(std::exchange(text_, {})), ec);
  }
  bool on_number_part(json::string_view part, json::error_code&) { return take(part); }
  bool on_int64(std::int64_t, json::string_view part, json::error_code& ec) {
    return number(part, ec);
  }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code& ec) {
    return number(part, ec);
  }
  bool on_double(double, json::string_view part, json::error_code& ec) { return number(part, ec); }
  bool on_bool(bool value, json::error_code& ec) { return add(Value::boolean(value), ec); }
  bool on_null(json::error_code& ec) { return add(Value{}, ec); }

  [[nodiscard]] Value const& value() const noexcept { return builder_.last().value; }
  [[nodiscard]] ValueBuilder::Refusal refusal() const noexcept { return refusal_; }

 private:
  bool take(json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool number(json::string_view part, json::error_code& ec) {
    take(part);
    return add(Value::number(std::exchange(text_, {})), ec);
  }
  bool add(Value value, json::error_code& ec) {
    return accepted(builder_.add({.value = std::move(value)}), ec);
  }
  bool accepted(ValueBuilder::Refusal refusal, json::error_code& ec) {
    refusal_ = refusal;
    if (refusal != nullptr) ec = json::error::incomplete;  // any: refusal_ says why
    return refusal == nullptr;
  }

  ValueBuilder builder_{};
  ValueBuilder::Refusal refusal_ = nullptr;
  std::string text_{};
};

ReadFault faultAt(std::string_view text, std::size_t offset, std::string message) {
  auto const before = text.substr(0, offset);
  auto const newline = before.rfind('\n');
  ReadFault fault{.message = std::move(message)};
  for (char const c : before) fault.line += c == '\n' ? 1 : 0;
  fault.column = 1 + (newline == std::string_view::npos ? offset : offset - newline - 1);
  return fault;
}

}  // namespace

std::string ReadFault::text() const {
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + message;
}

ReadResult readJson(std::string_view text) {
  if (text.size() > maxDocumentBytes) return ReadFault{"it is larger than 1 MiB"};
  json::parse_options options;
  options.max_depth = maxDocumentDepth + 1;  // the builder refuses first, with its reason
  json::basic_parser<Handler> parser(options);
  json::error_code ec;
  auto const read = parser.write_some(false, text.data(), text.size(), ec);
  if (auto const* why = parser.handler().refusal()) return faultAt(text, read, why);
  if (!ec && text.find_first_not_of(" \t\r\n", read) == std::string_view::npos) {
    return parser.handler().value();
  }
  auto fault = faultAt(text, read, "not JSON: " + (ec ? ec.message() : "something follows"));
  fault.otherLanguage = true;
  return fault;
}

}  // namespace kms_secretd::transform
