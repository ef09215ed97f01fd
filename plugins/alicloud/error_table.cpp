// SPDX-License-Identifier: Apache-2.0
// Table 2.2 of the KMS protocol: what each code means for us. Kept apart from the parsing, so that
// the table can be read as one.
#include <algorithm>
#include <iterator>
#include <string>

#include "alicloud/rpc_error.hpp"

namespace kms_secretd::alicloud {
namespace {

using Kind = sdk::FailureKind;

struct Row {
  std::string_view code;
  Kind kind;
  Repeat repeat;
  std::string_view advice;
};

constexpr std::string_view adviceName =
    "check name, version and stage, and that region or endpoint is the secret's own";
constexpr std::string_view adviceGrant =
    "grant the RAM action kms:GetSecretValue on this secret, and kms:Decrypt on its key if it is a "
    "customer key";
constexpr std::string_view adviceAccount =
    "look at the state of the account and of the KMS service in the console";
constexpr std::string_view adviceInstance =
    "look at the KMS instance in the console: stopped, expired or not shared with this account";
constexpr std::string_view adviceKey =
    "the encryption key of the secret is missing or unusable; look at it in the KMS console";
constexpr std::string_view adviceSlower = "poll less often if this lasts";
constexpr std::string_view adviceWait = "the service is asked again later";
constexpr std::string_view adviceAccessKey =
    "check that the access key exists and is enabled, and that an STS token is not expired";
constexpr std::string_view adviceToken =
    "the security token is expired or does not belong to the key; with auth.type = \"sts\" renew "
    "id, secret and token together, with other types look at whoever issues it";
constexpr std::string_view adviceSignature =
    "check auth.secret, and that no proxy changes the request";
constexpr std::string_view adviceHost =
    "the endpoint must be a bare lower-case host name without a port";
constexpr std::string_view adviceClock = "set the clock of this host, for example with NTP";
constexpr std::string_view adviceNonce = "a proxy may be sending requests twice";
constexpr std::string_view adviceRequest =
    "the service does not take this request; check name, version and stage";
constexpr std::string_view adviceApi = "the endpoint is not the KMS OpenAPI; check it";
constexpr std::string_view adviceUnsupported =
    "this secret cannot be read through this endpoint; an instance's secret may need the "
    "instance's own endpoint or its internet access";
constexpr std::string_view adviceDeleted =
    "the secret is scheduled for deletion; restore it in the KMS console or remove its definition";
constexpr std::string_view adviceOldImage =
    "the KMS instance runs an image before 3.0.0, which knows no access keys; upgrade the instance "
    "in "
    "the console, or read it by a client key (backend = \"kms-instance-endpoint\"), or use the "
    "shared "
    "gateway";

constexpr Row rows[] = {
    {"Forbidden.ResourceNotFound", Kind::not_found, Repeat::none, adviceName},
    {"Rejected.ResourceInDeleteWindow", Kind::not_found, Repeat::none, adviceDeleted},

    {"Forbidden.KeyNotFound", Kind::invalid_request, Repeat::none, adviceKey},
    {"Forbidden.KeyVersionNotFound", Kind::invalid_request, Repeat::none, adviceKey},
    {"Forbidden.AliasNotFound", Kind::invalid_request, Repeat::none, adviceKey},

    {"Forbidden.NoPermission", Kind::permission_denied, Repeat::none, adviceGrant},
    {"Forbidden.AccessKey", Kind::permission_denied, Repeat::none, adviceGrant},
    {"Forbidden.RAM", Kind::permission_denied, Repeat::none, adviceGrant},
    {"NoPermission", Kind::permission_denied, Repeat::none, adviceGrant},
    {"Forbidden", Kind::permission_denied, Repeat::none, adviceGrant},
    {"AccessDeniedError", Kind::permission_denied, Repeat::none, adviceGrant},
    {"Forbidden.KmsServiceNotEnabled", Kind::permission_denied, Repeat::none, adviceAccount},
    {"Forbidden.InDebt", Kind::permission_denied, Repeat::none, adviceAccount},
    {"Forbidden.InDebtOverdue", Kind::permission_denied, Repeat::none, adviceAccount},
    {"Forbidden.ProhibitedByRiskControl", Kind::permission_denied, Repeat::none, adviceAccount},
    {"Forbidden.UbsmsInvalidUserid", Kind::permission_denied, Repeat::none, adviceAccount},
    {"Forbidden.UbsmsInvalidBid", Kind::permission_denied, Repeat::none, adviceAccount},
    {"Forbidden.DKMSInstanceStateInvalid", Kind::permission_denied, Repeat::none, adviceInstance},
    {"Forbidden.DKMSInstanceNotFound", Kind::permission_denied, Repeat::none, adviceInstance},
    {"Rejected.Disabled", Kind::permission_denied, Repeat::none, adviceKey},
    {"Rejected.PendingDeletion", Kind::permission_denied, Repeat::none, adviceKey},
    {"Rejected.PendingImport", Kind::permission_denied, Repeat::none, adviceKey},
    {"Rejected.StateModifiedFailed", Kind::permission_denied, Repeat::none, adviceKey},

    {"Rejected.Throttling", Kind::throttled, Repeat::none, adviceSlower},

    {"ServiceUnavailableTemporary", Kind::unavailable, Repeat::none, adviceWait},
    {"SerivceUnavailableTemporary", Kind::unavailable, Repeat::none, adviceWait},  // 2021 spelling
    {"InternalFailure", Kind::unavailable, Repeat::none, adviceWait},
    {"InternalError", Kind::unavailable, Repeat::none, adviceWait},
    {"ServiceUnavailable", Kind::unavailable, Repeat::none, adviceWait},
    {"Rejected.ShieldNotReady", Kind::unavailable, Repeat::none, adviceWait},

    {"Forbidden.AccessKeyDisabled", Kind::unauthenticated, Repeat::fresh_credentials,
     adviceAccessKey},
    {"SecurityTokenExpired", Kind::unauthenticated, Repeat::fresh_credentials, adviceToken},
    {"MissingSecurityToken", Kind::unauthenticated, Repeat::fresh_credentials, adviceToken},
    {"SignatureDoesNotMatch", Kind::unauthenticated, Repeat::fresh_credentials, adviceSignature},

    {"InvalidTimeStamp.Expired", Kind::unauthenticated, Repeat::corrected_clock, adviceClock},
    {"InvalidTimeStamp.Format", Kind::unauthenticated, Repeat::corrected_clock, adviceClock},
    {"IllegalTimestamp", Kind::unauthenticated, Repeat::corrected_clock, adviceClock},

    {"SignatureNonceUsed", Kind::unavailable, Repeat::fresh_nonce, adviceNonce},

    {"IncompleteSignature", Kind::invalid_request, Repeat::none, adviceHost},
    {"MissingParameter", Kind::invalid_request, Repeat::none, adviceRequest},
    {"InvalidParameter", Kind::invalid_request, Repeat::none, adviceRequest},
    {"ParseRequestParameterException", Kind::invalid_request, Repeat::none, adviceRequest},
    {"ValidationError", Kind::invalid_request, Repeat::none, adviceRequest},
    {"DryRunOperationError", Kind::invalid_request, Repeat::none, adviceRequest},
    {"InvalidVersion", Kind::invalid_request, Repeat::none, adviceApi},
    {"InvalidApi.NotFound", Kind::invalid_request, Repeat::none, adviceApi},
    {"InvalidProduct.NotFound", Kind::invalid_request, Repeat::none, adviceApi},
    {"InvalidProtocol.NeedSsl", Kind::invalid_request, Repeat::none, adviceApi},
    {"UnsupportedHTTPMethod", Kind::invalid_request, Repeat::none, adviceApi},
    {"InvalidSignatureMethod", Kind::invalid_request, Repeat::none, adviceApi},
    {"UnsupportedOperation", Kind::invalid_request, Repeat::none, adviceUnsupported},
    {"Rejected.UnsupportedOperation", Kind::invalid_request, Repeat::none, adviceUnsupported},
    {"Rejected.ResourceExist", Kind::invalid_request, Repeat::none, adviceRequest},
    {"Rejected.LimitExceeded", Kind::invalid_request, Repeat::none, adviceRequest},
};

// Families whose members the gateways keep adding to.
constexpr Row prefixes[] = {
    {"Throttling", Kind::throttled, Repeat::none, adviceSlower},
    {"InvalidAccessKeyId", Kind::unauthenticated, Repeat::fresh_credentials, adviceAccessKey},
    {"InvalidSecurityToken", Kind::unauthenticated, Repeat::fresh_credentials, adviceToken},
    {"InvalidTimeStamp", Kind::unauthenticated, Repeat::corrected_clock, adviceClock},
    {"Missing", Kind::invalid_request, Repeat::none, adviceRequest},
};

Verdict verdictOf(Row const& row) {
  return {.kind = row.kind, .repeat = row.repeat, .advice = row.advice};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Two codes whose meaning hangs on the text.
Row const* specialCase(RpcError const& error) {
  static constexpr Row oldImage{"", Kind::invalid_request, Repeat::none, adviceOldImage};
  static constexpr Row expired{"", Kind::unauthenticated, Repeat::fresh_credentials, adviceToken};
  if (error.code == "MissingParameter" && contains(error.message, "x-kms-acccesskeyid")) {
    return &oldImage;
  }
  if (error.code == "InvalidParameter" && contains(error.message, "SecurityToken.Expired")) {
    return &expired;
  }
  return nullptr;
}

Row const* knownCode(std::string_view code) {
  auto const* row = std::find_if(std::begin(rows), std::end(rows),
                                 [&](Row const& each) { return each.code == code; });
  if (row != std::end(rows)) return row;
  row = std::find_if(std::begin(prefixes), std::end(prefixes),
                     [&](Row const& each) { return code.starts_with(each.code); });
  return row == std::end(prefixes) ? nullptr : row;
}

Verdict byStatus(RpcError const& error) {
  auto const status = error.status;
  if (status == 429) return {Kind::throttled, Repeat::none, adviceSlower};
  if (status >= 500 || status == 408) return {Kind::unavailable, Repeat::none, adviceWait};
  if (status == 401) return {Kind::unauthenticated, Repeat::fresh_credentials, adviceAccessKey};
  if (status == 403) return {Kind::permission_denied, Repeat::none, adviceGrant};
  if (status == 413 || !error.code.empty()) {
    return {Kind::invalid_request, Repeat::none, adviceRequest};
  }
  return {Kind::invalid_response, Repeat::none,
          "this is no answer of KMS; check the endpoint and the proxy"};
}

}  // namespace

Verdict classify(RpcError const& error) {
  if (auto const* row = specialCase(error)) return verdictOf(*row);
  auto const* row = error.code.empty() ? nullptr : knownCode(error.code);
  if (row == nullptr) return byStatus(error);
  // A server error that speaks of a missing secret contradicts itself; the harmless half wins.
  if (row->kind == Kind::not_found && error.status >= 500) return byStatus(error);
  return verdictOf(*row);
}

}  // namespace kms_secretd::alicloud
