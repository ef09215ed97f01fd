// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include <kms-secretd/clock.hpp>

#include "apply/kube_api.hpp"
#include "core/kube_failure.hpp"
#include "core/observed.hpp"
#include "kube/connection.hpp"
#include "kube/watch_requests.hpp"

namespace kms_secretd::kube {

/// Takes one Secret of a list: its name and what its metadata says.
using SecretVisitor = std::function<void(std::string_view name, core::Observed const& observed)>;

/// Lists the metadata of Secrets once, in pages, without following them. Any thread; it does not
/// retry.
class SecretList {
 public:
  /// `connection` is shared with the client of the same cluster; `clock` outlives the list.
  SecretList(std::shared_ptr<Connection> connection, sdk::Clock const& clock)
      : connection_(std::move(connection)), clock_(clock) {}

  /// Hands every Secret of `scope` to `visitor`, one at a time: all at once would be large. What
  /// was handed out before a failure is not the whole list. `call.deadline` bounds each page.
  [[nodiscard]] core::KubeResult<bool> read(WatchScope const& scope, SecretVisitor const& visitor,
                                            apply::KubeCall const& call) const;

 private:
  std::shared_ptr<Connection> connection_;
  sdk::Clock const& clock_;
};

}  // namespace kms_secretd::kube
