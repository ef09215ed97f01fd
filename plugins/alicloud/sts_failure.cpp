// SPDX-License-Identifier: Apache-2.0
#include "alicloud/sts_failure.hpp"

#include <algorithm>
#include <iterator>

#include "alicloud/redaction.hpp"

namespace kms_secretd::alicloud {
namespace {

using Kind = sdk::FailureKind;

struct Row {
  std::string_view code;
  Repeat repeat;
  std::string_view advice;
};

constexpr std::string_view adviceTrust =
    "let the caller do sts:AssumeRole on the role, and name the caller (and the external id, if "
    "one is wanted) in the role's trust policy";
constexpr std::string_view adviceRole = "check role_arn: there is no such role";
constexpr std::string_view adviceOidcTrust =
    "name the OIDC provider, the audience and the subject "
    "(system:serviceaccount:<namespace>:<name>) "
    "in the role's trust policy";
constexpr std::string_view adviceOidcProvider =
    "check provider_arn: there is no such OIDC provider in RAM";
constexpr std::string_view adviceAudience =
    "the token is for another audience than the OIDC provider's client ids; ask for a token with "
    "that audience (sts.aliyuncs.com)";
constexpr std::string_view adviceToken =
    "the OIDC token is no longer valid; see that whoever writes its file renews it";
constexpr std::string_view adviceSignature =
    "the OIDC token was not signed by the issuer that the OIDC provider in RAM names; compare the "
    "cluster's issuer and its keys with it";
constexpr std::string_view adviceParameter =
    "STS does not take this parameter; correct the role, session or policy options";

// All of kind unauthenticated: what goes wrong here never speaks about a secret in KMS.
constexpr Row rows[] = {
    {"NoPermission", Repeat::none, adviceTrust},
    {"EntityNotExist.Role", Repeat::none, adviceRole},
    {"EntityNotExist.OIDCProvider", Repeat::none, adviceOidcProvider},
    {"AuthenticationFail.NoPermission", Repeat::none, adviceOidcTrust},
    {"AuthenticationFail.OIDCToken.AudienceNotMatch", Repeat::none, adviceAudience},
    {"AuthenticationFail.OIDCToken.Expired", Repeat::fresh_credentials, adviceToken},
    {"AuthenticationFail.OIDCToken.Invalid", Repeat::fresh_credentials, adviceSignature},
    {"AuthenticationFail.OIDCToken.InvalidSignature", Repeat::fresh_credentials, adviceSignature},
};

}  // namespace

Verdict classifySts(RpcError const& error) {
  auto const* row = std::find_if(std::begin(rows), std::end(rows),
                                 [&](Row const& each) { return each.code == error.code; });
  if (row != std::end(rows)) {
    return {.kind = Kind::unauthenticated, .repeat = row->repeat, .advice = row->advice};
  }
  // STS throttles with this sentence under several codes (KMS protocol 4.3).
  if (error.message.find("flow control") != std::string::npos) {
    return {.kind = Kind::throttled, .advice = "STS is asked again later"};
  }
  auto verdict = classify(error);
  auto const allowed = {Kind::unauthenticated, Kind::unavailable, Kind::throttled};
  if (std::find(allowed.begin(), allowed.end(), verdict.kind) != allowed.end()) return verdict;
  return {.kind = Kind::unauthenticated,
          .advice = error.code.starts_with("InvalidParameter") ? adviceParameter : adviceTrust};
}

sdk::Failure stsRefusal(std::string_view action, std::string_view host, RpcError const& error,
                        std::vector<std::string_view> const& sensitive) {
  auto const verdict = classifySts(error);
  auto const status = "HTTP " + std::to_string(error.status);
  std::string message = "STS " + std::string(action) + " at " + std::string(host) + ": ";
  message += error.code.empty() ? status : error.code + " (" + status + ')';
  auto const text = presentable(error.message, sensitive);
  if (!text.empty()) message.append(": ").append(text);
  message.append("; ").append(verdict.advice);
  return {.kind = verdict.kind,
          .code = error.code,
          .message = std::move(message),
          .requestId = error.requestId};
}

sdk::Failure issuerUnreachable(std::string const& step, sdk::Failure const& transport) {
  auto failure = transport;
  auto const passed = {Kind::unavailable, Kind::timed_out, Kind::internal};
  if (std::find(passed.begin(), passed.end(), failure.kind) == passed.end()) {
    failure.kind = Kind::unauthenticated;
  }
  failure.message = step + ": " + transport.message;
  return failure;
}

}  // namespace kms_secretd::alicloud
