// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kms_secretd::ctl {

/// What a text is for; shown as a colour where the output is a terminal.
enum class Tone { plain, good, bad, warning, heading, dim };

/// Collects what is to be shown. Texts come from the daemon and from peers behind it: control
/// characters in them never reach the terminal.
class Screen {
 public:
  /// `coloured`: write colours.
  explicit Screen(bool coloured) : coloured_(coloured) {}

  /// A line of text.
  void line(std::string_view text, Tone tone = Tone::plain);
  /// "  label     text", the text beginning at a fixed column.
  void field(std::string_view label, std::string_view text, Tone tone = Tone::plain);
  /// Rows under a heading, columns aligned; `tones` colours the column `tonedColumn` of each row.
  void table(std::vector<std::string> const& heading,
             std::vector<std::vector<std::string>> const& rows, std::vector<Tone> const& tones,
             std::size_t tonedColumn);
  void gap() { text_ += '\n'; }
  [[nodiscard]] std::string const& text() const noexcept { return text_; }

 private:
  void put(std::string_view text, Tone tone);

  bool coloured_;
  std::string text_{};
};

/// `text` with control characters replaced, and cut where it is longer than a message may be.
[[nodiscard]] std::string printable(std::string_view text);

/// True if `descriptor` is a terminal that wants colours (NO_COLOR, TERM=dumb).
[[nodiscard]] bool wantsColour(int descriptor);

}  // namespace kms_secretd::ctl
