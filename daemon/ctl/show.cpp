// SPDX-License-Identifier: Apache-2.0
#include "ctl/show.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <ctime>
#include <optional>
#include <vector>

#include "core/names.hpp"

namespace kms_secretd::ctl {

namespace json = boost::json;

json::object const& objectIn(json::object const& object, std::string_view name) {
  static json::object const nothing;
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : nothing;
}

json::array const& arrayIn(json::object const& object, std::string_view name) {
  static json::array const nothing;
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : nothing;
}

namespace {

bool flagIn(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<std::time_t> timeIn(std::string const& text) {
  std::tm parts{};
  char const* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return ::timegm(&parts);
}

Tone toneOf(std::string const& state) {
  if (state == "failing" || state == "held") return Tone::bad;
  if (state == "contested") return Tone::warning;
  return state == "in_sync" ? Tone::good : Tone::dim;
}

std::string withAgo(std::string const& time, std::string const& now) {
  if (time.empty()) return "never";
  auto const span = spanBetween(time, now);
  return span.empty() ? time : time + " (" + span + " ago)";
}

// "client key k ends 2026-... (in 20 days)"
std::string expiryText(json::object const& holder, char const* name, std::string const& now) {
  auto const& expiry = objectIn(holder, name);
  if (expiry.empty()) return {};
  auto const at = textOf(expiry, "at");
  auto const left =
      at < now ? "ended " + spanBetween(at, now) + " ago" : "ends in " + spanBetween(now, at);
  return textOf(expiry, "what") + " " + left;
}

std::string countsText(json::object const& counts) {
  auto text = std::to_string(numberOf(counts, "in_sync")) + " of " +
              std::to_string(numberOf(counts, "defined")) + " in sync";
  for (auto const* state : {"contested", "held", "failing", "pending"}) {
    auto const count = numberOf(counts, state);
    if (count > 0) text += ", " + std::to_string(count) + " " + state;
  }
  return text;
}

std::string storeState(json::object const& store) {
  if (textOf(store, "breaker") == "open") return "does not answer, probed every 5 to 60 s";
  if (flagIn(store, "login_refused")) return "refuses the login, tried again within a minute";
  return objectIn(store, "calls").empty() ? "not asked yet" : "answers";
}

void showStores(Screen& screen, json::object const& status) {
  std::vector<std::vector<std::string>> rows;
  std::vector<Tone> tones;
  for (auto const& each : arrayIn(status, "stores")) {
    auto const& store = each.as_object();
    auto state = storeState(store);
    auto const good = state == "answers" || state == "not asked yet";
    tones.push_back(good ? Tone::good : Tone::bad);
    rows.push_back({textOf(store, "name"), textOf(store, "backend"), std::move(state),
                    expiryText(store, "credential", textOf(status, "now")),
                    textOf(store, "identity")});
  }
  screen.gap();
  screen.table({"STORE", "BACKEND", "STATE", "CREDENTIAL", "WHO WE ARE"}, rows, tones, 2);
}

void showCluster(Screen& screen, json::object const& cluster, std::string const& now) {
  auto const name = textOf(cluster, "name");
  auto text = name == core::defaultCluster ? std::string() : name + ": ";
  text += textOf(cluster, "server") + " (" + textOf(cluster, "observe") + ")";
  auto const silent = textOf(cluster, "breaker") == "open";
  if (silent) text += " does not answer, probed every 5 to 60 s";
  silent ? screen.field("cluster", text, Tone::bad) : screen.field("cluster", text);
  if (auto const login = expiryText(cluster, "login", now); !login.empty()) {
    screen.field("login", login);
  }
  if (auto const problem = textOf(cluster, "login_problem"); !problem.empty()) {
    screen.field("login", "a changed login is not in use: " + problem, Tone::bad);
  }
  if (auto const& held = objectIn(cluster, "held_deletions"); !held.empty()) {
    screen.field("held",
                 "the deletion of " + std::to_string(arrayIn(held, "drops").size()) +
                     " Secrets whose definition is gone: kms-secretctl approve --deletions",
                 Tone::bad);
  }
  for (auto const& [namespaceName, why] : objectIn(cluster, "unwatched")) {
    std::string watch = "namespace ";
    watch += namespaceName;
    watch += " is not watched: ";
    if (why.is_string()) watch += why.get_string();
    screen.field("watch", watch, Tone::warning);
  }
}

void showClusters(Screen& screen, json::object const& status) {
  for (auto const& each : arrayIn(status, "clusters")) {
    showCluster(screen, each.as_object(), textOf(status, "now"));
  }
}

void showTrouble(Screen& screen, json::object const& target, std::string const& now) {
  auto const state = textOf(target, "state");
  screen.gap();
  auto heading = idText(target) + " is " + state;
  auto const cause = textOf(target, "cause");
  if (state == "failing" && !cause.empty()) heading += ": " + cause;
  screen.line(heading, toneOf(state));
  screen.field("since", withAgo(textOf(target, "since"), now));
  screen.field("why", textOf(target, "message"));
  screen.field("effect", textOf(target, "effect"));
  if (auto const remedy = textOf(target, "remedy"); !remedy.empty()) screen.field("do", remedy);
}

void showBrokenRotations(Screen& screen, json::object const& holder) {
  for (auto const& source : arrayIn(holder, "broken_rotations")) {
    if (!source.is_string()) continue;
    screen.field("rotation",
                 "KMS cannot rotate " + std::string(source.get_string()) +
                     " any more, its current value stays in use: look at it in the KMS console",
                 Tone::warning);
  }
}

// A Secret in sync may be made of something that is not well.
std::string causeText(json::object const& target) {
  auto cause = textOf(target, "cause");
  if (cause.empty() && !arrayIn(target, "broken_rotations").empty()) return "rotation broken";
  return cause;
}

void showPlannedRotations(Screen& screen, json::object const& target) {
  for (auto const& each : arrayIn(target, "sources")) {
    auto const& source = each.as_object();
    auto const planned = textOf(source, "next_rotation");
    if (planned.empty()) continue;
    screen.field("rotation",
                 textOf(source, "store") + "/" + textOf(source, "name") + " by KMS at " + planned);
  }
}

void showSources(Screen& screen, json::object const& target) {
  std::vector<std::vector<std::string>> rows;
  for (auto const& each : arrayIn(target, "sources")) {
    auto const& source = each.as_object();
    auto const pinned = textOf(source, "version_id");
    rows.push_back({textOf(source, "key"), textOf(source, "store"), textOf(source, "name"),
                    pinned.empty() ? textOf(source, "version_stage") : "#" + pinned,
                    textOf(source, "version")});
  }
  screen.gap();
  screen.table({"KEY", "STORE", "SOURCE", "ASKED FOR", "VERSION"}, rows,
               std::vector(rows.size(), Tone::plain), 0);
}

void showHistory(Screen& screen, json::object const& target) {
  std::vector<std::vector<std::string>> rows;
  for (auto const& each : arrayIn(target, "history")) {
    auto const& change = each.as_object();
    auto const cause = textOf(change, "cause");
    rows.push_back({textOf(change, "at"), textOf(change, "outcome"),
                    cause.empty() ? textOf(change, "keys") : cause});
  }
  screen.gap();
  screen.table({"CHANGED AT", "OUTCOME", "CAUSE OR KEYS"}, rows,
               std::vector(rows.size(), Tone::plain), 0);
}

std::string lastRoundText(json::object const& target) {
  auto const& round = objectIn(target, "last_round");
  if (round.empty()) return flagIn(target, "under_way") ? "the first is under way" : "none yet";
  return textOf(round, "at") + ", " + textOf(round, "outcome") + " (" + textOf(round, "reason") +
         ", " + std::to_string(numberOf(round, "duration_ms")) + " ms)";
}

}  // namespace

std::string idText(json::object const& target) {
  return core::TargetId{.cluster = textOf(target, "cluster"),
                        .namespaceName = textOf(target, "namespace"),
                        .name = textOf(target, "name")}
      .text();
}

std::string textOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t numberOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  boost::system::error_code ignored;
  return value->to_number<std::int64_t>(ignored);
}

std::string spanBetween(std::string const& from, std::string const& to) {
  auto const start = timeIn(from);
  auto const end = timeIn(to);
  if (!start || !end) return {};
  auto const seconds = std::max<std::time_t>(0, *end - *start);
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 120 * 60) return std::to_string(seconds / 60) + " min";
  if (seconds < 48 * 3600) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86'400) + " days";
}

