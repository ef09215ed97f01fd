// SPDX-License-Identifier: Apache-2.0
#include "cycle/round.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "apply/perform.hpp"
#include "cycle/key_changes.hpp"
#include "cycle/rendered_digest.hpp"
#include "plan/decide.hpp"
#include "plan/limits.hpp"
#include "plan/reasons.hpp"
#include "transform/render.hpp"

namespace kms_secretd::cycle {
namespace {

using core::Outcome;
using core::OutcomeKind;

// One round on its way. Each step either hands on or ends the road with an outcome.
class Round {
 public:
  Round(core::Due const& due, Stages const& stages, sdk::Cancellation const* cancellation)
      : due_(due), stages_(stages), cancellation_(cancellation), definition_(*due.definition) {}

  // The product: fetch, transform, observe, plan, apply.
  Outcome run(std::function<void()> const& tellFetched) {
    if (auto const refusal = core::whyNotFed(stages_.policies, definition_))
      return notPermitted(*refusal);
    auto fetched = stages_.fetcher.fetch(definition_, cancellation_);
    if (auto* failure = std::get_if<core::FetchFailure>(&fetched)) return failed(*failure);
    if (tellFetched) tellFetched();

    auto const& sources = std::get<core::Fetched>(fetched);
    rotations_ = rotationsOf(sources);
    auto rendered = transform::render(definition_, sources);
    if (auto* failure = std::get_if<core::RenderFailure>(&rendered)) {
      return failed(withMissing(*failure, sources));
    }
    auto& data = std::get<core::Rendered>(rendered);
    if (auto why = plan::whyUnacceptable(definition_, data, !sources.missing.empty()))
      return failed(core::RenderFailure{*why});
    outcome_.notes = data.notes;
    data.digest = digestOf(definition_, data, stages_.digest);
    // An unchanged poll, which most rounds are, makes no prints anew.
    data.applied =
        due_.record.digest == data.digest ? due_.record.keys : printsOf(data, stages_.digest);

    auto observed = observe();
    if (auto* failure = std::get_if<core::KubeFailure>(&observed)) return failed(*failure);
    auto const& seen = std::get<core::Observed>(observed);
    uid_ = seen.uid;
    // A Secret may lose all its keys, but none is made without any.
    if (data.keys.empty() && !seen.exists) {
      return failed(
          core::FetchFailure{sources.missing.front().source, sources.missing.front().failure});
    }

    auto const plan = decide(data, seen);
    outcome_.planReason = plan.reason;
    outcome_.fixedForever = fixedForever(sources);
    if (plan.action == core::Action::leave) return unchanged(data, seen);
    if (plan.action == core::Action::hold) return held(plan);
    if (plan.action == core::Action::refuse) return refused(plan);
    return applied(plan, data, seen);
  }

 private:
  core::KubeResult<core::Observed> observe() {
    if (stages_.watched) {
      if (auto known = stages_.watched(definition_.id, due_.record)) return std::move(*known);
    }
    auto observed = stages_.kube.observe(definition_.id, call());
    auto const* const object = std::get_if<core::Observed>(&observed);
    if (object != nullptr && stages_.asked) stages_.asked(definition_.id, *object);
    return observed;
  }

  core::Plan decide(core::Rendered const& data, core::Observed const& seen) {
    return plan::decide({.definition = definition_,
                         .digest = data.digest,
                         .keys = data.keyNames(),
                         .observed = seen,
                         .record = due_.record,
                         .instance = stages_.instance,
                         .mayForce = due_.mayForce,
                         .approved = due_.approved});
  }

  Outcome applied(core::Plan const& plan, core::Rendered const& data, core::Observed const& seen) {
    auto result = apply::perform({.definition = definition_,
                                  .rendered = data,
                                  .plan = plan,
                                  .observed = seen,
                                  .instance = stages_.instance},
                                 stages_.kube, call());
    if (auto* failure = std::get_if<core::KubeFailure>(&result)) return failed(*failure);
    auto& done = std::get<apply::Applied>(result);
    outcome_.keyChanges = keyChangesOf({.definition = definition_,
                                        .rendered = data,
                                        .plan = plan,
                                        .observed = seen,
                                        .record = due_.record,
                                        .done = done,
                                        .instance = stages_.instance});
    outcome_.message = std::move(done.note);
    // Whoever changed a Secret of ours is to be named: that is what the admin goes after.
    auto const mended = plan.action == core::Action::heal || plan.action == core::Action::prune;
    if (mended && outcome_.message.empty()) {
      outcome_.message = plan.detail;
    }
    return ended(done.kind, std::move(done.record));
  }

  Outcome unchanged(core::Rendered const& data, core::Observed const& seen) {
    return ended(OutcomeKind::unchanged, record(data, seen));
  }

  Outcome refused(core::Plan const& plan) {
    auto const& text = plan::textOf(plan.reason);
    outcome_.message = text.meaning;
    if (!plan.detail.empty()) outcome_.message += " (" + plan.detail + ")";
    outcome_.remedy = text.remedy;
    return ended(OutcomeKind::refused, due_.record);
  }

