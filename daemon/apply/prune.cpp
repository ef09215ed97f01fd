// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "apply/steps.hpp"
#include "core/marks.hpp"

namespace kms_secretd::apply {

core::KubeResult<Applied> prune(Stage const& stage) {
  auto const& performance = stage.performance;
  KeyChange change;
  change.target = performance.definition.id;
  change.uid = performance.plan.uid;
  change.resourceVersion = performance.plan.resourceVersion;
  change.fieldManager = core::marks::fieldManager(performance.instance);
  change.keys = performance.plan.foreignKeys;
  auto removed = stage.api.removeKeys(change, stage.call);
  if (auto* failure = std::get_if<core::KubeFailure>(&removed)) return std::move(*failure);
  auto object = std::get<core::Observed>(std::move(removed));
  object.type = performance.definition.type;
  return appliedAs(core::OutcomeKind::healed, performance, std::move(object));
}

}  // namespace kms_secretd::apply
