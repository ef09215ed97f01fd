// SPDX-License-Identifier: Apache-2.0
#include "control/routes.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

#include "control/metrics_text.hpp"
#include "control/view_json.hpp"

namespace kms_secretd::control {
namespace {

namespace json = boost::json;

constexpr std::string_view targetsPrefix = "/v1/targets/";

HttpReply jsonReply(json::object const& object, int status = 200) {
  return {.status = status, .body = json::serialize(object) + "\n"};
}

HttpReply textReply(int status, std::string text) {
  return {.status = status, .contentType = "text/plain; charset=utf-8", .body = std::move(text)};
}

HttpReply noAnswer() {
  return errorReply(503, "the main loop does not answer; it may be busy, starting or stopping");
}

struct ReadSync {
  std::optional<SyncRequest> request{};
  std::string mistake{};
};

// {"target": "ns/name"}, {"store": "s"} or {"all": true}: exactly one, so that a slip never syncs
// more than was meant.
ReadSync readSync(std::string const& body) {
  boost::system::error_code error;
  auto const value = json::parse(body, error, {}, {.max_depth = 4});
  auto const* object = error ? nullptr : value.if_object();
  if (object == nullptr || object->size() != 1) {
    return {.mistake = R"(the body must be {"target": "NAMESPACE/NAME"}, {"store": "NAME"} or )"
                       R"({"all": true})"};
  }
  auto const& [key, wanted] = *object->begin();
  if (key == "all" && wanted.is_bool() && wanted.get_bool()) return {.request = SyncRequest{}};
  auto const* text = wanted.if_string();
  if (key == "store" && text != nullptr) {
    return {.request = SyncRequest{.store = std::string(*text)}};
  }
  auto target = key == "target" && text != nullptr ? core::TargetId::from(*text) : std::nullopt;
  if (!target) return {.mistake = "it is not one of target, store and all, or not as they must be"};
  return {.request = SyncRequest{.target = std::move(target)}};
}

// {"target": "ns/name", "change": "a1b2c3d4"} or {"deletions": true, "change": "..."}: with the
// name of the change, so that only what was seen is approved.
std::optional<ApproveRequest> readApprove(std::string const& body) {
  boost::system::error_code error;
  auto const value = json::parse(body, error, {}, {.max_depth = 4});
  auto const* object = error ? nullptr : value.if_object();
  auto const* change = object == nullptr ? nullptr : object->if_contains("change");
  if (change == nullptr || !change->is_string() || object->size() != 2) return std::nullopt;
  ApproveRequest request{.change = std::string(change->get_string())};
  auto const* deletions = object->if_contains("deletions");
  if (deletions != nullptr && deletions->is_bool() && deletions->get_bool()) return request;
  auto const* target = object->if_contains("target");
  if (target == nullptr || !target->is_string()) return std::nullopt;
  request.target = core::TargetId::from(target->get_string());
  return request.target ? std::optional(request) : std::nullopt;
}

constexpr std::int64_t longestPlanSeconds = 3'600;

struct ReadPlan {
  PlanRequest request{};
  std::int64_t seconds = 600;
};

bool addTargets(json::value const& value, PlanRequest& request) {
  auto const* names = value.if_array();
  if (names == nullptr) return false;
  for (auto const& name : *names) {
    if (!name.is_string() || !core::TargetId::from(name.get_string())) return false;
    request.targets.emplace_back(name.get_string());
  }
  return true;
}

bool readPlanMember(std::string_view key, json::value const& value, ReadPlan& read) {
  if (key == "targets") return addTargets(value, read.request);
  if (key == "pending" && value.is_bool()) {
    read.request.pending = value.get_bool();
    return true;
  }
  auto const* seconds = key == "timeout_seconds" ? value.if_int64() : nullptr;
  if (seconds == nullptr || *seconds < 1 || *seconds > longestPlanSeconds) return false;
  read.seconds = *seconds;
  return true;
}

// {"targets": ["ns/name"], "pending": true, "timeout_seconds": 600}, each of which may be left out.
std::optional<ReadPlan> readPlan(std::string const& body) {
  boost::system::error_code error;
  auto const value = json::parse(body, error, {}, {.max_depth = 4});
  auto const* object = error ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  ReadPlan read;
  for (auto const& [key, wanted] : *object) {
    if (!readPlanMember(key, wanted, read)) return std::nullopt;
  }
  return read;
}

int statusOf(PlanRefusal refusal) {
  switch (refusal) {
    case PlanRefusal::unknown_target:
      return 404;
    case PlanRefusal::configuration_refused:
      return 422;
    default:
      return 409;
  }
}

bool isAddress(std::string_view host) {
  if (host.starts_with('[')) return host.ends_with(']');
  return !host.empty() &&
         std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

std::string_view withoutPort(std::string_view host) {
  auto const colon = host.rfind(':');
  auto const bracket = host.rfind(']');
  if (colon == std::string_view::npos) return host;
  if (bracket != std::string_view::npos && bracket > colon) return host;
  return host.substr(0, colon);
}

}  // namespace

bool hostAllowed(std::string_view host, std::string_view ownName) {
  auto const name = withoutPort(host);
  return isAddress(name) || name == "localhost" || (!ownName.empty() && name == ownName);
}

HttpReply Routes::answer(HttpRequest const& request, Entrance entrance) {
  if (entrance == Entrance::metrics && !hostAllowed(request.host, ownName_)) {
    return errorReply(421, "the Host header names neither an address nor this machine");
  }
  if (auto reply = answerBoth(request)) return *std::move(reply);
  if (entrance == Entrance::metrics) {
    return errorReply(404, "here are /metrics, /healthz and /readyz; the rest is on the socket");
  }
  if (request.path == "/v1/sync") return answerSync(request);
  if (request.path == "/v1/approve") return answerApprove(request);
  if (request.path == "/v1/plan") return errorReply(405, "only POST is taken here");
  if (request.method != "GET") return errorReply(405, "only GET is taken here");
  return answerGet(request.path);
}

std::optional<HttpReply> Routes::answerBoth(HttpRequest const& request) {
  using Answer = HttpReply (Routes::*)();
  constexpr std::pair<std::string_view, Answer> pages[]{{"/healthz", &Routes::health},
                                                        {"/readyz", &Routes::readiness},
                                                        {"/metrics", &Routes::metrics}};
  for (auto const& [path, page] : pages) {
    if (request.path != path) continue;
    if (request.method != "GET") return errorReply(405, "only GET is taken here");
    return (this->*page)();
  }
  return std::nullopt;
}

HttpReply Routes::answerGet(std::string const& path) {
  if (path.starts_with(targetsPrefix)) {
    return answerTarget(std::string_view(path).substr(targetsPrefix.size()));
  }
  auto const isStatus = path == "/v1/status";
  if (!isStatus && path != "/v1/targets") return errorReply(404, "there is no such page");
  auto const snapshot = desk_.snapshot(patience_);
  if (!snapshot) return noAnswer();
  return jsonReply(isStatus ? statusJson(*snapshot) : targetsJson(*snapshot));
}

HttpReply Routes::answerTarget(std::string_view name) {
  auto const wanted = core::TargetId::from(name);
  if (!wanted) return errorReply(404, "a target is named [CLUSTER:]NAMESPACE/NAME");
  auto const snapshot = desk_.snapshot(patience_);
  if (!snapshot) return noAnswer();
  auto const at = std::ranges::find(snapshot->targets, *wanted, &TargetView::id);
  if (at == snapshot->targets.end()) {
    return errorReply(404, "the configuration defines no secret " + wanted->text());
  }
  return jsonReply(targetJson(*at));
}

HttpReply Routes::answerSync(HttpRequest const& request) {
  if (request.method != "POST") return errorReply(405, "only POST is taken here");
  auto read = readSync(request.body);
  if (!read.request) return errorReply(400, read.mistake);
  auto const all = !read.request->target && !read.request->store;
  auto const reply = desk_.sync(std::move(*read.request), patience_);
  if (!reply) return noAnswer();
  auto const allElsewhere = !reply->notHere.empty() && reply->promised.empty();
  if (allElsewhere) return errorReply(409, reply->notHere);
  if (reply->promised.empty() && !all) {
    return errorReply(404, "the configuration defines no such secret or store");
  }
  return jsonReply(syncJson(*reply), 202);
}

HttpReply Routes::answerApprove(HttpRequest const& request) {
  if (request.method != "POST") return errorReply(405, "only POST is taken here");
  auto const read = readApprove(request.body);
  if (!read) {
    return errorReply(400, R"(the body must be {"target": "NAMESPACE/NAME", "change": "..."} or )"
                           R"({"deletions": true, "change": "..."})");
  }
  auto const reply = desk_.approve(*read, patience_);
  if (!reply) return noAnswer();
  if (!reply->notHere.empty()) return errorReply(409, reply->notHere);
  if (!reply->approved) return errorReply(404, reply->why);
  return jsonReply({{"approved", read->change}}, 202);
}

bool Routes::asksForPlan(HttpRequest const& request, Entrance entrance) {
  return entrance == Entrance::socket && request.path == "/v1/plan" && request.method == "POST";
}

std::variant<HttpReply, PlanBegun> Routes::beginPlan(HttpRequest const& request) {
  auto read = readPlan(request.body);
  if (!read) {
    return errorReply(400, R"(the body must be an object of "targets": ["NAMESPACE/NAME"], )"
                           R"("pending": true or false and "timeout_seconds": 1 to 3600, )"
                           R"(each of which may be left out)");
  }
  auto reply = desk_.plan(std::move(read->request), patience_);
  if (!reply) return noAnswer();
  if (!reply->plan) return errorReply(statusOf(reply->refusal), reply->why);
  return PlanBegun{.plan = std::move(reply->plan), .longest = std::chrono::seconds(read->seconds)};
}

HttpReply Routes::health() {
  auto const snapshot = desk_.snapshot(patience_);
  if (!snapshot) return textReply(503, "the main loop does not answer\n");
  if (!snapshot->trouble.empty()) return textReply(503, snapshot->trouble + "\n");
  return textReply(200, "ok\n");
}

HttpReply Routes::readiness() {
  auto const snapshot = desk_.snapshot(patience_);
  if (!snapshot) return textReply(503, "the main loop does not answer\n");
  std::string text;
  for (auto const& reason : notReadyReasons(*snapshot)) text += reason + "\n";
  return text.empty() ? textReply(200, "ok\n") : textReply(503, std::move(text));
}

HttpReply Routes::metrics() {
  auto const snapshot = desk_.snapshot(patience_);
  if (!snapshot) return noAnswer();
  return {.status = 200, .contentType = metricsType, .body = metricsText(*snapshot)};
}

}  // namespace kms_secretd::control
