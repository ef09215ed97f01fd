// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
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

/// The client key that somebody keeps in files, credentials or the environment. Every get() and
/// look() looks at the sources, so a new client key is used at once (B20). A new reading that is
/// unusable keeps the old key, until the service refuses that one, and is told the admin at once;
/// only where one of the two files has changed and the other not yet, the other is waited for a few
/// seconds. Any thread.
class ClientKeyProvider {
 public:
  /// `host` outlives this object and is told when the key ends.
  ClientKeyProvider(ClientKeySources sources, sdk::Host& host);

  /// The key to sign with now. `refused` is a key that the service has just refused, or null: the
  /// same object comes again if there is no newer one. Every failure is of kind unauthenticated: a
  /// key that does not exist must never look like a secret that does not exist.
  [[nodiscard]] sdk::Result<ClientKeyPtr> get(ClientKeyPtr const& refused);

  /// Reads the sources ahead of any get() and tells the host what there is to tell. True if the key
  /// in use is another than at the last look.
  [[nodiscard]] bool look();

 private:
  using Generations = std::array<std::uint64_t, 2>;
  struct Reading {
    Generations generations{};
    sdk::SecretBytes key{};
    sdk::SecretBytes password{};
  };
  struct State {
    ClientKeySources sources{};
    std::optional<Generations> read{};  ///< of the last reading; nothing where it failed
    Generations used{};                 ///< of the key in use
    ClientKeyPtr key{};                 ///< in use; null before the first usable reading
    ClientKeyPtr ended{};               ///< newer than `key`, but its certificate has ended
    std::string problem{};              ///< why the last reading is unusable; empty if it is not
    sdk::BootTime changedAt{};          ///< when the last reading was first seen
    std::string said{};                 ///< the notice that stands; empty if all is well
    ClientKeyPtr looked{};              ///< in use at the last look
  };

  static sdk::Result<Reading> readUntorn(State const& state);
  static sdk::Result<Reading> readOnce(State const& state);
  static bool unchanged(State const& state);
  void update(State& state);
  void parse(State& state, Reading const& reading);
  void use(State& state, ClientKeyPtr key);
  [[nodiscard]] bool hasEnded(ClientKey const& key) const;
  [[nodiscard]] bool halfWritten(State const& state) const;
  void say(State& state) const;
  sdk::Result<ClientKeyPtr> answer(State& state, ClientKeyPtr const& refused);

  sdk::Host& host_;
  alicloud::Guarded<State> state_;
};

}  // namespace kms_secretd::kms_instance_endpoint
