// SPDX-License-Identifier: Apache-2.0
#include "platform/connection_pool.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace kms_secretd::platform {
namespace {

using namespace std::chrono_literals;

// Below the 90 s after which Go servers (kube-apiserver) close an idle connection.
constexpr sdk::Milliseconds maxIdleTime = 75s;
// As many as one store may have in flight by default; more would only wait to be closed.
constexpr std::size_t maxIdle = 16;

}  // namespace

std::vector<ConnectionPool::Idle> ConnectionPool::expired(std::vector<Idle>& idle) const {
  auto const oldest = clock_.boot() - maxIdleTime;
  if (idle.empty() || idle.front().since >= oldest) return {};
  auto const fresh =
      std::ranges::find_if(idle, [&](Idle const& each) { return each.since >= oldest; });
  std::vector<Idle> old(std::make_move_iterator(idle.begin()), std::make_move_iterator(fresh));
  idle.erase(idle.begin(), fresh);
  return old;
}

std::unique_ptr<Connection> ConnectionPool::pop() {
  std::vector<Idle> old;  // closed outside the lock
  auto idle = idle_.lock();
  old = expired(*idle);
  if (idle->empty()) return nullptr;
  auto connection = std::move(idle->back().connection);
  idle->pop_back();
  return connection;
}

std::unique_ptr<Connection> ConnectionPool::take() {
  while (auto connection = pop()) {
    if (connection->stillQuiet()) return connection;
  }
  return nullptr;
}

void ConnectionPool::give(std::unique_ptr<Connection> connection) {
  Idle displaced;  // closed outside the lock
  auto idle = idle_.lock();
  if (idle->size() == maxIdle) {
    displaced = std::move(idle->front());
    idle->erase(idle->begin());
  }
  idle->push_back({std::move(connection), clock_.boot()});
}

}  // namespace kms_secretd::platform
