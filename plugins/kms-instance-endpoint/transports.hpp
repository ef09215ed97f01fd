// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <kms-secretd/host.hpp>

#include "alicloud/guarded.hpp"
#include "kms-instance-endpoint/client_key.hpp"
#include "kms-instance-endpoint/settings.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// The connection pool to the instance. Where the client key's certificate is shown in the
/// handshake, each key needs a pool of its own; the pool of the key before goes with its last
/// request. Any thread.
class Transports {
 public:
  /// Opens the pool, unless it needs a key, which is not read before the first request. `settings`
  /// and `host` outlive this object. Throws sdk::OptionError.
  Transports(Settings const& settings, sdk::Host& host);

  /// The pool for requests signed with `key`. Fails with unauthenticated if the host does not take
  /// its certificate, or there is none to show.
  [[nodiscard]] sdk::Result<std::shared_ptr<sdk::Transport>> forKey(ClientKeyPtr const& key);

 private:
  struct Pool {
    ClientKeyPtr key{};  ///< null for the pool of all keys
    std::shared_ptr<sdk::Transport> transport{};
  };

  [[nodiscard]] sdk::Result<std::shared_ptr<sdk::Transport>> openFor(ClientKey const& key) const;

  Settings const& settings_;
  sdk::Host& host_;
  alicloud::Guarded<Pool> pool_{};
};

}  // namespace kms_secretd::kms_instance_endpoint
