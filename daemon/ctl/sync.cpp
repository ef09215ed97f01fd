// SPDX-License-Identifier: Apache-2.0
#include "ctl/sync.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <map>
#include <thread>

#include "ctl/exit_codes.hpp"
#include "ctl/screen.hpp"
#include "ctl/show.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto askEvery = 200ms;

std::string bodyOf(SyncWish const& wish) {
  if (!wish.target.empty()) return json::serialize(json::object{{"target", wish.target}});
  if (!wish.store.empty()) return json::serialize(json::object{{"store", wish.store}});
  return R"({"all":true})";
}

/// Follows promised rounds to their ends.
class Waiter {
 public:
  explicit Waiter(json::object const& promised) {
    for (auto const& each : promised.at("targets").as_array()) {
      auto const& target = each.as_object();
      open_[idText(target)] = numberOf(target, "done_at_rounds");
    }
  }
  [[nodiscard]] bool done() const noexcept { return open_.empty(); }
  [[nodiscard]] std::size_t bad() const noexcept { return bad_; }
  [[nodiscard]] std::map<std::string, std::int64_t> const& open() const noexcept { return open_; }

  void look(json::object const& targets) {
    for (auto const& each : targets.at("targets").as_array()) {
      auto const& target = each.as_object();
      auto const at = open_.find(idText(target));
      if (at == open_.end() || numberOf(target, "rounds") < at->second) continue;
      open_.erase(at);
      say(target);
    }
  }

 private:
  void say(json::object const& target) {
    auto const state = textOf(target, "state");
    auto const cause = textOf(target, "cause");
    if (state != "in_sync") ++bad_;
    auto const text = idText(target) + ": " + state + (cause.empty() ? "" : " (" + cause + ")");
    std::printf("%s\n", printable(text).c_str());
    std::fflush(stdout);
  }

  std::map<std::string, std::int64_t> open_{};
  std::size_t bad_ = 0;
};

int waitFor(Client const& client, Waiter& waiter, sdk::Milliseconds longest) {
  auto const until = std::chrono::steady_clock::now() + longest;
  for (;;) {
    waiter.look(client.get("/v1/targets").json());
    if (waiter.done()) return waiter.bad() == 0 ? exitGood : exitNotWell;
    if (std::chrono::steady_clock::now() >= until) break;
    std::this_thread::sleep_for(askEvery);
  }
  for (auto const& [target, rounds] : waiter.open()) {
    std::fprintf(stderr, "%s: its round has not ended in time; kms-secretctl status says more\n",
                 printable(target).c_str());
  }
  return exitNotWell;
}

}  // namespace

int runSync(Client const& client, SyncWish const& wish) {
  auto const reply = client.post("/v1/sync", bodyOf(wish));
  if (reply.status != 202) {
    std::fprintf(stderr, "kms-secretctl: %s\n", printable(reply.error()).c_str());
    return exitNotWell;
  }
  auto const promised = reply.json();
  Waiter waiter(promised);
  if (auto const elsewhere = textOf(promised, "not_here"); !elsewhere.empty()) {
    std::fprintf(stderr, "kms-secretctl: %s\n", printable(elsewhere).c_str());
  }
  if (wish.wait) return waitFor(client, waiter, wish.longest);
  std::printf("%zu rounds begin now; kms-secretctl status shows how they end\n",
              waiter.open().size());
  return exitGood;
}

}  // namespace kms_secretd::ctl
