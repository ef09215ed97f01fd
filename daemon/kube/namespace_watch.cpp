// SPDX-License-Identifier: Apache-2.0
#include "kube/namespace_watch.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <utility>

#include "kube/json_items.hpp"
#include "kube/reply_sink.hpp"
#include "kube/status_error.hpp"

namespace kms_secretd::kube {
namespace {

using namespace std::chrono_literals;

constexpr auto watchLifetime = 5min;
// Servers send a bookmark a minute (seen on 1.20.2): two missed ones are a hung connection.
constexpr sdk::Milliseconds watchIdle = 130s;
constexpr sdk::Milliseconds listIdle = 15s;
constexpr sdk::Milliseconds longestPause = 30s;
constexpr sdk::Milliseconds forbiddenPause = 5min;  // rules 5
constexpr sdk::Milliseconds tooShort = 5s;
constexpr int maxPages = 20'000;
constexpr int gone = 410;

bool forgotten(Status const& status) {
  return status.code == gone || status.hasCause("ResourceVersionTooLarge");
}

core::KubeFailure notMetadata(Asked const& asked) {
  auto failure = unreadable(200, asked);
  failure.message += " (or an object of it is too large)";
  return failure;
}

// Spreads the watches of many namespaces, and of many daemons, without a random number.
sdk::Milliseconds spread(std::string const& text, unsigned salt, sdk::Milliseconds over) {
  auto const hash = std::hash<std::string>{}(text + std::to_string(salt));
  return sdk::Milliseconds(static_cast<sdk::Milliseconds::rep>(hash % 1024) * over.count() / 1024);
}

}  // namespace

/// How one exchange ended.
struct NamespaceWatch::End {
  std::optional<core::KubeFailure> failure{};
  bool expired = false;  ///< 410: the place to go on from is forgotten
};

NamespaceWatch::NamespaceWatch(WatchScope scope, WatchContext context)
    : scope_(std::move(scope)), context_(context) {
  state_.lock()->namespaceName = scope_.namespaceName;
}

WatchState NamespaceWatch::state() { return *state_.lock(); }

sdk::Milliseconds NamespaceWatch::step() {
  if (context_.cancellation.requested()) return 0ms;
  return resumeFrom_.empty() ? list() : follow();
}

WatchTarget NamespaceWatch::target() const {
  return {.cluster = context_.connection.cluster().name,
          .namespaceName = scope_.namespaceName,
          .restricted = !scope_.labelSelector.empty(),
          .store = context_.store,
          .listener = context_.listener};
}

// An idle watch is no failure: it is taken up again where it stood.
NamespaceWatch::End NamespaceWatch::exchange(sdk::HttpRequest&& request, char const* verb,
                                             JsonItems& items) {
  auto way = context_.connection.way();
  request.target.insert(0, way.pathPrefix);
  std::ranges::move(way.headers, std::back_inserter(request.headers));
  request.deadline = context_.clock.boot() + context_.connection.cluster().timeout;
  request.cancellation = &context_.cancellation;
  Asked const asked{.verb = verb, .namespaceName = scope_.namespaceName};
  bool const watching = asked.verb == "watch";
  ReplySink sink(items, [&] {
    if (watching) state_.lock()->problem.clear();
  });
  auto const end = way.transport->stream(request, watching ? watchIdle : listIdle, sink);
  auto const& response = sink.response();
  if (response.status == 401) context_.connection.expectChange();
  if (response.status == gone) return {.failure = {}, .expired = true};
  if (!end) {
    bool const idle = end.failure().kind == sdk::FailureKind::timed_out && response.status == 200;
    if (idle && watching) return {};
    return {.failure = failureOf(end.failure(), asked, {.cancellation = &context_.cancellation})};
  }
  if (response.status != 200) {
    return {.failure = failureOf(response, {.asked = asked, .now = context_.clock.wall()})};
  }
  if (sink.refused() || !items.whole()) return {.failure = notMetadata(asked)};
  return {};
}

std::optional<core::KubeFailure> NamespaceWatch::readPages(ListSink& pages, bool& expired) {
  for (int page = 0; page < maxPages; ++page) {
    auto request = listRequest(scope_, pages.continueToken());
    pages.beginPage();
    JsonItems items(JsonItems::Shape::list, pages);
    auto end = exchange(std::move(request), "list", items);
    expired = end.expired;
    if (end.failure || expired || pages.continueToken().empty()) return std::move(end.failure);
  }
  return unreadable(200, {.verb = "list", .namespaceName = scope_.namespaceName});
}

sdk::Milliseconds NamespaceWatch::list() {
  ListSink pages(target(), state_.lock()->listed);
  bool expired = false;
  auto failure = readPages(pages, expired);
  if (!failure && !expired && pages.version().empty()) {
    failure = unreadable(200, {.verb = "list", .namespaceName = scope_.namespaceName});
  }
  if (failure) return failed(*failure);
  if (expired) return listAgain();
  settle(pages);
  resumeFrom_ = pages.version();
  auto state = state_.lock();
  state->attempted = state->listed = true;
  state->problem.clear();
  return 0ms;
}

// What the list does not hold is gone, or has never been there.
void NamespaceWatch::settle(ListSink const& list) {
  bool const restricted = !scope_.labelSelector.empty();
  context_.store.keepStrays(scope_.namespaceName, list.seen());
  for (auto const& id : context_.store.targetsIn(scope_.namespaceName)) {
    if (list.seen().contains(id.name)) continue;
    bool const wasThere = context_.store.forget(id);
    if (!restricted) context_.store.recordListed(id, core::Observed{});
    if (wasThere) context_.listener.onGone(id);
  }
}

sdk::Milliseconds NamespaceWatch::follow() {
  EventSink events(target(), resumeFrom_);
  JsonItems items(JsonItems::Shape::stream, events);
  auto const begin = context_.clock.boot();
  auto const lifetime = watchLifetime + spread(scope_.namespaceName, 0, 1min);
  auto const end = exchange(watchRequest(scope_, resumeFrom_, lifetime), "watch", items);
  resumeFrom_ = events.version();
  if (events.progressed()) failures_ = 0;
  if (end.expired || (events.error() && forgotten(*events.error()))) return listAgain();
  if (events.error()) {
    Asked const asked{.verb = "watch", .namespaceName = scope_.namespaceName};
    return failed(failureOf(*events.error(), {.asked = asked, .now = context_.clock.wall()}));
  }
  if (end.failure) return failed(*end.failure);
  return ended(events, context_.clock.boot() - begin);
}

// A watch in which nothing came, not even a bookmark, may stand at a version that the server does
// not know (etcd restored from a backup): only a list tells.
sdk::Milliseconds NamespaceWatch::ended(EventSink const& events, sdk::Milliseconds lasted) {
  if (!events.progressed()) resumeFrom_.clear();
  if (lasted >= tooShort) {
    failures_ = 0;
    return 0ms;
  }
  ++failures_;
  return pause();
}

// At once the first time; a server that forgets again and again is not pressed.
sdk::Milliseconds NamespaceWatch::listAgain() {
  resumeFrom_.clear();
  auto const wait = failures_ == 0 ? 0ms : pause();
  ++failures_;
  return wait;
}

sdk::Milliseconds NamespaceWatch::failed(core::KubeFailure const& failure) {
  ++failures_;
  auto state = state_.lock();
  state->attempted = true;
  if (failure.kind == core::KubeFailureKind::cancelled) return 0ms;
  state->problem = failure.message + "; " + failure.remedy;
  if (failure.kind == core::KubeFailureKind::forbidden) {
    state->problem += "; or set observe = \"poll\"";
    return forbiddenPause;
  }
  return std::max(pause(), failure.retryAfter);
}

// 1, 2, 4 ... 30 s, and up to a quarter more.
sdk::Milliseconds NamespaceWatch::pause() const {
  auto const doublings = std::min(std::max(failures_, 1U) - 1U, 5U);
  auto const base = std::min<sdk::Milliseconds>(1s * (1U << doublings), longestPause);
  return base + spread(scope_.namespaceName, failures_, base / 4);
}

}  // namespace kms_secretd::kube
