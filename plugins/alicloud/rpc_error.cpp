// SPDX-License-Identifier: Apache-2.0
#include "alicloud/rpc_error.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>

#include <boost/json/object.hpp>

#include "alicloud/json_document.hpp"
#include "alicloud/redaction.hpp"

namespace kms_secretd::alicloud {
namespace {

namespace json = boost::json;

constexpr sdk::Milliseconds longestWait = std::chrono::hours(1);

// Gateways write "Code", some write "code".
std::string textOf(json::object const& object, std::string_view upper, std::string_view lower) {
  for (auto const name : {upper, lower}) {
    auto const* value = object.if_contains(json::string_view(name.data(), name.size()));
    if (value == nullptr || !value->is_string()) continue;
    return {value->get_string().data(), value->get_string().size()};
  }
  return {};
}

void readJson(std::string_view body, RpcError& error) {
  // An echoed string to sign holds the security token.
  auto const document = parseJson(body, wipingStorage());
  if (!document.ok() || !document.root.is_object()) return;
  auto const& object = document.root.get_object();
  error.code = plainIdentifier(textOf(object, "Code", "code"));
  error.message = textOf(object, "Message", "message");
  error.requestId = plainIdentifier(textOf(object, "RequestId", "requestId"));
}

std::string xmlElement(std::string_view body, std::string const& name) {
  auto const open = '<' + name + '>';
  auto const begin = body.find(open);
  if (begin == std::string_view::npos) return {};
  auto const end = body.find("</" + name + '>', begin);
  if (end == std::string_view::npos) return {};
  return std::string(body.substr(begin + open.size(), end - begin - open.size()));
}

void readXml(std::string_view body, RpcError& error) {
  if (body.find("<Error>") == std::string_view::npos) return;
  error.code = plainIdentifier(xmlElement(body, "Code"));
  error.message = xmlElement(body, "Message");
  error.requestId = plainIdentifier(xmlElement(body, "RequestId"));
}

// An instance image before 3.0.0 answers in its own protocol, in protobuf; this parameter's name,
// with its three c's, is in the text (KMS protocol, map of the transports).
void readOldInstance(std::string_view body, RpcError& error) {
  constexpr std::string_view sign = "x-kms-acccesskeyid";
  if (body.find(sign) == std::string_view::npos) return;
  error.code = "MissingParameter";
  error.message = "Parameter " + std::string(sign) + " does not exist";
}

std::string_view withoutLeadingSpace(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

// The number at the start of `text`, or 0.
std::int64_t leadingNumber(std::string_view text) noexcept {
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && value > 0 ? value : 0;
}

// "Limit:1,Remain:0,TimeLeft:2000,Reset:1234" -> 2000
std::int64_t timeLeft(std::string_view text) noexcept {
  constexpr std::string_view name = "TimeLeft:";
  auto const at = text.find(name);
  return at == std::string_view::npos ? 0 : leadingNumber(text.substr(at + name.size()));
}

}  // namespace

RpcError parseRpcError(sdk::HttpResponse const& response) {
  RpcError error{.status = response.status};
  auto const body = withoutLeadingSpace(response.body.reveal());
  if (body.starts_with('{')) readJson(body, error);
  if (body.starts_with('<')) readXml(body, error);
  if (error.code.empty()) readOldInstance(body, error);
  if (error.requestId.empty()) {
    error.requestId = plainIdentifier(response.header("x-acs-request-id"));
  }
  return error;
}

sdk::Milliseconds retryAfterOf(sdk::HttpResponse const& response) noexcept {
  auto const seconds = leadingNumber(response.header("retry-after"));
  auto const wait = std::max({timeLeft(response.header("x-ratelimit-user-api")),
                              timeLeft(response.header("x-ratelimit-user")),
                              std::min(seconds, std::int64_t{3600}) * 1000});
  return std::min(sdk::Milliseconds(wait), longestWait);
}

}  // namespace kms_secretd::alicloud
