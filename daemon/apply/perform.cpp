// SPDX-License-Identifier: Apache-2.0
#include "apply/perform.hpp"

#include <utility>

#include "apply/steps.hpp"

namespace kms_secretd::apply {

Applied appliedAs(core::OutcomeKind kind, Performance const& performance, core::Observed object) {
  Applied applied;
  applied.kind = kind;
  applied.record.digest = performance.rendered.digest;
  applied.record.definitionHash = performance.definition.hash;
  applied.record.uid = object.uid;
  applied.record.resourceVersion = object.resourceVersion;
  applied.record.versions = performance.rendered.versions;
  applied.record.keys = performance.rendered.applied;
  applied.object = std::move(object);
  return applied;
}

core::KubeResult<Applied> perform(Performance const& performance, KubeApi& api,
                                  KubeCall const& call) {
  Stage const stage{performance, api, call};
  switch (performance.plan.action) {
    case core::Action::leave:
      return appliedAs(core::OutcomeKind::unchanged, performance, performance.observed);
    case core::Action::create:
      return create(stage);
    case core::Action::update:
    case core::Action::heal:
      return write(stage);
    case core::Action::adopt:
      return adopt(stage);
    case core::Action::recreate:
      return recreate(stage);
    case core::Action::withdraw:
      return withdrawClaim(stage);
    case core::Action::prune:
      return prune(stage);
    case core::Action::hold:
    case core::Action::refuse:
      break;
  }
  core::KubeFailure failure;
  failure.kind = core::KubeFailureKind::foreign;
  failure.message = "the plan refuses to write " + performance.definition.id.text();
  return failure;
}

}  // namespace kms_secretd::apply
