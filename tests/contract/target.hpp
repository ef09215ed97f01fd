// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "apply/perform.hpp"
#include "cluster.hpp"
#include "core/definition.hpp"
#include "core/plan.hpp"
#include "core/record.hpp"
#include "unreliable_api.hpp"

namespace kms_secretd::contract {

/// How one round ended: the plan, and what came of it.
struct RoundEnd {
  core::Plan plan{};
  core::KubeResult<apply::Applied> result{core::KubeFailure{}};

  /// "healed (ownership_lost)", or "failure foreign", or "refused (contested)".
  [[nodiscard]] std::string text() const;
  /// The failure; a failed test if there is none.
  [[nodiscard]] core::KubeFailure const& failure() const;
};

/// One Secret that the daemon keeps, in a namespace of its own: observe, plan and apply as the
/// daemon does it, against the server of this run.
class Target {
 public:
  /// Makes the namespace unless `withNamespace` is false.
  explicit Target(bool withNamespace = true);

  core::TargetDefinition definition;
  std::map<std::string, std::string> values{{"password", "s3cret"}, {"user", "root"}};
  std::string instance = "default";
  core::AppliedRecord record;  ///< empty: as after a restart
  bool mayForce = true;
  std::string approved{};    ///< a held change that somebody approved
  bool presumed = false;     ///< the next rounds do not ask, and take the Secret for absent
  std::deque<Fate> fates{};  ///< of the applies of the next round; then used up

  /// Observes, decides and performs; `meanwhile` runs between observing and performing.
  RoundEnd round(std::function<void()> const& meanwhile = {});
  /// round() as text.
  std::string run(std::function<void()> const& meanwhile = {}) { return round(meanwhile).text(); }
  /// Forgets what was applied, as a restart does.
  void restart() { record = {}; }
  /// Takes a key out of the definition.
  void drop(std::string const& key);
  /// Lets the definition differ from what was applied.
  void redefine() { definition.hash = definition.hash + "+"; }

  [[nodiscard]] Place place() const { return {definition.id.namespaceName, definition.id.name}; }
  /// The Secret as it is, values included.
  [[nodiscard]] boost::json::value read() const { return cluster().admin().read(place()).body; }
  /// Its data, as "key=value key=value".
  [[nodiscard]] std::string data() const;
  /// Who holds its data keys.
  [[nodiscard]] std::string holders() const { return holdersOf(read()); }
  [[nodiscard]] std::string resourceVersion() const {
    return metadataOf(read(), "resourceVersion");
  }
  /// Bounds of one request.
  [[nodiscard]] apply::KubeCall call() const;
  /// A change that names the Secret as it is now.
  [[nodiscard]] apply::KeyChange change(std::vector<std::string> keys) const;

 private:
  [[nodiscard]] core::Rendered render() const;
};

}  // namespace kms_secretd::contract
