// SPDX-License-Identifier: Apache-2.0
#include "app/event_sender.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds requestTimeout = 5s;
// How long nothing is tried where the right is missing, and where the server does not answer.
constexpr sdk::Milliseconds quietWithoutRight = 10min;
constexpr sdk::Milliseconds quietWithoutAnswer = 10s;

std::string refusalOf(std::string const& namespaceName, core::KubeFailure const& failure) {
  auto text = "Kubernetes Events about the Secrets of namespace " + namespaceName +
              " are not written: " + failure.message;
  return text + ": " + failure.remedy + ", or set [kubernetes] events = false";
}

}  // namespace

EventSender::EventSender(EventSenderSettings settings) : settings_(std::move(settings)) {}

EventSender::~EventSender() { stop(); }

void EventSender::start() {
  thread_ = std::thread([this] { run(); });
}

void EventSender::stop() {
  {
    // Under the lock: between the thread's look and its wait the notice would be lost.
    auto const state = state_.lock();
    stop_.request();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void EventSender::offer(core::ClusterEvent const& event,
                        std::function<std::string()> const& words) {
  auto write = admit(event);
  if (!write) return;
  write->event.message = words();
  state_.lock()->waiting.push_back(*std::move(write));
  changed_.notify_all();
}

std::optional<core::ClusterEventWrite> EventSender::admit(core::ClusterEvent const& event) {
  auto state = state_.lock();
  bool const full = state->waiting.size() >= settings_.waiting;
  if (full || quiet(*state, event.about.namespaceName)) {
    ++state->counts.dropped;
    return std::nullopt;
  }
  auto write = state->series.admit(event, now());
  if (!write) ++state->counts.folded;
  return write;
}

void EventSender::drain(sdk::Milliseconds most) {
  auto state = state_.lock();
  state.waitUntil(changed_, std::chrono::steady_clock::now() + most,
                  [&] { return stop_.requested() || (state->waiting.empty() && !state->busy); });
}

EventCounts EventSender::counts() { return state_.lock()->counts; }

std::vector<EventSender::News> EventSender::takeNews() {
  return std::exchange(state_.lock()->news, {});
}

void EventSender::run() {
  while (!stop_.requested()) {
    {
      auto state = state_.lock();
      state.wait(changed_, [&] { return stop_.requested() || !state->waiting.empty(); });
    }
    work();
  }
}

void EventSender::work() {
  while (auto write = next()) {
    deliver(*std::move(write));
    state_.lock()->busy = false;
    changed_.notify_all();
  }
}

std::optional<core::ClusterEventWrite> EventSender::next() {
  auto state = state_.lock();
  if (stop_.requested() || state->waiting.empty()) return std::nullopt;
  auto write = std::move(state->waiting.front());
  state->waiting.pop_front();
  state->busy = true;
  return write;
}

// It may have become quiet while the write waited.
void EventSender::deliver(core::ClusterEventWrite write) {
  auto const isQuiet = quiet(*state_.lock(), write.event.about.namespaceName);
  if (isQuiet || !settings_.leads()) return lost(write);
  send(std::move(write));
}

void EventSender::send(core::ClusterEventWrite write) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto const result = settings_.write(
        write, {.deadline = settings_.clock->boot() + requestTimeout, .cancellation = &stop_});
    if (auto const* failure = std::get_if<core::KubeFailure>(&result)) {
      return failed(write, *failure);
    }
    if (std::get<bool>(result)) return written(write.event.about.namespaceName);
    // The server forgets Events after an hour; what was counted is not lost with it.
    write = state_.lock()->series.anew(std::move(write), now());
  }
}

void EventSender::written(std::string const& namespaceName) {
  state_.lock()->quietUntil.erase(namespaceName);
  saidNamespaces_.erase(namespaceName);
  count(&EventCounts::written);
}

void EventSender::lost(core::ClusterEventWrite const& write) {
  auto state = state_.lock();
  state->series.lost(write);
  ++state->counts.dropped;
}

void EventSender::failed(core::ClusterEventWrite const& write, core::KubeFailure const& failure) {
  lost(write);
  auto const boot = settings_.clock->boot();
  auto const& place = write.event.about.namespaceName;
  auto state = state_.lock();
  switch (failure.kind) {
    case core::KubeFailureKind::forbidden:
      state->quietUntil[place] = boot + quietWithoutRight;
      if (saidNamespaces_.insert(place).second) {
        state->news.push_back({report::EventId::events_refused, refusalOf(place, failure)});
      }
      return;
    case core::KubeFailureKind::throttled:
    case core::KubeFailureKind::unavailable:
    case core::KubeFailureKind::timed_out:
    case core::KubeFailureKind::unauthenticated:
      state->allQuietUntil = boot + std::max(failure.retryAfter, quietWithoutAnswer);
      return;
    default:
      return;  // of this one only
  }
}

bool EventSender::quiet(State const& state, std::string const& namespaceName) const {
  auto const boot = settings_.clock->boot();
  if (boot < state.allQuietUntil) return true;
  auto const at = state.quietUntil.find(namespaceName);
  return at != state.quietUntil.end() && boot < at->second;
}

report::Moment EventSender::now() const {
  return {.boot = settings_.clock->boot(), .wall = settings_.clock->wall()};
}

void EventSender::count(std::uint64_t EventCounts::*what) { ++(state_.lock()->counts.*what); }

}  // namespace kms_secretd::app