bool allWell(json::object const& status) {
  return flagIn(status, "ready") && arrayIn(status, "trouble").empty() &&
         textOf(status, "configuration_refused_since").empty() &&
         std::ranges::all_of(arrayIn(status, "clusters"), [](json::value const& cluster) {
           return objectIn(cluster.as_object(), "held_deletions").empty();
         });
}

void showStatus(Screen& screen, json::object const& status) {
  auto const now = textOf(status, "now");
  auto const ready = flagIn(status, "ready");
  screen.line("kms-secretd " + textOf(status, "version") + ", instance " +
                  textOf(status, "instance") + ", up " +
                  spanBetween(textOf(status, "started"), now) + (ready ? ", ready" : ", not ready"),
              ready ? Tone::good : Tone::bad);
  for (auto const& reason : arrayIn(status, "not_ready")) {
    if (reason.is_string()) screen.field("not ready", std::string(reason.get_string()), Tone::bad);
  }
  if (auto const since = textOf(status, "configuration_refused_since"); !since.empty()) {
    screen.field("config",
                 "refused since " + withAgo(since, now) +
                     "; the one before it is in force: kms-secretctl validate names the mistakes",
                 Tone::bad);
  }
  if (auto const leader = textOf(status, "leadership"); !leader.empty()) {
    screen.field("leader", leader);
  }
  screen.field("secrets", countsText(objectIn(status, "targets")));
  auto const& queue = objectIn(status, "queue");
  screen.field("queue", std::to_string(numberOf(queue, "due")) + " due, " +
                            std::to_string(numberOf(queue, "under_way")) + " under way");
  showClusters(screen, status);
  showBrokenRotations(screen, status);
  showStores(screen, status);
  for (auto const& each : arrayIn(status, "trouble")) showTrouble(screen, each.as_object(), now);
}

