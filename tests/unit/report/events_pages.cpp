// SPDX-License-Identifier: Apache-2.0
#include "events_pages.hpp"

#include <sstream>
#include <stdexcept>

#include "report/events.hpp"

namespace kms_secretd::tests {
namespace {

constexpr std::size_t catalogueWidth = 76;

constexpr char const* catalogueHead =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# What journalctl -x shows. Generated from daemon/report/events.cpp by events-doc: a test\n"
    "# compares. Append only, as the events are.\n";

char const* wordOf(report::Severity severity) {
  switch (severity) {
    case report::Severity::error:
      return "error";
    case report::Severity::warning:
      return "warning";
    case report::Severity::notice:
      return "notice";
    case report::Severity::info:
      return "info";
    case report::Severity::debug:
      return "debug";
  }
  return "";
}

std::string wrapped(std::string const& text, std::size_t width) {
  std::istringstream words(text);
  std::string out;
  std::size_t column = 0;
  for (std::string word; words >> word;) {
    if (column > 0 && column + 1 + word.size() > width) {
      out += '\n';
      column = 0;
    }
    if (column > 0) out += ' ';
    column += word.size() + (column > 0 ? 1 : 0);
    out += word;
  }
  return out;
}

std::string entry(report::EventRow const& row) {
  std::string text = "\n-- ";
  text.append(row.messageId).append("\nSubject: kms-secretd: ").append(row.name);
  text.append(" (").append(wordOf(row.severity)).append(")\n");
  text += "Defined-By: kms-secretd\nDocumentation: man:kms-secretd(8)\n\n";
  return text + wrapped(row.advice, catalogueWidth) + "\n";
}

std::string rows() {
  std::string text = "\n| event | loud as | what it means, and what to do | MESSAGE_ID |\n";
  text += "|---|---|---|---|\n";
  for (auto const& row : report::eventCatalogue()) {
    text.append("| `").append(row.name).append("` | ").append(wordOf(row.severity));
    text.append(" | ").append(row.advice).append(" | `").append(row.messageId).append("` |\n");
  }
  return text + "\n";
}

}  // namespace

std::string journalCatalogue() {
  std::string text = catalogueHead;
  for (auto const& row : report::eventCatalogue()) text += entry(row);
  return text;
}

std::string withEvents(std::string const& page) {
  auto const begin = page.find(eventsBegin);
  auto const end = page.find(eventsEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    throw std::runtime_error("the page lacks the marks of its generated part");
  }
  auto const from = begin + std::string(eventsBegin).size();
  return page.substr(0, from) + rows() + page.substr(end);
}

}  // namespace kms_secretd::tests
