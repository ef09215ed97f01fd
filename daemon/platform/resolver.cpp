// SPDX-License-Identifier: Apache-2.0
#include "platform/resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "platform/guarded.hpp"
#include "platform/unique_fd.hpp"

namespace kms_secretd::platform {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds answerLife = 30s;
constexpr sdk::Milliseconds failureLife = 2s;
constexpr auto patienceAtStop = 2s;
constexpr std::size_t maxThreads = 4;
constexpr std::size_t maxKeptNames = 256;

using Answer = sdk::Result<Addresses>;

sdk::Failure unresolved(std::string const& name, char const* reason) {
  return {.kind = sdk::FailureKind::unavailable,
          .code = "NameNotResolved",
          .message = "the host name " + name + " does not resolve (" + reason +
                     "); check its spelling and this host's /etc/resolv.conf"};
}

sdk::Failure late(std::string const& name) {
  return {.kind = sdk::FailureKind::timed_out,
          .message = "no answer in time for the host name " + name +
                     "; check that the servers in this host's /etc/resolv.conf answer"};
}

sdk::Failure cancelled(std::string const& name) {
  return {.kind = sdk::FailureKind::internal,
          .code = cancelledCode,
          .message = "resolving " + name + " was cancelled; nothing to be done"};
}

sdk::Failure outOfDescriptors(std::string const& name) {
  return {.kind = sdk::FailureKind::internal,
          .message = "no descriptor left to resolve " + name + "; raise LimitNOFILE"};
}

void addText(addrinfo const& entry, Addresses& addresses) {
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(entry.ai_addr, entry.ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
    return;
  }
  std::string address(text.data());
  if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
    addresses.push_back(std::move(address));
  }
}

Answer systemLookup(std::string const& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int const error = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
  if (error != 0) return unresolved(name, ::gai_strerror(error));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const owner(found, &::freeaddrinfo);
  Addresses addresses;
  for (auto const* each = found; each != nullptr; each = each->ai_next) addText(*each, addresses);
  if (addresses.empty()) return unresolved(name, "no address");
  return addresses;
}

/// One caller that waits; lives on its stack, listed in an Entry while it waits.
struct Waiter {
  UniqueFd event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::optional<Answer> answer{};
};

struct Entry {
  bool pending = false;
  std::optional<Answer> answer{};
  sdk::BootTime validUntil{};
  std::vector<Waiter*> waiters{};
};

struct Worker {
  std::thread thread{};
  bool finished = false;
};

struct Table {
  std::map<std::string, Entry> entries{};
  std::deque<std::string> queue{};
  std::list<Worker> workers{};  // a list: each thread keeps a reference to its own
  std::size_t idle = 0;
  bool stopping = false;
};

void prune(Table& table, sdk::BootTime now) {
  if (table.entries.size() <= maxKeptNames) return;
  std::erase_if(table.entries, [now](auto const& each) {
    return !each.second.pending && each.second.validUntil <= now;
  });
}

void finish(Entry& entry, Answer const& answer, sdk::BootTime now) {
  entry.pending = false;
  entry.answer = answer;
  entry.validUntil = now + (answer.ok() ? answerLife : failureLife);
  std::uint64_t const one = 1;
  for (Waiter* waiter : entry.waiters) {
    waiter->answer = answer;
    [[maybe_unused]] auto const written = ::write(waiter->event.get(), &one, sizeof(one));
  }
  entry.waiters.clear();
}

}  // namespace

bool isAddressLiteral(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN + 1> copy{};
  if (text.empty() || text.size() >= copy.size()) return false;
  std::copy(text.begin(), text.end(), copy.begin());
  in6_addr bytes{};
  return ::inet_pton(AF_INET, copy.data(), &bytes) == 1 ||
         ::inet_pton(AF_INET6, copy.data(), &bytes) == 1;
}

struct Resolver::State {
  State(sdk::Clock const& clockOfCaller, StopSignal const& stopOfCaller, Lookup lookupToUse)
      : clock(clockOfCaller), stop(stopOfCaller), lookup(std::move(lookupToUse)) {}

  sdk::Clock const& clock;
  StopSignal const& stop;
  Lookup const lookup;
  Guarded<Table> table{};
  std::condition_variable changed{};

