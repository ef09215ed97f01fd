// SPDX-License-Identifier: Apache-2.0
#include "platform/request_checks.hpp"

#include <algorithm>
#include <array>

namespace kms_secretd::platform {
namespace {

/// Which bytes may stand somewhere, looked up by byte.
using ByteSet = std::array<bool, 256>;

constexpr ByteSet tokenBytes() {
  ByteSet set{};
  for (char c = '0'; c <= '9'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char const c : std::string_view("!#$%&'*+-.^_`|~"))
    set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr ByteSet valueBytes() {
  ByteSet set{};
  for (std::size_t byte = 0x20; byte < set.size(); ++byte) set[byte] = byte != 0x7f;
  set['\t'] = true;
  return set;
}

constexpr ByteSet targetBytes() {
  ByteSet set{};
  for (std::size_t byte = 0x21; byte < 0x7f; ++byte) set[byte] = true;
  return set;
}

constexpr ByteSet inTokens = tokenBytes();
constexpr ByteSet inValues = valueBytes();
constexpr ByteSet inTargets = targetBytes();

bool onlyOf(ByteSet const& set, std::string_view text) noexcept {
  bool all = true;
  for (char const c : text) all &= set[static_cast<unsigned char>(c)];
  return all;
}

// They steer the connection, which is the transport's business.
constexpr std::array<std::string_view, 9> connectionFields{
    "connection", "keep-alive", "proxy-authorization", "proxy-connection", "te",
    "trailer",    "expect",     "transfer-encoding",   "upgrade"};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool isToken(std::string_view text) noexcept { return !text.empty() && onlyOf(inTokens, text); }

bool isTarget(std::string_view text) noexcept {
  return text.starts_with('/') && onlyOf(inTargets, text);
}

bool isValue(std::string_view text) noexcept { return onlyOf(inValues, text); }

sdk::Failure unsendable(std::string message) {
  return {.kind = sdk::FailureKind::invalid_request,
          .code = {},
          .message = "the request cannot be sent: " + std::move(message)};
}

std::string ownValue(std::string_view name, sdk::HttpRequest const& request,
                     std::string const& hostField) {
  if (equalsIgnoringCase(name, "host")) return hostField;
  if (equalsIgnoringCase(name, "accept-encoding")) return "identity";
  return std::to_string(request.body.size());
}

std::optional<sdk::Failure> checkField(sdk::HttpHeader const& header,
                                       sdk::HttpRequest const& request,
                                       std::string const& hostField) {
  if (!isToken(header.name)) return unsendable("the name of a header is not a token");
  if (!isValue(header.value)) {
    return unsendable("the value of the header " + header.name +
                      " contains a line break or another control character");
  }
  for (auto const reserved : connectionFields) {
    if (equalsIgnoringCase(header.name, reserved)) {
      return unsendable("the header " + header.name + " belongs to the connection; leave it out");
    }
  }
  if (isSetByTransport(header.name) && header.value != ownValue(header.name, request, hostField)) {
    return unsendable("the header " + header.name +
                      " is set by the transport, with another value; leave it out");
  }
  return std::nullopt;
}

}  // namespace

bool isSetByTransport(std::string_view headerName) noexcept {
  return equalsIgnoringCase(headerName, "host") ||
         equalsIgnoringCase(headerName, "content-length") ||
         equalsIgnoringCase(headerName, "accept-encoding");
}

std::optional<sdk::Failure> checkRequest(sdk::HttpRequest const& request,
                                         std::string const& hostField) {
  if (!isToken(request.method)) return unsendable("the method is not a token");
  if (request.method == "CONNECT") return unsendable("CONNECT is for proxies only");
  if (!isTarget(request.target)) {
    return unsendable(
        "the target does not start with '/' or contains a space, a line break or "
        "another character that must be percent-encoded");
  }
  for (auto const& header : request.headers) {
    if (auto failure = checkField(header, request, hostField)) return failure;
  }
  return std::nullopt;
}

}  // namespace kms_secretd::platform
