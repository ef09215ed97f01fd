// SPDX-License-Identifier: Apache-2.0
#include "alicloud/redaction.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "alicloud/percent_encoding.hpp"

namespace kms_secretd::alicloud {
namespace {

constexpr std::size_t longestText = 300;
constexpr std::size_t longestIdentifier = 128;
constexpr std::size_t shortestSensitive = 4;
constexpr std::string_view mark = "[redacted]";
// How the gateways introduce their echo (KMS protocol, error model, SignatureDoesNotMatch).
constexpr std::array<std::string_view, 4> echoMarks{"string to sign", "stringtosign",
                                                    "canonicalrequest", "canonical request"};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

void cutEcho(std::string& text) {
  auto const lower = lowered(text);
  auto at = std::string::npos;
  for (auto const echo : echoMarks) at = std::min(at, lower.find(echo));
  if (at == std::string::npos) return;
  text.resize(at);
  text += "string to sign [redacted]";
}

void replaceAll(std::string& text, std::string_view what) {
  if (what.size() < shortestSensitive) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + mark.size())) {
    text.replace(at, what.size(), mark);
  }
}

void keepPrintable(std::string& text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    if (c < ' ' || c > '~') c = '?';
  }
}

bool isIdentifierByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

}  // namespace

std::string plainIdentifier(std::string_view text) {
  bool const plain =
      text.size() <= longestIdentifier && std::all_of(text.begin(), text.end(), isIdentifierByte);
  return plain ? std::string(text) : std::string();
}

std::string presentable(std::string_view text, std::vector<std::string_view> const& sensitive) {
  std::string out(text);
  cutEcho(out);
  for (auto const each : sensitive) {
    replaceAll(out, each);
    replaceAll(out, percentEncode(each));
  }
  keepPrintable(out);
  if (out.size() > longestText) out = out.substr(0, longestText) + "...";
  return out;
}

}  // namespace kms_secretd::alicloud
