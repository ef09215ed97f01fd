// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fakes/kube_double/object.hpp"
#include "fakes/kube_double/ownership.hpp"
#include "fakes/kube_double/status.hpp"

namespace kms_secretd::fakes::kube {

/// Namespace and name of one Secret.
using Name = std::pair<std::string, std::string>;

/// A Secret that a request left behind.
struct Written {
  Secret secret{};
  bool created = false;
  bool deleted = false;  ///< nothing is left of it
};

/// One write request.
struct Write {
  Name name{};
  std::string body{};
  std::string manager{};
  bool force = false;
  bool dryRun = false;
};

/// What a DELETE demands.
struct DeletePreconditions {
  std::string uid{};
  std::string resourceVersion{};
};

/// One event of the watch: what became of a Secret.
struct Event {
  std::uint64_t revision = 0;
  std::optional<Secret> before{};
  std::optional<Secret> after{};
};

/// A page of a list, with where to go on.
struct Page {
  std::vector<Secret> items{};
  std::string resourceVersion{};
  std::string continueToken{};
};

/// What a list asks for; an empty namespace means all.
struct ListQuery {
  std::string namespaceName{};
  std::string labelName{};  ///< with labelValue: only Secrets with that label
  std::string labelValue{};
  std::string name{};  ///< fieldSelector metadata.name
  std::size_t limit = 0;
  std::string continueToken{};

  [[nodiscard]] bool selects(Secret const& secret) const;
};

/// The Secrets and namespaces of one cluster, in memory, with the semantics of kube-apiserver
/// 1.20.2. Thread-safe.
class Store {
 public:
  template <class T>
  using Result = std::variant<T, Status>;

  Store();

  Result<Secret> get(Name const& name) const;
  Result<Written> apply(Write const& write);
  Result<Written> create(Write const& write);
  Result<Written> replace(Write const& write);
  Result<Written> patch(Write const& write);
  Result<Written> remove(Name const& name, DeletePreconditions const& preconditions, bool dryRun);
  Result<Page> list(ListQuery const& query);

  /// Namespaces: phase "Active" or "Terminating"; a deleted one stays Terminating, as it does
  /// where no controller runs.
  Result<std::string> namespacePhase(std::string const& name) const;
  Result<std::string> createNamespace(std::string const& name);
  Result<std::string> deleteNamespace(std::string const& name);

  /// Waits until `deadline` for events after `revision`; none, some, or 410 where they are gone.
  Result<std::vector<Event>> eventsAfter(std::uint64_t revision,
                                         std::chrono::steady_clock::time_point deadline) const;
  [[nodiscard]] std::uint64_t revision() const;
  /// Forgets the events and list pages so far: watches and pages from before answer 410.
  void compact();
  /// Ends every wait now and from now on.
  void stop();
  [[nodiscard]] bool stopped() const;

 private:
  using Lock = std::unique_lock<std::mutex>;
  std::optional<Secret> find(Name const& name) const;
  std::optional<Status> whyNotCreated(Name const& name) const;
  Result<Written> checkAndCommit(Secret next, std::optional<Secret> const& live, bool dryRun);
  Written commit(Secret next, std::optional<Secret> const& live);
  void erase(Secret const& live);
  Page pageOf(std::vector<Secret> items, std::string const& resourceVersion, std::size_t limit);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<Name, Secret> secrets_;
  std::map<std::string, std::string> namespaces_;
  std::deque<Event> events_;
  std::uint64_t revision_ = 1;
  std::uint64_t compacted_ = 0;
  std::map<std::string, Page> pages_;
  bool stopped_ = false;
};

}  // namespace kms_secretd::fakes::kube
