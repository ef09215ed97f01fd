// SPDX-License-Identifier: Apache-2.0
#include "config/nesting.hpp"

#include <algorithm>
#include <cstddef>

namespace kms_secretd::config {

namespace {

constexpr int maxBrackets = 16;
constexpr int maxDots = 15;

/// Walks over the tokens that nest and over those that may hide them: strings and comments. On
/// text that is no TOML it may lose its way, but not before the place where the parser gives up.
class NestingScan {
 public:
  explicit NestingScan(std::string_view text) noexcept : text_(text) {}

  std::optional<TextPosition> run() noexcept {
    while (at_ < text_.size()) {
      step();
      if (brackets_ > maxBrackets || dots_ > maxDots) return position();
    }
    return std::nullopt;
  }

 private:
  void step() noexcept {
    switch (text_[at_]) {
      case '#':
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
      case '"':
      case '\'':
        skipString(text_[at_]);
        return;
      case '[':
      case '{':
        ++brackets_;
        break;
      case ']':
      case '}':
        brackets_ -= brackets_ > 0 ? 1 : 0;
        break;
      case '.':
        ++dots_;
        ++at_;
        return;
      case '=':
      case ',':
      case '\n':
        break;
      default:
        ++at_;
        return;
    }
    dots_ = 0;
    ++at_;
  }

  void skipString(char quote) noexcept {
    bool const multiLine =
        text_.substr(at_, 3) == std::string_view(quote == '"' ? R"(""")" : "'''");
    at_ += multiLine ? 3 : 1;
    while (at_ < text_.size() && !(multiLine ? endsMultiLine(quote) : endsLine(quote))) {
      at_ += text_[at_] == '\\' && quote == '"' ? 2 : 1;
    }
  }

  bool endsLine(char quote) noexcept {
    if (text_[at_] == '\n') return true;
    if (text_[at_] != quote) return false;
    ++at_;
    return true;
  }

  /// Up to two quotes may stand right before the closing three.
  bool endsMultiLine(char quote) noexcept {
    std::size_t quotes = 0;
    while (at_ + quotes < text_.size() && quotes < 5 && text_[at_ + quotes] == quote) ++quotes;
    if (quotes < 3) return false;
    at_ += quotes;
    return true;
  }

  [[nodiscard]] TextPosition position() const noexcept {
    TextPosition place;
    for (auto const c : text_.substr(0, at_ - 1)) {
      if (c == '\n') {
        ++place.line;
        place.column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) {
        ++place.column;
      }
    }
    return place;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int brackets_ = 0;
  int dots_ = 0;
};

}  // namespace

std::optional<TextPosition> nestsTooDeep(std::string_view text) noexcept {
  return NestingScan(text).run();
}

}  // namespace kms_secretd::config
