// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition.hpp"
#include "core/names.hpp"
#include "core/observed.hpp"
#include "kube/observed_codec.hpp"
#include "platform/guarded.hpp"

namespace kms_secretd::kube {

/// What a new observation changed.
enum class Change {
  none,     ///< nothing, or only the resourceVersion: recorded, no more
  changed,  ///< something that decisions look at, or the first that is known of the target
};

/// What the watch knows of each configured target, in a few hundred bytes each, and less of each
/// stray, a Secret with our label that is no target; of other objects nothing is kept, so that
/// memory does not grow with the cluster. Kept are our marks, what each manager holds of what we
/// declare, and who holds which data keys; other labels and annotations are dropped, for they may
/// hold anything, values included. Any thread.
class ObservedStore {
 public:
  /// Knows nothing of any of `targets` yet; `fieldManager` is ours, `instance` what our label says.
  ObservedStore(std::vector<std::shared_ptr<core::TargetDefinition const>> const& targets,
                std::string fieldManager, std::string instance = "default");

  /// What is known of a target; nothing = ask the API server.
  [[nodiscard]] std::optional<core::Observed> find(core::TargetId const& target);
  /// The resourceVersion of what find() would tell, at much less cost.
  [[nodiscard]] std::optional<std::string> versionOf(core::TargetId const& target);
  /// True the first time that it is asked of a target of which nothing is known and that we alone
  /// may make: then a round may take it for absent without asking, for its create finds out.
  [[nodiscard]] bool presumeAbsent(core::TargetId const& target);
  /// True if that is the name of a target.
  [[nodiscard]] bool isTarget(std::string_view namespaceName, std::string_view name);
  /// Records an event or a reply. One older than what is known (by resourceVersion) is dropped.
  Change record(core::TargetId const& target, core::Observed const& observed);
  /// Records an element of a list, which is right whatever is known.
  Change recordListed(core::TargetId const& target, core::Observed const& observed);
  /// Knows nothing of the target from now on. True if something was known of an object there.
  bool forget(core::TargetId const& target);
  /// What our label says.
  [[nodiscard]] std::string const& instance() const noexcept { return instance_; }
  /// Records a stray.
  void recordStray(std::string_view namespaceName, std::string_view name,
                   core::Observed const& observed);
  /// It is gone, or carries our label no longer.
  void forgetStray(std::string_view namespaceName, std::string_view name);
  /// Forgets the strays of a namespace that are not among `names`.
  void keepStrays(std::string_view namespaceName, std::set<std::string, std::less<>> const& names);
  /// Hands every Secret of a namespace that carries our label to `visitor`: targets and strays. The
  /// visitor must not call the store.
  void visitOurs(std::string_view namespaceName,
                 std::function<void(std::string_view name, core::Observed const&)> const& visitor);
  /// The targets in a namespace, sorted by name.
  [[nodiscard]] std::vector<core::TargetId> targetsIn(std::string const& namespaceName);
  /// Hands every target of which something is known to `visitor`, one at a time: all of them at
  /// once would be large. The visitor must not call the store.
  void visit(
      std::function<void(core::TargetDefinition const&, core::Observed const&)> const& visitor);
  /// Of how many targets something is known.
  [[nodiscard]] std::size_t known();

 private:
  struct Slot {
    std::shared_ptr<core::TargetDefinition const> definition{};  ///< shared with the configuration
    std::string resourceVersion{};
    std::string packed{};   ///< empty = nothing is known
    bool presumed = false;  ///< was taken for absent once; from then on the server is asked
  };
  struct Stray {
    std::string resourceVersion{};
    std::string packed{};
  };
  using Strays = std::map<std::string, Stray, std::less<>>;  ///< by name
  struct Records {
    std::map<std::string, std::vector<Slot>, std::less<>> namespaces{};  ///< sorted by name
    std::map<std::string, Strays, std::less<>> strays{};                 ///< by namespace
    NameTable names{};

    [[nodiscard]] Slot* find(std::string_view namespaceName, std::string_view name);
  };
  Change put(Slot& slot, core::Observed const& observed, NameTable& names) const;

  std::string const fieldManager_;
  std::string const instance_;
  platform::Guarded<Records> records_;
};

/// True if the API server gave `a` before `b`. Versions that are not numbers are never older: then
/// the order of arrival counts.
[[nodiscard]] bool olderVersion(std::string_view a, std::string_view b) noexcept;

}  // namespace kms_secretd::kube
