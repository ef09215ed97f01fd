// SPDX-License-Identifier: Apache-2.0
#include "backends/result_guard.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "backends/printable.hpp"

namespace kms_secretd::backends {

namespace {

using sdk::Failure;
using sdk::FailureKind;
using sdk::FetchedSecret;

/// What is wrong with the answer, as the end of a sentence; nothing = usable.
using Complaint = std::optional<std::string>;

Complaint checkSize(char const* what, sdk::SecretBytes const& bytes) {
  if (bytes.size() <= maxValueBytes) return std::nullopt;
  return std::string(what) + " of " + std::to_string(bytes.size()) + " bytes, at most " +
         std::to_string(maxValueBytes) + " are taken";
}

Complaint checkText(char const* what, std::string const& text) {
  if (isPrintable(text, maxIdBytes)) return std::nullopt;
  return std::string(what) + " that is longer than " + std::to_string(maxIdBytes) +
         " bytes or not printable";
}

Complaint checkStages(std::vector<std::string> const& stages) {
  if (stages.size() > maxStages) {
    return std::to_string(stages.size()) + " stages, at most " + std::to_string(maxStages) +
           " are taken";
  }
  for (auto const& each : stages) {
    if (auto complaint = checkText("a stage", each)) return complaint;
  }
  return std::nullopt;
}

Complaint checkSecret(FetchedSecret const& secret) {
  if (auto complaint = checkSize("a value", secret.value)) return complaint;
  if (auto complaint = checkSize("an extended configuration", secret.extendedConfig)) {
    return complaint;
  }
  if (secret.dataType != sdk::DataType::text && secret.dataType != sdk::DataType::binary) {
    return "a data type that does not exist";
  }
  if (auto complaint = checkText("a version id", secret.versionId)) return complaint;
  if (auto complaint = checkText("a secret type", secret.secretType)) return complaint;
  if (auto complaint = checkText("a next rotation", secret.nextRotation)) return complaint;
  if (auto complaint = checkText("a rotation state", secret.rotationState)) return complaint;
  return checkStages(secret.stages);
}

Failure guardFailure(Failure failure, std::string const& name) {
  if (failure.kind > FailureKind::internal) failure.kind = FailureKind::internal;
  failure.code = printable(failure.code, maxIdBytes);
  failure.requestId = printable(failure.requestId, maxIdBytes);
  failure.message = printable(failure.message, maxMessageBytes);
  if (failure.message.empty()) {
    failure.message =
        "the backend gave no reason why it could not read " + printable(name, maxIdBytes);
  }
  failure.retryAfter = std::clamp(failure.retryAfter, sdk::Milliseconds{0}, maxRetryAfter);
  return failure;
}

}  // namespace

sdk::Result<FetchedSecret> guardResult(sdk::Result<FetchedSecret> result, std::string const& name) {
  if (!result.ok()) return guardFailure(std::move(result.failure()), name);
  auto& secret = result.value();
  // For support only: no reason to refuse a secret.
  secret.requestId = printable(secret.requestId, maxIdBytes);
  secret.serverDate = printable(secret.serverDate, maxIdBytes);
  auto const complaint = checkSecret(secret);
  if (!complaint) return result;
  return Failure{
      .kind = FailureKind::invalid_response,
      .message = "the backend answered for " + printable(name, maxIdBytes) + " with " + *complaint,
      .requestId = secret.requestId};
}

sdk::Result<sdk::ProbeReport> guardReport(sdk::Result<sdk::ProbeReport> result,
                                          sdk::ProbeRequest const& request) {
  if (!result.ok()) return guardFailure(std::move(result.failure()), "the store");
  auto& report = result.value();
  report.identity = printable(report.identity, maxIdBytes);
  report.note = printable(report.note, maxMessageBytes);
  std::erase_if(report.secrets, [&](sdk::ProbedSecret const& each) {
    return std::ranges::find(request.names, each.name) == request.names.end();
  });
  for (auto& each : report.secrets) {
    if (each.failure) each.failure = guardFailure(std::move(*each.failure), each.name);
  }
  return result;
}

}  // namespace kms_secretd::backends
