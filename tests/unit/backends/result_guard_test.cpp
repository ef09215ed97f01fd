// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "backends/result_guard.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using kms_secretd::backends::guardResult;

TEST_GROUP(ResultGuard){/// The failure that becomes of `secret`, or "passed".
                        std::string verdict(sdk::FetchedSecret secret){
                            auto const result = guardResult(std::move(secret), "db");
if (result.ok()) return "passed";
CHECK_TRUE(result.failure().kind == sdk::FailureKind::invalid_response);
STRCMP_CONTAINS("the backend answered for db with ", result.failure().message.c_str());
return result.failure().message;
}
sdk::Failure guarded(sdk::Failure failure) {
  auto result = guardResult(std::move(failure), "db");
  return result.failure();
}
static sdk::FetchedSecret ofSize(std::size_t bytes) {
  sdk::FetchedSecret secret;
  secret.value.resize(bytes);
  return secret;
}
}
;

TEST(ResultGuard, PassesWhatIsWithinTheLimits) {
  STRCMP_EQUAL("passed", verdict({}).c_str());
  STRCMP_EQUAL("passed", verdict(ofSize(backends::maxValueBytes)).c_str());
  STRCMP_EQUAL("passed", verdict({.versionId = std::string(256, 'v'),
                                  .stages = std::vector<std::string>(32, "stage")})
                             .c_str());
}

TEST(ResultGuard, KeepsTheValueByteForByte) {
  sdk::FetchedSecret secret;
  secret.value.append(std::string_view("\0\n\xFF", 3));
  auto const result = guardResult(std::move(secret), "db");
  CHECK_TRUE(result.value().value.reveal() == std::string_view("\0\n\xFF", 3));
}

TEST(ResultGuard, RefusesAValueOverTheLimit) {
  STRCMP_CONTAINS("a value of 1048577 bytes, at most 1048576 are taken",
                  verdict(ofSize(backends::maxValueBytes + 1)).c_str());
  sdk::FetchedSecret secret;
  secret.extendedConfig.resize(backends::maxValueBytes + 1);
  STRCMP_CONTAINS("an extended configuration of 1048577 bytes", verdict(std::move(secret)).c_str());
}

TEST(ResultGuard, RefusesIdsThatAreTooLongOrNotPrintable) {
  STRCMP_CONTAINS("a version id", verdict({.versionId = std::string(257, 'v')}).c_str());
  STRCMP_CONTAINS("a version id", verdict({.versionId = "v\n1"}).c_str());
  STRCMP_CONTAINS("a secret type", verdict({.secretType = "\xFF"}).c_str());
  STRCMP_CONTAINS("a next rotation", verdict({.nextRotation = "\x1b[2J"}).c_str());
  STRCMP_CONTAINS("a rotation state", verdict({.rotationState = std::string(1, '\0')}).c_str());
}

TEST(ResultGuard, RefusesTooManyStagesAndBadOnes) {
  STRCMP_CONTAINS("33 stages, at most 32",
                  verdict({.stages = std::vector<std::string>(33, "stage")}).c_str());
  STRCMP_CONTAINS("a stage that", verdict({.stages = {"good", "b\tad"}}).c_str());
}

TEST(ResultGuard, RefusesADataTypeThatDoesNotExist) {
  STRCMP_CONTAINS("a data type that does not exist",
                  verdict({.dataType = static_cast<sdk::DataType>(9)}).c_str());
}

TEST(ResultGuard, CutsWhatIsForSupportOnly) {
  auto const result = guardResult(
      sdk::FetchedSecret{.requestId = std::string(300, 'r'), .serverDate = "a\nb"}, "db");
  CHECK_TRUE(result.ok());
  CHECK_EQUAL(256U, result.value().requestId.size());
  STRCMP_EQUAL("a b", result.value().serverDate.c_str());
}

TEST(ResultGuard, LeavesAnHonestFailureAsItIs) {
  auto const failure = guarded({.kind = sdk::FailureKind::throttled,
                                .code = "Rejected.Throttling",
                                .message = "db: too many calls",
                                .requestId = "r-1",
                                .retryAfter = sdk::Milliseconds{2000}});
  CHECK_TRUE(failure.kind == sdk::FailureKind::throttled);
  STRCMP_EQUAL("Rejected.Throttling", failure.code.c_str());
  STRCMP_EQUAL("db: too many calls", failure.message.c_str());
  STRCMP_EQUAL("r-1", failure.requestId.c_str());
  CHECK_TRUE(failure.retryAfter == sdk::Milliseconds{2000});
}

TEST(ResultGuard, MakesAKindThatDoesNotExistInternal) {
  CHECK_TRUE(guarded({.kind = static_cast<sdk::FailureKind>(9)}).kind ==
             sdk::FailureKind::internal);
  CHECK_TRUE(guarded({.kind = static_cast<sdk::FailureKind>(255)}).kind ==
             sdk::FailureKind::internal);
}

TEST(ResultGuard, CutsAndCleansTheTextsOfAFailure) {
  auto const failure = guarded({.code = "a\r\nb" + std::string(1000, 'c'),
                                .message = "\x1b[31m" + std::string(5000, 'm'),
                                .requestId = std::string(5000, 'r')});
  CHECK_EQUAL(backends::maxIdBytes, failure.code.size());
  STRCMP_CONTAINS("a  bccc", failure.code.c_str());
  CHECK_EQUAL(backends::maxMessageBytes, failure.message.size());
  CHECK_EQUAL(' ', failure.message.front());
  CHECK_EQUAL(backends::maxIdBytes, failure.requestId.size());
}

TEST(ResultGuard, GivesAFailureWithoutWordsSome) {
  STRCMP_EQUAL("the backend gave no reason why it could not read db", guarded({}).message.c_str());
}

TEST(ResultGuard, KeepsWishesForPatienceWithinADay) {
  CHECK_TRUE(guarded({.retryAfter = sdk::Milliseconds{-1}}).retryAfter.count() == 0);
  CHECK_TRUE(guarded({.retryAfter = sdk::Milliseconds::max()}).retryAfter ==
             backends::maxRetryAfter);
}
