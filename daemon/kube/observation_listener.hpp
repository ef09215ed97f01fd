// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/names.hpp"
#include "core/observed.hpp"

namespace kms_secretd::kube {

/// Hears of targets that are to be judged anew. Called on the watches' threads, several at once; it
/// must be quick. What the first list finds is not told: nothing was known to differ from.
class ObservationListener {
 public:
  virtual ~ObservationListener() = default;
  /// Something that decisions look at changed.
  virtual void onObserved(core::TargetId const& target, core::Observed const& observed) = 0;
  /// The object is gone, or has lost our label: where the watch is restricted to the label the two
  /// look alike. The store knows nothing of it now, so the next round tells them apart by its one
  /// GET (rules 3).
  virtual void onGone(core::TargetId const& target) = 0;
};

}  // namespace kms_secretd::kube
