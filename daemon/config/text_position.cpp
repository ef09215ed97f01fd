// SPDX-License-Identifier: Apache-2.0
#include "config/text_position.hpp"

#include <charconv>
#include <cstdint>

namespace kms_secretd::config {
namespace {

bool continuesCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

/// Walks over a file's bytes and knows the place as toml++ counts it: columns are code points.
class Cursor {
 public:
  Cursor(std::string_view file, std::uint32_t line, std::uint32_t column) : file_(file) {
    while (!done() && (line_ < line || (line_ == line && column_ < column))) step();
  }

  [[nodiscard]] bool done() const { return at_ >= file_.size(); }
  [[nodiscard]] std::string_view rest() const { return file_.substr(at_); }
  [[nodiscard]] std::uint32_t line() const { return line_; }
  [[nodiscard]] std::uint32_t column() const { return column_; }

  void step(std::size_t bytes = 1) {
    for (; bytes > 0 && !done(); --bytes) {
      bool const newline = file_[at_++] == '\n';
      if (newline) {
        ++line_;
        column_ = 1;
      } else if (done() || !continuesCodePoint(file_[at_])) {
        ++column_;
      }
    }
  }

 private:
  std::string_view file_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

std::size_t utf8Size(std::string_view hexDigits) {
  std::uint32_t code = 0;
  std::from_chars(hexDigits.data(), hexDigits.data() + hexDigits.size(), code, 16);
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/// What stands in the file for some bytes of the string.
struct Piece {
  std::size_t inFile = 1;
  std::size_t inString = 1;
};

Piece escapeAt(std::string_view text) {
  if (text.size() < 2) return {};
  if (text[1] == 'u') return {6, utf8Size(text.substr(2, 4))};
  if (text[1] == 'U') return {10, utf8Size(text.substr(2, 8))};
  bool const lineEnds = text[1] == '\n' || text[1] == '\r' || text[1] == ' ' || text[1] == '\t';
  if (!lineEnds) return {2, 1};
  auto const next = text.find_first_not_of(" \t\r\n", 1);
  return {next == std::string_view::npos ? text.size() : next, 0};
}

std::string_view opening(std::string_view text) {
  for (std::string_view const quotes : {"\"\"\"", "'''", "\"", "'"}) {
    if (text.starts_with(quotes)) return quotes;
  }
  return {};
}

}  // namespace

core::Origin placeInString(std::string_view file, core::Origin const& start, std::size_t offset) {
  Cursor cursor(file, start.line, start.column);
  auto const quotes = opening(cursor.rest());
  if (quotes.empty()) return start;
  cursor.step(quotes.size());
  if (quotes.size() == 3 && cursor.rest().starts_with('\r')) cursor.step();
  if (quotes.size() == 3 && cursor.rest().starts_with('\n')) cursor.step();
  bool const escapes = quotes.front() == '"';
  while (!cursor.done()) {
    bool const escape = escapes && cursor.rest().front() == '\\';
    auto const piece = escape ? escapeAt(cursor.rest()) : Piece{};
    if (offset < piece.inString) break;
    if (cursor.rest().starts_with(quotes)) break;
    offset -= piece.inString;
    cursor.step(piece.inFile);
  }
  return {.file = start.file, .line = cursor.line(), .column = cursor.column()};
}

}  // namespace kms_secretd::config
