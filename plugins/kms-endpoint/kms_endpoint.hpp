// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

#include "alicloud/auth.hpp"
#include "alicloud/clock_offset.hpp"
#include "kms-endpoint/open_api.hpp"
#include "kms-endpoint/settings.hpp"

namespace kms_secretd::kms_endpoint {

/// Reads secrets through the KMS OpenAPI (2016-01-20) of the shared gateway or of an instance's
/// dedicated one, signed with an access key or an STS triple. Any number of threads.
class KmsEndpoint final : public sdk::Backend {
 public:
  /// Opens the transport and the secret sources, but connects to nothing and reads no secret.
  /// `host` outlives this object. Throws sdk::OptionError.
  KmsEndpoint(sdk::Options const& options, sdk::Host& host);

  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override;
  /// Asks STS who the store is, and KMS by DryRun what it may read.
  sdk::Result<sdk::ProbeReport> probe(sdk::ProbeRequest const& request) noexcept override;
  bool lookAtCredentials() noexcept override { return auth_.provider->lookAhead(); }

 private:
  [[nodiscard]] CallTools tools(bool dryRun) noexcept;

  alicloud::GatewaySettings settings_;
  sdk::Clock const& clock_;
  std::string userAgent_;
  alicloud::Auth auth_;
  std::unique_ptr<sdk::Transport> transport_;
  alicloud::ClockOffset clockOffset_;
};

}  // namespace kms_secretd::kms_endpoint
