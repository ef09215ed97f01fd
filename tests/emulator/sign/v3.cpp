// SPDX-License-Identifier: Apache-2.0
#include "emulator/sign/v3.hpp"

#include <algorithm>

#include "emulator/sign/digest.hpp"
#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator::v3 {
namespace {

// The value of `Name=...` or nothing if the piece has another name.
std::optional<std::string_view> member(std::string_view piece, std::string_view name) {
  if (!piece.starts_with(name) || piece.size() == name.size() || piece[name.size()] != '=') {
    return std::nullopt;
  }
  return piece.substr(name.size() + 1);
}

// All values of one header: trimmed, sorted, joined by commas.
std::string valuesOf(const Request& request, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : request.headers) {
    if (key == name) values.emplace_back(trim(value));
  }
  std::sort(values.begin(), values.end());
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ",") + value;
  return out;
}

std::string join(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ";") + name;
  return out;
}

}  // namespace

std::optional<Authorization> parseAuthorization(std::string_view header) {
  const std::string prefix = std::string(kAlgorithm) + ' ';
  if (!header.starts_with(prefix)) return std::nullopt;
  const auto pieces = split(header.substr(prefix.size()), ',');
  if (pieces.size() != 3) return std::nullopt;
  const auto keyId = member(pieces[0], "Credential");
  const auto names = member(pieces[1], "SignedHeaders");
  const auto signature = member(pieces[2], "Signature");
  if (!keyId || !names || !signature || keyId->empty()) return std::nullopt;
  Authorization out{std::string(*keyId), {}, std::string(*signature)};
  for (const std::string_view name : split(*names, ';')) out.signedHeaders.emplace_back(name);
  return out;
}

bool mustBeSigned(std::string_view lowerName) {
  return lowerName.starts_with("x-acs-") || lowerName == "host" || lowerName == "content-type";
}

std::optional<std::string> canonicalRequest(const Request& request,
                                            const std::vector<std::string>& signedHeaders) {
  auto params = parseParams(request.query);
  if (!params) return std::nullopt;
  std::string out = request.method + '\n' + request.path + '\n';
  out += canonicalParams(std::move(*params)) + '\n';
  for (const std::string& name : signedHeaders) out += name + ':' + valuesOf(request, name) + '\n';
  out += '\n' + join(signedHeaders) + '\n' + sha256Hex(request.body);
  return out;
}

std::string stringToSign(std::string_view canonical) {
  return std::string(kAlgorithm) + '\n' + sha256Hex(canonical);
}

std::string sign(std::string_view secret, std::string_view stringToSign) {
  return hmacSha256Hex(secret, stringToSign);
}

}  // namespace kms_secretd::emulator::v3
