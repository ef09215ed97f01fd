// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

#include "alicloud/clock_offset.hpp"
#include "kms-instance-endpoint/client_key_protocol.hpp"
#include "kms-instance-endpoint/client_key_provider.hpp"
#include "kms-instance-endpoint/settings.hpp"
#include "kms-instance-endpoint/transports.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// Reads secrets of one KMS instance through its dedicated gateway, signed with the client key of
/// an application access point ("dkms-gcs-0.2", KMS protocol 5). Any number of threads.
class KmsInstanceEndpoint final : public sdk::Backend {
 public:
  /// Opens transport and secret sources, but connects to nothing and reads no secret. `host`
  /// outlives this object. Throws sdk::OptionError.
  KmsInstanceEndpoint(sdk::Options const& options, sdk::Host& host);

  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override;
  /// Asks the instance whether it takes the client key, and reads each secret, for the protocol
  /// knows no dry run; the values are dropped at once.
  sdk::Result<sdk::ProbeReport> probe(sdk::ProbeRequest const& request) noexcept override;
  bool lookAtCredentials() noexcept override;

 private:
  [[nodiscard]] CallTools tools() noexcept;

  Settings settings_;
  sdk::Clock const& clock_;
  std::string userAgent_;
  ClientKeyProvider keys_;
  Transports transports_;
  alicloud::ClockOffset clockOffset_;
};

}  // namespace kms_secretd::kms_instance_endpoint
