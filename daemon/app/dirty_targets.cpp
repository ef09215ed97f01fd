// SPDX-License-Identifier: Apache-2.0
#include "app/dirty_targets.hpp"

#include <utility>

namespace kms_secretd::app {

void DirtyTargets::add(core::TargetId const& target) {
  targets_.lock()->push_back(target);
  wake_.set();
}

std::vector<core::TargetId> DirtyTargets::take() {
  wake_.clear();
  return std::exchange(*targets_.lock(), {});
}

}  // namespace kms_secretd::app
