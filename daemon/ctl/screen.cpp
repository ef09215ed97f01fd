// SPDX-License-Identifier: Apache-2.0
#include "ctl/screen.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace kms_secretd::ctl {
namespace {

constexpr std::size_t longestText = 4096;
constexpr std::size_t fieldColumn = 12;

char const* codeOf(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::warning:
      return "\x1b[33m";
    case Tone::heading:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    default:
      return "";
  }
}

// Code points, as near as is needed to align columns.
std::size_t widthOf(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::vector<std::size_t> widthsOf(std::vector<std::string> const& heading,
                                  std::vector<std::vector<std::string>> const& rows) {
  std::vector<std::size_t> widths;
  widths.reserve(heading.size());
  for (auto const& cell : heading) widths.push_back(widthOf(cell));
  for (auto const& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], widthOf(row.at(i)));
    }
  }
  return widths;
}

std::string padded(std::string const& text, std::size_t width) {
  return text + std::string(width - std::min(width, widthOf(text)), ' ');
}

}  // namespace

std::string printable(std::string_view text) {
  std::string clean(text.substr(0, longestText));
  std::ranges::replace_if(
      clean, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  if (text.size() > longestText) clean += "...";
  return clean;
}

bool wantsColour(int descriptor) {
  auto const* const none = std::getenv("NO_COLOR");
  auto const* const terminal = std::getenv("TERM");
  auto const dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return ::isatty(descriptor) == 1 && !dumb && (none == nullptr || *none == '\0');
}

void Screen::put(std::string_view text, Tone tone) {
  auto const toned = coloured_ && tone != Tone::plain;
  if (toned) text_ += codeOf(tone);
  text_ += text;
  if (toned) text_ += "\x1b[0m";
}

void Screen::line(std::string_view text, Tone tone) {
  put(printable(text), tone);
  text_ += '\n';
}

void Screen::field(std::string_view label, std::string_view text, Tone tone) {
  text_ += "  ";
  put(label, Tone::dim);
  text_ += std::string(fieldColumn - std::min(fieldColumn - 1, label.size() + 2), ' ');
  line(text, tone);
}

void Screen::table(std::vector<std::string> const& heading,
                   std::vector<std::vector<std::string>> const& rows,
                   std::vector<Tone> const& tones, std::size_t tonedColumn) {
  std::vector<std::vector<std::string>> clean;
  for (auto const& row : rows) {
    auto& cells = clean.emplace_back();
    for (auto const& cell : row) cells.push_back(cell.empty() ? "-" : printable(cell));
  }
  auto const widths = widthsOf(heading, clean);
  auto const write = [&](std::vector<std::string> const& row, std::size_t column, Tone tone) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      auto const last = i + 1 == widths.size();
      auto const cell = last ? row[i] : padded(row[i], widths[i]);
      put(cell, i == column || tone == Tone::heading ? tone : Tone::plain);
      text_ += last ? "\n" : "  ";
    }
  };
  write(heading, 0, Tone::heading);
  for (std::size_t i = 0; i < clean.size(); ++i) write(clean[i], tonedColumn, tones.at(i));
}

}  // namespace kms_secretd::ctl
