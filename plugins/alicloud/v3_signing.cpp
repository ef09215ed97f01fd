// SPDX-License-Identifier: Apache-2.0
#include "alicloud/v3_signing.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "alicloud/acs_date.hpp"
#include "alicloud/digest.hpp"
#include "alicloud/percent_encoding.hpp"

namespace kms_secretd::alicloud {
namespace {

using HeaderMap = std::map<std::string, std::vector<std::string_view>>;

std::string lowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool isSigned(std::string_view lowerName) {
  return lowerName == "host" || lowerName == "content-type" || lowerName.starts_with("x-acs-");
}

HeaderMap signedHeaders(std::vector<sdk::HttpHeader> const& headers) {
  HeaderMap chosen;
  for (auto const& header : headers) {
    auto name = lowerCase(header.name);
    if (isSigned(name)) chosen[std::move(name)].push_back(trimmed(header.value));
  }
  for (auto& [name, values] : chosen) std::sort(values.begin(), values.end());
  return chosen;
}

std::string joined(std::vector<std::string_view> const& values) {
  std::string out;
  for (auto const value : values) {
    if (!out.empty()) out += ',';
    out += value;
  }
  return out;
}

std::vector<sdk::HttpHeader> baseHeaders(RpcRequest const& request, Credential const& credential,
                                         SigningMoment const& moment,
                                         std::string const& payloadHash) {
  std::vector<sdk::HttpHeader> headers{
      {"x-acs-action", request.action},      {"x-acs-version", request.version},
      {"x-acs-date", acsDate(moment.date)},  {"x-acs-signature-nonce", moment.nonce},
      {"x-acs-content-sha256", payloadHash},
  };
  if (!credential.securityToken().empty()) {
    headers.push_back({"x-acs-accesskey-id", credential.accessKeyId()});
    headers.push_back({"x-acs-security-token", std::string(credential.securityToken().reveal())});
  }
  if (!request.contentType.empty()) headers.push_back({"content-type", request.contentType});
  return headers;
}

Canonical canonicalOf(RpcRequest const& request, std::string_view query,
                      std::vector<sdk::HttpHeader> headers, std::string_view payloadHash) {
  headers.push_back({"host", request.host});
  return canonicalV3(
      {.method = request.method, .query = query, .headers = &headers, .payloadHash = payloadHash});
}

}  // namespace

std::string canonicalQuery(std::vector<Parameter> parameters) {
  std::stable_sort(parameters.begin(), parameters.end(),
                   [](Parameter const& a, Parameter const& b) { return a.name < b.name; });
  std::string out;
  for (auto const& parameter : parameters) {
    if (!out.empty()) out += '&';
    out += percentEncode(parameter.name);
    out += '=';
    out += percentEncode(parameter.value);
  }
  return out;
}

Canonical canonicalV3(CanonicalParts const& parts) {
  Canonical canonical;
  std::string headerLines;
  for (auto const& [name, values] : signedHeaders(*parts.headers)) {
    headerLines += name + ':' + joined(values) + '\n';
    if (!canonical.signedHeaders.empty()) canonical.signedHeaders += ';';
    canonical.signedHeaders += name;
  }
  auto& request = canonical.request;
  request.append(parts.method).append("\n");
  request.append(parts.path.empty() ? "/" : parts.path).append("\n");
  request.append(parts.query).append("\n");
  request.append(headerLines).append("\n");
  request.append(canonical.signedHeaders).append("\n");
  request.append(parts.payloadHash);
  canonical.stringToSign = "ACS3-HMAC-SHA256\n" + sha256Hex(request);
  return canonical;
}

std::string signatureV3(std::string_view stringToSign, sdk::SecretBytes const& accessKeySecret) {
  return hmacSha256Hex(accessKeySecret.reveal(), stringToSign);
}

SignedRequest signV3(RpcRequest const& request, Credential const& credential,
                     SigningMoment const& moment) {
  auto const query = canonicalQuery(request.query);
  SignedRequest out;
  out.target = query.empty() ? "/" : "/?" + query;
  auto const payloadHash = sha256Hex(request.body);
  out.headers = baseHeaders(request, credential, moment, payloadHash);
  auto canonical = canonicalOf(request, query, out.headers, payloadHash);
  out.signature = signatureV3(canonical.stringToSign, credential.accessKeySecret());
  out.stringToSign = std::move(canonical.stringToSign);
  out.headers.push_back({"accept", "application/json"});
  out.headers.push_back(
      {"Authorization", "ACS3-HMAC-SHA256 Credential=" + credential.accessKeyId() +
                            ",SignedHeaders=" + canonical.signedHeaders +
                            ",Signature=" + out.signature});
  return out;
}

}  // namespace kms_secretd::alicloud