  static void run(std::shared_ptr<State> state, Worker& self);
  static void enqueue(std::shared_ptr<State> const& state, std::string const& name);
  void work();
  static std::optional<Answer> ask(std::shared_ptr<State> const& state, std::string const& name,
                                   Waiter& waiter);
  void leave(std::string const& name, Waiter& waiter);
  void stopThreads();
};

void Resolver::State::run(std::shared_ptr<State> state, Worker& self) {
  state->work();
  auto table = state->table.lock();
  self.finished = true;
  state->changed.notify_all();
}

void Resolver::State::work() {
  for (;;) {
    std::string name;
    {
      auto access = table.lock();
      ++access->idle;
      access.wait(changed, [&] { return access->stopping || !access->queue.empty(); });
      --access->idle;
      if (access->stopping) return;
      name = std::move(access->queue.front());
      access->queue.pop_front();
    }
    Answer const answer = lookup(name);
    auto access = table.lock();
    // After the stop the clock may be gone: this thread may have been let go by the destructor.
    if (access->stopping) return;
    auto const now = clock.boot();
    finish(access->entries[name], answer, now);
    prune(*access, now);
  }
}

// Adds a thread only where all others hang in a lookup: usually there is one.
void Resolver::State::enqueue(std::shared_ptr<State> const& state, std::string const& name) {
  auto access = state->table.lock();
  access->queue.push_back(name);
  if (access->idle < access->queue.size() && access->workers.size() < maxThreads) {
    auto& worker = access->workers.emplace_back();
    worker.thread = std::thread([state, &worker] { run(state, worker); });
  }
  state->changed.notify_all();
}

// A kept answer, or nothing: then `waiter` is listed and a thread will answer it.
std::optional<Answer> Resolver::State::ask(std::shared_ptr<State> const& state,
                                           std::string const& name, Waiter& waiter) {
  {
    auto access = state->table.lock();
    auto& entry = access->entries[name];
    if (entry.answer && !entry.pending && state->clock.boot() < entry.validUntil) {
      return entry.answer;
    }
    entry.waiters.push_back(&waiter);
    if (std::exchange(entry.pending, true)) return std::nullopt;
  }
  enqueue(state, name);
  return std::nullopt;
}

void Resolver::State::leave(std::string const& name, Waiter& waiter) {
  auto access = table.lock();
  auto const found = access->entries.find(name);
  if (found != access->entries.end()) std::erase(found->second.waiters, &waiter);
}

void Resolver::State::stopThreads() {
  auto access = table.lock();
  access->stopping = true;
  changed.notify_all();
  access.waitUntil(changed, std::chrono::steady_clock::now() + patienceAtStop, [&] {
    return std::all_of(access->workers.begin(), access->workers.end(),
                       [](Worker const& each) { return each.finished; });
  });
  for (auto& each : access->workers) {
    // A finished thread needs the lock no more. One let go holds this state, and so itself, alive.
    if (each.finished) {
      each.thread.join();
    } else {
      each.thread.detach();
    }
  }
}

Resolver::Resolver(sdk::Clock const& clock, StopSignal const& stop)
    : Resolver(clock, stop, &systemLookup) {}

Resolver::Resolver(sdk::Clock const& clock, StopSignal const& stop, Lookup lookup)
    : state_(std::make_shared<State>(clock, stop, std::move(lookup))) {}

sdk::Result<Addresses> Resolver::resolve(std::string const& name, WaitScope const& scope) {
  if (isAddressLiteral(name)) return Addresses{name};
  if (name == "localhost") return Addresses{"127.0.0.1", "::1"};
  Waiter waiter;
  if (!waiter.event) return outOfDescriptors(name);
  if (auto kept = State::ask(state_, name, waiter)) return *std::move(kept);
  WaitEnd const end = waitFor(waiter.event.get(), POLLIN, scope);
  state_->leave(name, waiter);
  if (waiter.answer) return *std::move(waiter.answer);
  return end == WaitEnd::cancelled ? cancelled(name) : late(name);
}

Resolver::~Resolver() { state_->stopThreads(); }

}  // namespace kms_secretd::platform
