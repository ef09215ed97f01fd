// SPDX-License-Identifier: Apache-2.0
#include "alicloud/credential_reply.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "alicloud/acs_date.hpp"
#include "alicloud/json_document.hpp"
#include "alicloud/redaction.hpp"
#include "alicloud/refresh_rule.hpp"

namespace kms_secretd::alicloud {
namespace {

namespace json = boost::json;

constexpr std::size_t largestPart = 16 * 1024;  // security tokens take 1 to 4 KB

sdk::Failure unusable(std::string fragment) {
  return {.kind = sdk::FailureKind::unauthenticated, .message = std::move(fragment)};
}

std::string_view textOf(json::object const& object, char const* name) noexcept {
  auto const* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

}  // namespace

char const* faultOfPart(std::string_view text) noexcept {
  if (text.empty()) return "is missing or empty";
  if (text.size() > largestPart) return "is longer than 16 KiB";
  bool const printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
  return printable ? nullptr : "holds a space, a line break or a character outside of ASCII";
}

IssueMoment momentOf(sdk::Clock const& clock, std::string_view dateField) noexcept {
  return {.boot = clock.boot(), .issuer = parseServerDate(dateField).value_or(clock.wall())};
}

sdk::Result<CredentialPtr> parseIssued(json::object const& reply, IssueMoment const& moment) {
  for (auto const* name : {"AccessKeyId", "AccessKeySecret", "SecurityToken"}) {
    auto const* fault = faultOfPart(textOf(reply, name));
    if (fault != nullptr) return unusable(std::string("its ") + name + ' ' + fault);
  }
  auto const expiresAt = parseAcsDate(textOf(reply, "Expiration"));
  if (!expiresAt) return unusable("its Expiration is missing or no date");
  auto const life = std::min<sdk::Milliseconds>(*expiresAt - moment.issuer, longestLife);
  if (life.count() <= 0) {
    return unusable("what it hands out ended already, at " + acsDate(*expiresAt));
  }
  return std::make_shared<Credential const>(
      std::string(textOf(reply, "AccessKeyId")), sdk::SecretBytes(textOf(reply, "AccessKeySecret")),
      sdk::SecretBytes(textOf(reply, "SecurityToken")),
      CredentialLife{.expiresAt = expiresAt, .goodUntil = moment.boot + life});
}

sdk::Result<CredentialPtr> parseIssuedBody(std::string_view body, IssueMoment const& moment) {
  auto const document = parseJson(body, wipingStorage());
  if (!document.ok()) return unusable("it is " + document.problem);
  if (!document.root.is_object()) return unusable("it is JSON but not an object");
  auto const& object = document.root.get_object();
  if (object.contains("Code") && textOf(object, "Code") != "Success") {
    auto const code = plainIdentifier(textOf(object, "Code"));
    return unusable("its Code is " + (code.empty() ? "no code" : '"' + code + '"') +
                    ", not \"Success\"");
  }
  return parseIssued(object, moment);
}

}  // namespace kms_secretd::alicloud
