// SPDX-License-Identifier: Apache-2.0
// Every row of table 2.2 of the KMS protocol, written out again from the sheet.
#include <string>

#include "alicloud/rpc_error.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;
using Kind = sdk::FailureKind;

namespace {

struct Row {
  char const* code;
  int status;
  Kind kind;
  Repeat repeat;
};

constexpr Row table[] = {
    {"Forbidden.ResourceNotFound", 404, Kind::not_found, Repeat::none},
    {"Rejected.ResourceInDeleteWindow", 409, Kind::not_found, Repeat::none},
    {"Forbidden.KeyNotFound", 404, Kind::invalid_request, Repeat::none},
    {"Forbidden.KeyVersionNotFound", 404, Kind::invalid_request, Repeat::none},
    {"Forbidden.AliasNotFound", 404, Kind::invalid_request, Repeat::none},
    {"Forbidden.NoPermission", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.AccessKey", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.RAM", 403, Kind::permission_denied, Repeat::none},
    {"NoPermission", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.KmsServiceNotEnabled", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.InDebt", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.InDebtOverdue", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.ProhibitedByRiskControl", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.UbsmsInvalidUserid", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.UbsmsInvalidBid", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.DKMSInstanceStateInvalid", 403, Kind::permission_denied, Repeat::none},
    {"Forbidden.DKMSInstanceNotFound", 403, Kind::permission_denied, Repeat::none},
    {"Rejected.Throttling", 429, Kind::throttled, Repeat::none},
    {"Throttling", 400, Kind::throttled, Repeat::none},
    {"Throttling.User", 400, Kind::throttled, Repeat::none},
    {"Throttling.Api", 400, Kind::throttled, Repeat::none},
    {"ServiceUnavailableTemporary", 503, Kind::unavailable, Repeat::none},
    {"SerivceUnavailableTemporary", 503, Kind::unavailable, Repeat::none},
    {"InternalFailure", 500, Kind::unavailable, Repeat::none},
    {"InternalError", 500, Kind::unavailable, Repeat::none},
    {"ServiceUnavailable", 503, Kind::unavailable, Repeat::none},
    {"InvalidAccessKeyId.NotFound", 404, Kind::unauthenticated, Repeat::fresh_credentials},
    {"InvalidAccessKeyId.NotFound", 400, Kind::unauthenticated, Repeat::fresh_credentials},
    {"InvalidAccessKeyId.Inactive", 400, Kind::unauthenticated, Repeat::fresh_credentials},
    {"Forbidden.AccessKeyDisabled", 403, Kind::unauthenticated, Repeat::fresh_credentials},
    {"InvalidSecurityToken.Expired", 400, Kind::unauthenticated, Repeat::fresh_credentials},
    {"InvalidSecurityToken.Expired", 403, Kind::unauthenticated, Repeat::fresh_credentials},
    {"SecurityTokenExpired", 403, Kind::unauthenticated, Repeat::fresh_credentials},
    {"InvalidSecurityToken.Malformed", 400, Kind::unauthenticated, Repeat::fresh_credentials},
    {"InvalidSecurityToken.MismatchWithAccessKey", 403, Kind::unauthenticated,
     Repeat::fresh_credentials},
    {"MissingSecurityToken", 400, Kind::unauthenticated, Repeat::fresh_credentials},
    {"SignatureDoesNotMatch", 400, Kind::unauthenticated, Repeat::fresh_credentials},
    {"SignatureDoesNotMatch", 403, Kind::unauthenticated, Repeat::fresh_credentials},
    {"IncompleteSignature", 400, Kind::invalid_request, Repeat::none},
    {"InvalidTimeStamp.Expired", 400, Kind::unauthenticated, Repeat::corrected_clock},
    {"InvalidTimeStamp.Format", 400, Kind::unauthenticated, Repeat::corrected_clock},
    {"IllegalTimestamp", 400, Kind::unauthenticated, Repeat::corrected_clock},
    {"SignatureNonceUsed", 400, Kind::unavailable, Repeat::fresh_nonce},
    {"MissingParameter", 400, Kind::invalid_request, Repeat::none},
    {"MissingSecretName", 400, Kind::invalid_request, Repeat::none},
    {"InvalidParameter", 400, Kind::invalid_request, Repeat::none},
    {"ParseRequestParameterException", 400, Kind::invalid_request, Repeat::none},
    {"InvalidVersion", 400, Kind::invalid_request, Repeat::none},
    {"ValidationError", 400, Kind::invalid_request, Repeat::none},
    {"InvalidApi.NotFound", 404, Kind::invalid_request, Repeat::none},
    {"InvalidProduct.NotFound", 404, Kind::invalid_request, Repeat::none},
    {"InvalidProtocol.NeedSsl", 404, Kind::invalid_request, Repeat::none},
    {"UnsupportedHTTPMethod", 403, Kind::invalid_request, Repeat::none},
    {"InvalidSignatureMethod", 400, Kind::invalid_request, Repeat::none},
    {"UnsupportedOperation", 400, Kind::invalid_request, Repeat::none},
    {"Rejected.UnsupportedOperation", 400, Kind::invalid_request, Repeat::none},
    {"Rejected.Disabled", 409, Kind::permission_denied, Repeat::none},
    {"Rejected.PendingDeletion", 409, Kind::permission_denied, Repeat::none},
    {"Rejected.PendingImport", 409, Kind::permission_denied, Repeat::none},
    {"Rejected.StateModifiedFailed", 409, Kind::permission_denied, Repeat::none},
    {"Rejected.ResourceExist", 409, Kind::invalid_request, Repeat::none},
    {"Rejected.LimitExceeded", 400, Kind::invalid_request, Repeat::none},
    {"DryRunOperationError", 400, Kind::invalid_request, Repeat::none},
    {"AccessDeniedError", 403, Kind::permission_denied, Repeat::none},
    {"Rejected.ShieldNotReady", 409, Kind::unavailable, Repeat::none},
    // Unknown codes and none at all: the status decides.
    {"", 413, Kind::invalid_request, Repeat::none},
    {"", 500, Kind::unavailable, Repeat::none},
    {"", 502, Kind::unavailable, Repeat::none},
    {"", 503, Kind::unavailable, Repeat::none},
    {"", 504, Kind::unavailable, Repeat::none},
    {"", 599, Kind::unavailable, Repeat::none},
    {"", 408, Kind::unavailable, Repeat::none},
    {"", 429, Kind::throttled, Repeat::none},
    {"", 401, Kind::unauthenticated, Repeat::fresh_credentials},
    {"", 403, Kind::permission_denied, Repeat::none},
    {"", 400, Kind::invalid_response, Repeat::none},
    {"", 404, Kind::invalid_response, Repeat::none},
    {"", 410, Kind::invalid_response, Repeat::none},
    {"Some.NewCode", 400, Kind::invalid_request, Repeat::none},
    {"Some.NewCode", 404, Kind::invalid_request, Repeat::none},
    {"Some.NewCode", 403, Kind::permission_denied, Repeat::none},
    {"Some.NewCode", 429, Kind::throttled, Repeat::none},
    {"Some.NewCode", 500, Kind::unavailable, Repeat::none},
    {"Throttling.Future", 400, Kind::throttled, Repeat::none},
    {"InvalidAccessKeyId", 400, Kind::unauthenticated, Repeat::fresh_credentials},
    {"InvalidSecurityToken.Future", 400, Kind::unauthenticated, Repeat::fresh_credentials},
};

Verdict verdictOn(std::string code, int status, std::string message = "text") {
  return classify({.status = status, .code = std::move(code), .message = std::move(message)});
}

}  // namespace

TEST_GROUP(ErrorTable){};

TEST(ErrorTable, ClassifiesEveryRowOfTheProtocol) {
  for (auto const& row : table) {
    auto const what = std::string(row.code) + ' ' + std::to_string(row.status);
    auto const verdict = verdictOn(row.code, row.status);
    STRCMP_EQUAL_TEXT(sdk::nameOf(row.kind), sdk::nameOf(verdict.kind), what.c_str());
    CHECK_TRUE_TEXT(row.repeat == verdict.repeat, what.c_str());
    CHECK_FALSE_TEXT(verdict.advice.empty(), what.c_str());
  }
}

TEST(ErrorTable, B15_ThrottlingIsRecognisedWhateverItsStatus) {
  for (auto const* code :
       {"Rejected.Throttling", "Throttling", "Throttling.User", "Throttling.Api"}) {
    for (int const status : {400, 403, 409, 429, 500, 503}) {
      STRCMP_EQUAL("throttled", sdk::nameOf(verdictOn(code, status).kind));
    }
  }
}

TEST(ErrorTable, OnlyTwoCodesEverMeanThatTheSecretDoesNotExist) {
  for (auto const& row : table) {
    for (int status = 400; status < 600; ++status) {
      std::string const code = row.code;
      bool const mayBeAbsent =
          code == "Forbidden.ResourceNotFound" || code == "Rejected.ResourceInDeleteWindow";
      if (verdictOn(code, status).kind == Kind::not_found) CHECK_TEXT(mayBeAbsent, row.code);
    }
  }
}

TEST(ErrorTable, AServerErrorNeverMeansThatTheSecretDoesNotExist) {
  STRCMP_EQUAL("unavailable", sdk::nameOf(verdictOn("Forbidden.ResourceNotFound", 500).kind));
}

TEST(ErrorTable, KnowsAnExpiredTokenInTheTextOfInvalidParameter) {
  auto const verdict = verdictOn("InvalidParameter", 400, "code SecurityToken.Expired, renew it");
  STRCMP_EQUAL("unauthenticated", sdk::nameOf(verdict.kind));
  CHECK(verdict.repeat == Repeat::fresh_credentials);
}

TEST(ErrorTable, KnowsAnOldInstanceImageByItsMisspeltParameter) {
  auto const verdict =
      verdictOn("MissingParameter", 400,
                "Parameter x-kms-acccesskeyid does not exist in http header or body");
  STRCMP_EQUAL("invalid_request", sdk::nameOf(verdict.kind));
  CHECK(verdict.advice.find("before 3.0.0") != std::string_view::npos);
}
