// SPDX-License-Identifier: Apache-2.0
#include "platform/request_encoding.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "platform/request_checks.hpp"

namespace kms_secretd::platform {
namespace {

// What is added to names and values: separators, and the fields of our own.
constexpr std::size_t roomOfOwnFields = 128;

bool saysItsLength(sdk::HttpRequest const& request) noexcept {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

std::size_t sizeOf(sdk::HttpRequest const& request, std::string const& hostField) noexcept {
  std::size_t size = request.method.size() + request.target.size() + hostField.size() +
                     request.body.size() + roomOfOwnFields;
  for (auto const& header : request.headers) size += header.name.size() + header.value.size() + 4;
  return size;
}

void addField(sdk::SecretBytes& bytes, std::string_view name, std::string_view value) {
  bytes.append(name);
  bytes.append(": ");
  bytes.append(value);
  bytes.append("\r\n");
}

void addLength(sdk::SecretBytes& bytes, std::size_t length) {
  std::array<char, 24> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), length).ptr;
  addField(bytes, "Content-Length", {digits.data(), end});
}

}  // namespace

sdk::SecretBytes encodeRequest(sdk::HttpRequest const& request, std::string const& hostField) {
  sdk::SecretBytes bytes;
  bytes.reserve(sizeOf(request, hostField));
  bytes.append(request.method);
  bytes.append(" ");
  bytes.append(request.target);
  bytes.append(" HTTP/1.1\r\n");
  addField(bytes, "Host", hostField);
  for (auto const& header : request.headers) {
    if (!isSetByTransport(header.name)) addField(bytes, header.name, header.value);
  }
  addField(bytes, "Accept-Encoding", "identity");
  if (saysItsLength(request)) addLength(bytes, request.body.size());
  bytes.append("\r\n");
  bytes.append(request.body.reveal());
  return bytes;
}

}  // namespace kms_secretd::platform
