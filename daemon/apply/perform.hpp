// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apply/kube_api.hpp"
#include "core/definition.hpp"
#include "core/kube_failure.hpp"
#include "core/observed.hpp"
#include "core/outcome.hpp"
#include "core/plan.hpp"
#include "core/record.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::apply {

/// A plan with all that it needs. The references outlive the call.
struct Performance {
  core::TargetDefinition const& definition;
  core::Rendered const& rendered;
  core::Plan const& plan;          ///< not of action refuse or hold
  core::Observed const& observed;  ///< what the plan was made for
  std::string instance = "default";
};

/// What was done.
struct Applied {
  core::OutcomeKind kind = core::OutcomeKind::unchanged;
  core::AppliedRecord record{};  ///< to remember
  core::Observed object{};       ///< the Secret as the server last answered it
  std::string note{};            ///< a sentence for the journal, without values; often empty
};

/// Performs exactly the plan against the API server, each answer as the write table says (rules 2),
/// and repeats nothing: a conflict is a failure that the scheduler brings round again. May be
/// called from several threads with one `api`.
[[nodiscard]] core::KubeResult<Applied> perform(Performance const& performance, KubeApi& api,
                                                KubeCall const& call);

}  // namespace kms_secretd::apply
