// SPDX-License-Identifier: Apache-2.0
#include "app/plan_maker.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "app/plan_command.hpp"
#include "app/world_error.hpp"

namespace kms_secretd::app {
namespace {

// The other half stays with the rounds.
constexpr double shareOfRate = 0.5;

std::string joined(std::vector<std::string> const& lines) {
  std::string text;
  for (auto const& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

// The targets of `before` that `after` does not define.
std::vector<core::TargetId> goneFrom(core::Config const& before, core::Config const& after) {
  std::set<core::TargetId> stay;
  for (auto const& target : after.targets) stay.insert(target->id);
  std::vector<core::TargetId> gone;
  for (auto const& target : before.targets) {
    if (!stay.contains(target->id)) gone.push_back(target->id);
  }
  std::ranges::sort(gone);
  return gone;
}

}  // namespace

control::PlanReply PlanMaker::begin(control::PlanRequest const& request,
                                    core::Config const& inForce) {
  if (thread_.busy()) {
    return {.refusal = control::PlanRefusal::busy, .why = "a plan is under way; ask again later"};
  }
  try {
    return beginIn(build_(request.pending ? nullptr : &inForce), request, inForce);
  } catch (WorldError const& error) {
    return {.refusal = control::PlanRefusal::configuration_refused,
            .why = "the configuration would be refused: " + joined(error.problems())};
  } catch (std::system_error const& error) {
    return {.refusal = control::PlanRefusal::busy,
            .why = std::string("no plan can be made now: ") + error.what()};
  }
}

control::PlanReply PlanMaker::beginIn(std::shared_ptr<World> world,
                                      control::PlanRequest const& request,
                                      core::Config const& inForce) {
  auto wanted = definitionsFor(world->config(), request.targets);
  if (auto const* why = std::get_if<std::string>(&wanted)) {
    return {.refusal = control::PlanRefusal::unknown_target, .why = *why};
  }
  PlanFacts facts{.configuration = request.pending ? "on disk" : "in force"};
  if (request.pending && request.targets.empty()) facts.gone = goneFrom(inForce, world->config());
  auto plan = std::make_shared<control::PlanUnderWay>();
  thread_.begin(
      plan, [&clock = clock_, world = std::move(world), facts = std::move(facts),
             definitions = std::get<0>(std::move(wanted))](
                platform::EventCancellation const& ending, PlanThread::Spend const& spend) mutable {
        auto const all = foreseeAll(
            *world, definitions,
            {.clock = clock, .stop = ending, .shareOfRate = shareOfRate, .spend = spend});
        facts.wanted = definitions.size();
        return jsonText(all, facts);
      });
  return {.plan = std::move(plan)};
}

}  // namespace kms_secretd::app
