// SPDX-License-Identifier: Apache-2.0
#include "config/kubernetes_syntax.hpp"

#include <algorithm>
#include <vector>

#include "core/nearest.hpp"

namespace kms_secretd::config {

namespace {

constexpr std::size_t maxLabel = 63;
constexpr std::size_t maxSubdomain = 253;
constexpr std::size_t maxSourceName = 1'024;

bool isLower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isAlnum(char c) { return isLower(c) || (c >= 'A' && c <= 'Z'); }
bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool allOf(std::string_view text, auto const& allowed) {
  return std::ranges::all_of(text, allowed);
}

Fault lengthFault(std::string_view text, std::size_t limit) {
  if (text.empty()) return "is empty";
  if (text.size() > limit) return "is longer than " + std::to_string(limit) + " characters";
  return std::nullopt;
}

bool lowerLabel(std::string_view text) {
  return !text.empty() && isLower(text.front()) && isLower(text.back()) &&
         allOf(text, [](char c) { return isLower(c) || c == '-'; });
}

bool lowerSubdomain(std::string_view text) {
  while (true) {
    auto const dot = text.find('.');
    if (!lowerLabel(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool qualifiedWord(std::string_view text) {
  return !text.empty() && text.size() <= maxLabel && isAlnum(text.front()) &&
         isAlnum(text.back()) &&
         allOf(text, [](char c) { return isAlnum(c) || c == '-' || c == '_' || c == '.'; });
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (auto& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string> const& knownTypes() {
  static std::vector<std::string> const types{"Opaque",
                                              "kubernetes.io/tls",
                                              "kubernetes.io/dockerconfigjson",
                                              "kubernetes.io/dockercfg",
                                              "kubernetes.io/basic-auth",
                                              "kubernetes.io/ssh-auth"};
  return types;
}

}  // namespace

Fault labelFault(std::string_view text) {
  if (auto fault = lengthFault(text, maxLabel)) return fault;
  if (lowerLabel(text)) return std::nullopt;
  return "may hold only a-z, 0-9 and '-', and starts and ends with a letter or digit";
}

Fault subdomainFault(std::string_view text) {
  if (auto fault = lengthFault(text, maxSubdomain)) return fault;
  if (lowerSubdomain(text)) return std::nullopt;
  return "may hold only a-z, 0-9, '-' and '.', each part starting and ending with a letter or "
         "digit";
}

Fault dataKeyFault(std::string_view text) {
  if (auto fault = lengthFault(text, maxSubdomain)) return fault;
  if (!allOf(text, [](char c) { return isAlnum(c) || c == '-' || c == '_' || c == '.'; })) {
    return "may hold only letters, digits, '-', '_' and '.'";
  }
  if (text == "." || text.starts_with("..")) return "may be neither '.' nor start with '..'";
  return std::nullopt;
}

Fault secretTypeFault(std::string_view text) {
  if (auto fault = lengthFault(text, maxSubdomain)) return fault;
  if (!allOf(text, [](char c) { return c > ' ' && c < 0x7f; })) {
    return "may hold only printable ASCII characters without blanks";
  }
  return std::nullopt;
}

Fault tokenTypeFault(std::string_view text) {
  if (text == "kubernetes.io/service-account-token") {
    return "is refused: Kubernetes fills such a Secret with a token of a ServiceAccount, so a "
           "definition would mint credentials";
  }
  if (text == "bootstrap.kubernetes.io/token") {
    return "is refused: such a Secret lets machines join the cluster";
  }
  return std::nullopt;
}

Fault metadataKeyFault(std::string_view text) {
  auto const slash = text.find('/');
  auto const prefix = slash == std::string_view::npos ? "" : text.substr(0, slash);
  auto const name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  bool const prefixed = slash != std::string_view::npos;
  if (prefixed && (prefix.size() > maxSubdomain || !lowerSubdomain(lowered(prefix)))) {
    return "has a prefix that is no DNS name";
  }
  if (!qualifiedWord(name)) {
    return "must be [prefix/]name, the name at most 63 letters, digits, '-', '_' and '.', starting "
           "and ending with a letter or digit";
  }
  auto const owner = lowered(prefix);
  if (owner == "kms-secretd.io" || owner.ends_with(".kms-secretd.io")) {
    return "is kept for kms-secretd itself";
  }
  if (lowered(text) == "app.kubernetes.io/managed-by") {
    return "is set by kms-secretd on the Secrets that it creates";
  }
  return std::nullopt;
}

Fault approvalFault(std::string_view text) {
  auto const hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (text.size() == 8 && allOf(text, hex)) return std::nullopt;
  return "must be the eight hexadecimal digits that the message about the held change prints";
}

Fault labelValueFault(std::string_view text) {
  if (text.empty() || qualifiedWord(text)) return std::nullopt;
  return "must be empty or at most 63 letters, digits, '-', '_' and '.', starting and ending with "
         "a "
         "letter or digit";
}

Fault storeNameFault(std::string_view text) {
  if (auto fault = lengthFault(text, maxLabel)) return fault;
  if (allOf(text, [](char c) { return isAlnum(c) || c == '-' || c == '_'; })) return std::nullopt;
  return "may hold only letters, digits, '-' and '_'";
}

Fault sourceNameFault(std::string_view text) {
  if (auto fault = lengthFault(text, maxSourceName)) return fault;
  if (std::ranges::any_of(text, isControl)) return "holds a control character";
  if (text.front() == ' ' || text.back() == ' ') return "starts or ends with a blank";
  return std::nullopt;
}

Fault absolutePathFault(std::string_view text) {
  if (text.empty()) return "is empty";
  if (std::ranges::any_of(text, isControl)) return "holds a control character";
  if (text.front() != '/') return "is not an absolute path";
  return std::nullopt;
}

Fault listenFault(std::string_view text) {
  auto const colon = text.rfind(':');
  auto const host = text.substr(0, std::min(colon, text.size()));
  auto const port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  auto const inBrackets = host.starts_with('[') && host.ends_with(']');
  auto const addressLike = inBrackets || allOf(host, [](char c) { return isDigit(c) || c == '.'; });
  auto const portLike = port.size() <= 5 && allOf(port, isDigit);
  if (!host.empty() && !port.empty() && addressLike && portLike) return std::nullopt;
  return "must be a numeric address and a port, like 127.0.0.1:9469 or [::1]:9469";
}

std::optional<std::string> probableType(std::string_view type) {
  if (std::ranges::find(knownTypes(), type) != knownTypes().end()) return std::nullopt;
  bool const looksOwn = type.starts_with("kubernetes.io/") || type.find('/') == std::string::npos;
  return looksOwn ? core::nearest(type, knownTypes()) : std::nullopt;
}

}  // namespace kms_secretd::config
