// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/probe.hpp"

#include <utility>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::kms_endpoint {
namespace {

void askWhoWeAre(alicloud::Auth const& auth, alicloud::Credential const& credential,
                 alicloud::CredentialRequest const& limits, sdk::ProbeReport& report) {
  try {
    auto const sts = auth.makeSts();
    if (!sts) {
      report.note = "STS was not asked who that is: give the store a region, or auth.sts.endpoint";
      return;
    }
    auto const identity = sts->callerIdentity(credential, limits);
    if (identity) {
      report.identity = identity.value().arn;
      report.clockOffset = sts->clockOffset();
    } else {
      report.note = identity.failure().message;
    }
  } catch (sdk::OptionError const& error) {
    report.note = error.what();
  }
}

}  // namespace

sdk::Result<sdk::ProbeReport> runProbe(CallTools const& tools, alicloud::Auth const& auth,
                                       sdk::ProbeRequest const& request) {
  alicloud::CredentialRequest const limits{.deadline = request.deadline,
                                           .cancellation = request.cancellation};
  auto const credential = tools.credentials.get(limits);
  if (!credential) return credential.failure();
  sdk::ProbeReport report{.expiresAt = credential.value()->life().expiresAt};
  if (request.wantsIdentity) askWhoWeAre(auth, *credential.value(), limits, report);
  for (auto const& name : request.names) {
    sdk::FetchRequest const fetch{
        .name = name, .deadline = request.deadline, .cancellation = request.cancellation};
    auto outcome = readSecret(tools, fetch);
    report.secrets.push_back({.name = name});
    if (!outcome) report.secrets.back().failure = std::move(outcome.failure());
  }
  return report;
}

}  // namespace kms_secretd::kms_endpoint