void showList(Screen& screen, json::object const& targets) {
  auto const now = textOf(targets, "now");
  auto const& all = arrayIn(targets, "targets");
  // A column that says "default" on every row tells nothing.
  auto const several = std::ranges::any_of(all, [](json::value const& each) {
    return textOf(each.as_object(), "cluster") != core::defaultCluster;
  });
  std::vector<std::vector<std::string>> rows;
  std::vector<Tone> tones;
  for (auto const& each : all) {
    auto const& target = each.as_object();
    auto const success = textOf(target, "last_success");
    tones.push_back(toneOf(textOf(target, "state")));
    rows.push_back({textOf(target, "namespace"), textOf(target, "name"), textOf(target, "state"),
                    causeText(target), spanBetween(textOf(target, "since"), now),
                    success.empty() ? "never" : spanBetween(success, now) + " ago",
                    spanBetween(now, textOf(target, "next_round"))});
    if (several) rows.back().insert(rows.back().begin(), textOf(target, "cluster"));
  }
  std::vector<std::string> heads{"NAMESPACE", "NAME",         "STATE",  "CAUSE",
                                 "FOR",       "LAST SUCCESS", "NEXT IN"};
  if (several) heads.insert(heads.begin(), "CLUSTER");
  screen.table(heads, rows, tones, several ? 3 : 2);
}

void showTarget(Screen& screen, json::object const& target) {
  auto const state = textOf(target, "state");
  auto const cause = textOf(target, "cause");
  screen.line(idText(target) + " is " + state + (cause.empty() ? "" : ": " + cause), toneOf(state));
  if (auto const since = textOf(target, "since"); !since.empty()) screen.field("since", since);
  if (state == "failing" || state == "held" || state == "contested") {
    screen.field("why", textOf(target, "message"));
    screen.field("effect", textOf(target, "effect"));
    if (auto const remedy = textOf(target, "remedy"); !remedy.empty()) screen.field("do", remedy);
  }
  screen.field("type", textOf(target, "type"));
  screen.field("defined", textOf(target, "defined_at"));
  screen.field("success", withAgo(textOf(target, "last_success"), {}));
  screen.field("last", lastRoundText(target));
  auto const next = textOf(target, "next_round");
  screen.field("next", next.empty() ? "none planned" : next);
  showBrokenRotations(screen, target);
  showPlannedRotations(screen, target);
  showSources(screen, target);
  showHistory(screen, target);
}

}  // namespace kms_secretd::ctl
