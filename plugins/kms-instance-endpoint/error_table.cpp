// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/error_table.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace kms_secretd::kms_instance_endpoint {
namespace {

using alicloud::Repeat;
using alicloud::RpcError;
using alicloud::Verdict;
using Kind = sdk::FailureKind;

struct Row {
  std::string_view code;
  Verdict verdict;
};

constexpr std::string_view adviceName =
    "check name, version and stage, and that the secret is one of this instance";
constexpr std::string_view advicePolicy =
    "let the policy of the access point include this secret and the right to use secrets, and the "
    "key that encrypts it; check its network rule (type Private, this host's address)";
constexpr std::string_view adviceClientKey =
    "check in the KMS console that the client key exists and has not expired, and that the scope "
    "of its access point is this instance";
constexpr std::string_view adviceSignature =
    "the private key does not belong to this KeyId; write key and password of one client key, and "
    "look for a proxy that changes the request";
constexpr std::string_view adviceClock = "set the clock of this host, for example with NTP";
constexpr std::string_view adviceApi =
    "the endpoint does not speak the protocol of client keys; check it, and the image of the "
    "instance";
constexpr std::string_view adviceRequest =
    "the instance does not take this request; check name, version and stage";
constexpr std::string_view adviceProxy =
    "the instance did not get the request as it was sent: look for a proxy that rewrites it";
constexpr std::string_view adviceSize = "the request is larger than the instance takes";

constexpr Row rows[] = {
    {"Forbidden.ResourceNotFound", {Kind::not_found, Repeat::none, adviceName}},
    {"Forbidden.NoPermission", {Kind::permission_denied, Repeat::none, advicePolicy}},
    {"Forbidden", {Kind::permission_denied, Repeat::none, advicePolicy}},
    {"Unauthorized", {Kind::unauthenticated, Repeat::fresh_credentials, adviceClientKey}},
    {"InvalidAccessKeyId.NotFound",
     {Kind::unauthenticated, Repeat::fresh_credentials, adviceClientKey}},
    {"SignatureNotMatch", {Kind::unauthenticated, Repeat::fresh_credentials, adviceSignature}},
    {"RequestTimeTooSkewed", {Kind::unauthenticated, Repeat::corrected_clock, adviceClock}},
    {"InvalidApiName", {Kind::invalid_request, Repeat::none, adviceApi}},
    {"InvalidApiVersion", {Kind::invalid_request, Repeat::none, adviceApi}},
    {"UnsupportedOperation", {Kind::invalid_request, Repeat::none, adviceApi}},
    {"MissingParameter", {Kind::invalid_request, Repeat::none, adviceProxy}},
    {"InvalidParameter", {Kind::invalid_request, Repeat::none, adviceRequest}},
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// One code for every header that the instance does not like; the text names it.
Verdict invalidParam(std::string_view text) {
  if (contains(text, "Date")) return {Kind::unauthenticated, Repeat::corrected_clock, adviceClock};
  // The vendor's own Java client sends such a request once more.
  if (contains(text, "Content-SHA256")) {
    return {Kind::invalid_request, Repeat::fresh_nonce, adviceProxy};
  }
  if (contains(text, "Authorization")) {
    return {Kind::unauthenticated, Repeat::fresh_credentials, adviceSignature};
  }
  return {Kind::invalid_request, Repeat::none, adviceProxy};
}

// What the OpenAPI's table says; where that goes by the status alone, with this protocol's advice.
Verdict otherwise(RpcError const& error) {
  auto verdict = alicloud::classify(error);
  if (verdict.advice != alicloud::classify({.status = error.status}).advice) return verdict;
  if (error.status == 401) verdict.advice = adviceClientKey;
  if (error.status == 403) verdict.advice = advicePolicy;
  if (error.status == 413) verdict.advice = adviceSize;
  return verdict;
}

}  // namespace

Verdict verdictOn(RpcError const& error) {
  if (error.code.empty()) return otherwise(error);
  if (error.code == "InvalidParam") return invalidParam(error.message);
  auto const* row = std::find_if(std::begin(rows), std::end(rows),
                                 [&](Row const& each) { return each.code == error.code; });
  if (row == std::end(rows)) return otherwise(error);
  // A server error that speaks of a missing secret contradicts itself; the harmless half wins.
  bool const contradictory = row->verdict.kind == Kind::not_found && error.status >= 500;
  return contradictory ? otherwise(error) : row->verdict;
}

}  // namespace kms_secretd::kms_instance_endpoint