  Outcome held(core::Plan const& plan) {
    auto const& text = plan::textOf(plan.reason);
    outcome_.held = {.approval = plan.approval, .drops = plan.droppedKeys};
    outcome_.message = std::string(text.meaning) + " (" + plan.detail + ")";
    outcome_.remedy = std::string(text.remedy) + ": kms-secretctl approve " +
                      definition_.id.text() + ", or approve = \"" + plan.approval +
                      "\" in its [[secret]]";
    return ended(OutcomeKind::held, due_.record);
  }

  // What is missing by permission may be why the rest makes no Secret.
  static core::RenderFailure withMissing(core::RenderFailure failure,
                                         core::Fetched const& sources) {
    for (auto const& missing : sources.missing) {
      failure.message += "; " + missing.source.text() + " does not exist in its store";
    }
    return failure;
  }

  // Load refuses such a definition: this is the second lock on the same door.
  Outcome notPermitted(core::FeedRefusal const& refusal) {
    outcome_.planReason = core::PlanReason::not_permitted;
    outcome_.message = refusal.what + ", says the policy at " + refusal.policy.text();
    outcome_.remedy = plan::textOf(core::PlanReason::not_permitted).remedy;
    return ended(OutcomeKind::refused, due_.record);
  }

  Outcome failed(core::FetchFailure const& failure) {
    outcome_.source = failure.source;
    outcome_.fetchFailure = failure.failure;
    return ended(stopping() ? OutcomeKind::cancelled : OutcomeKind::fetch_failed, due_.record);
  }

  Outcome failed(core::RenderFailure const& failure) {
    outcome_.message = failure.message;
    return ended(OutcomeKind::render_failed, due_.record);
  }

  Outcome failed(core::KubeFailure const& failure) {
    outcome_.kubeFailure = failure;
    auto record = due_.record;
    record.createUnsettled |= failure.createUnsettled;
    if (failure.kind == core::KubeFailureKind::cancelled) {
      return ended(OutcomeKind::cancelled, std::move(record));
    }
    auto const foreign = failure.kind == core::KubeFailureKind::foreign;
    if (!foreign) return ended(OutcomeKind::apply_failed, std::move(record));
    record.createUnsettled = false;
    outcome_.planReason = core::PlanReason::foreign;
    outcome_.message = failure.message;
    outcome_.remedy = failure.remedy;
    return ended(OutcomeKind::refused, std::move(record));
  }

  Outcome ended(OutcomeKind kind, core::AppliedRecord record) {
    outcome_.target = definition_.id;
    outcome_.kind = kind;
    outcome_.dueReason = due_.reason;
    outcome_.record = std::move(record);
    auto const& known = outcome_.record.uid;
    outcome_.uid = outcome_.inSync() ? known : uid_.value_or(known);
    if (outcome_.inSync()) rememberRotations();
    outcome_.duration = stages_.clock.boot() - startedAt_;
    return std::move(outcome_);
  }

  core::AppliedRecord record(core::Rendered const& data, core::Observed const& object) const {
    return {.digest = data.digest,
            .definitionHash = definition_.hash,
            .uid = object.uid,
            .resourceVersion = object.resourceVersion,
            .versions = data.versions,
            .keys = data.applied};
  }

  static std::vector<core::SourceRotation> rotationsOf(core::Fetched const& fetched) {
    std::vector<core::SourceRotation> rotations;
    for (auto const& each : fetched.sources) {
      core::SourceRotation rotation{.source = each.source,
                                    .next = core::parseRotationDate(each.secret->nextRotation),
                                    .broken = each.secret->rotationState == "Invalid"};
      if (rotation.next || rotation.broken) rotations.push_back(std::move(rotation));
    }
    return rotations;
  }

  // The schedule knows no calendar: it is told how far away the dates are.
  void rememberRotations() {
    auto const now = stages_.clock.wall();
    for (auto const& rotation : rotations_) {
      if (rotation.next && !rotation.broken) {
        outcome_.untilRotations.push_back(*rotation.next - now);
      }
    }
    outcome_.record.rotations = std::move(rotations_);
  }

  // A pinned version of a generic secret never changes; managed types ignore the pin (rules 4).
  bool fixedForever(core::Fetched const& fetched) const {
    return fetched.missing.empty() &&
           std::ranges::all_of(fetched.sources, [](core::FetchedSource const& each) {
             return each.source.pinned() && each.secret->secretType == "Generic" &&
                    each.secret->versionId == each.source.versionId;
           });
  }

  apply::KubeCall call() {
    return {.deadline = stages_.clock.boot() + stages_.kubeTimeout,
            .cancellation = cancellation_,
            .requests = &outcome_.kubeRequests};
  }
  bool stopping() const { return cancellation_ != nullptr && cancellation_->requested(); }

  core::Due const& due_;
  Stages const& stages_;
  sdk::Cancellation const* cancellation_;
  core::TargetDefinition const& definition_;
  sdk::BootTime startedAt_ = stages_.clock.boot();
  std::vector<core::SourceRotation> rotations_{};
  std::optional<std::string> uid_{};  // as observed; empty = there was no Secret
  Outcome outcome_;
};

}  // namespace

Outcome runRound(core::Due const& due, Stages const& stages, sdk::Cancellation const* cancellation,
                 std::function<void()> const& fetched) {
  return Round(due, stages, cancellation).run(fetched);
}

}  // namespace kms_secretd::cycle
