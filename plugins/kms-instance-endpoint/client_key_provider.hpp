// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include <kms-secretd/host.hpp>

#include "alicloud/guarded.hpp"
#include "kms-instance-endpoint/client_key.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// Where the client key comes from: the console's file with its password, or a key in PEM with its
/// id. The sources of the way not taken are null.
struct ClientKeySources {
  std::unique_ptr<sdk::SecretSource> clientKey{};
  std::unique_ptr<sdk::SecretSource> password{};
  std::unique_ptr<sdk::SecretSource> privateKey{};
  std::string keyId{};  ///< of `privateKey`
};

/// The client key that somebody keeps in files, credentials or the environment. Every get() looks
/// whether a source changed, so a new client key is used at once (B20). A new reading that is
/// unusable, such as the new file before its new password, keeps the old key until the service
/// refuses that one. Any thread.
class ClientKeyProvider {
 public:
  /// `host` outlives this object and is told when the key ends.
  ClientKeyProvider(ClientKeySources sources, sdk::Host& host);

  /// The key to sign with now. `refused` is a key that the service has just refused, or null: the
  /// same object comes again if there is no newer one. Every failure is of kind unauthenticated: a
  /// key that does not exist must never look like a secret that does not exist.
  [[nodiscard]] sdk::Result<ClientKeyPtr> get(ClientKeyPtr const& refused);

 private:
  using Generations = std::array<std::uint64_t, 2>;
  struct Reading {
    Generations generations{};
    sdk::SecretBytes key{};
    sdk::SecretBytes password{};
  };
  struct State {
    ClientKeySources sources{};
    Generations generations{};  ///< of the last reading, usable or not
    ClientKeyPtr key{};         ///< null before the first usable reading
    std::string problem{};      ///< why the last reading is unusable; empty if it is not
  };

  static sdk::Result<Reading> readUntorn(State const& state);
  static sdk::Result<Reading> readOnce(State const& state);
  static void parse(State& state, Reading const& reading);
  sdk::Result<ClientKeyPtr> answer(State& state, ClientKeyPtr const& refused);

  sdk::Host& host_;
  alicloud::Guarded<State> state_;
};

}  // namespace kms_secretd::kms_instance_endpoint
