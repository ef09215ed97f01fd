// SPDX-License-Identifier: Apache-2.0
// Namespaces, lists and the watch of the store.
#include <algorithm>

#include "fakes/kube_double/store.hpp"

namespace kms_secretd::fakes::kube {
namespace {

constexpr std::size_t maxPages = 64;
constexpr char const* tokenStart = "djEv";  // base64 of "v1/"

/// A token that survives in a URL unescaped.
std::string tokenOf(std::string const& text) {
  auto token = encodeBase64("v1/" + text);
  std::erase(token, '=');
  std::ranges::replace(token, '+', '-');
  std::ranges::replace(token, '/', '_');
  return token;
}

Status tooOldPage() {
  Status status;
  status.code = 410;
  status.reason = "Expired";
  status.message =
      "The provided continue parameter is too old to display a consistent list result. You can "
      "start a new list without the continue parameter.";
  return status;
}

}  // namespace

Page Store::pageOf(std::vector<Secret> items, std::string const& resourceVersion,
                   std::size_t limit) {
  Page page;
  page.resourceVersion = resourceVersion;
  if (limit == 0 || items.size() <= limit) {
    page.items = std::move(items);
    return page;
  }
  auto const cut = items.begin() + static_cast<std::ptrdiff_t>(limit);
  page.items.assign(items.begin(), cut);
  // The rest of the list as it is now: later pages show the same moment, as the server's do.
  Page rest;
  rest.items.assign(cut, items.end());
  rest.resourceVersion = resourceVersion;
  page.continueToken = tokenOf(resourceVersion + "/" + std::to_string(pages_.size()) + "/" +
                               page.items.back().namespaceName + "/" + page.items.back().name);
  if (pages_.size() >= maxPages) pages_.clear();
  pages_[page.continueToken] = std::move(rest);
  return page;
}

Store::Result<Page> Store::list(ListQuery const& query) {
  Lock const lock(mutex_);
  if (!query.continueToken.empty()) {
    auto const at = pages_.find(query.continueToken);
    if (at != pages_.end()) {
      auto rest = at->second;
      return pageOf(std::move(rest.items), rest.resourceVersion, query.limit);
    }
    if (!query.continueToken.starts_with(tokenStart)) {
      return badRequest("invalid continue token: continue key is not valid");
    }
    return tooOldPage();
  }
  std::vector<Secret> items;
  for (auto const& [name, secret] : secrets_) {
    if (query.selects(secret)) items.push_back(secret);
  }
  return pageOf(std::move(items), std::to_string(revision_), query.limit);
}

Store::Result<std::string> Store::namespacePhase(std::string const& name) const {
  Lock const lock(mutex_);
  auto const at = namespaces_.find(name);
  if (at == namespaces_.end()) return notFound("namespaces", name);
  return at->second;
}

Store::Result<std::string> Store::createNamespace(std::string const& name) {
  Lock const lock(mutex_);
  if (!namespaces_.emplace(name, "Active").second) return alreadyExists("namespaces", name);
  ++revision_;
  return std::string("Active");
}

Store::Result<std::string> Store::deleteNamespace(std::string const& name) {
  Lock const lock(mutex_);
  auto const at = namespaces_.find(name);
  if (at == namespaces_.end()) return notFound("namespaces", name);
  at->second = "Terminating";
  ++revision_;
  return at->second;
}

Store::Result<std::vector<Event>> Store::eventsAfter(
    std::uint64_t revision, std::chrono::steady_clock::time_point deadline) const {
  Lock lock(mutex_);
  if (revision < compacted_) {
    Status status;
    status.code = 410;
    status.reason = "Expired";
    status.message = "too old resource version: " + std::to_string(revision) + " (" +
                     std::to_string(compacted_) + ")";
    return status;
  }
  changed_.wait_until(lock, deadline, [&] {
    return stopped_ || (!events_.empty() && events_.back().revision > revision);
  });
  std::vector<Event> events;
  std::ranges::copy_if(events_, std::back_inserter(events),
                       [&](Event const& event) { return event.revision > revision; });
  return events;
}

std::uint64_t Store::revision() const {
  Lock const lock(mutex_);
  return revision_;
}

void Store::compact() {
  Lock const lock(mutex_);
  compacted_ = revision_;
  events_.clear();
  pages_.clear();
}

void Store::stop() {
  Lock const lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool Store::stopped() const {
  Lock const lock(mutex_);
  return stopped_;
}

}  // namespace kms_secretd::fakes::kube
