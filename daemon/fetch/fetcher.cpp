// SPDX-License-Identifier: Apache-2.0
#include "fetch/fetcher.hpp"

#include <cassert>
#include <utility>

namespace kms_secretd::fetch {

namespace {

// Only the store's own word that there is no such secret; whatever else fails, fails the round.
bool mayBeMissing(core::TargetDefinition const& definition, sdk::Failure const& failure) {
  return failure.kind == sdk::FailureKind::not_found &&
         definition.onSourceMissing == core::MissingPolicy::remove;
}

}  // namespace

std::set<core::SourceRef> extendedReads(
    std::vector<std::shared_ptr<core::TargetDefinition const>> const& targets) {
  std::set<core::SourceRef> reads;
  auto const take = [&reads](auto const& entries) {
    for (auto const& entry : entries) {
      if (entry.extendedConfig) reads.insert(entry.source);
    }
  };
  for (auto const& target : targets) {
    take(target->data);
    take(target->extractions);
  }
  return reads;
}

Fetcher::Fetcher(std::map<std::string, StoreAccess> stores, sdk::Clock const& clock,
                 std::set<core::SourceRef> extended)
    : stores_(std::move(stores)), clock_(clock), extended_(std::move(extended)), reads_(clock) {}

core::FetchResult Fetcher::fetch(core::TargetDefinition const& definition,
                                 sdk::Cancellation const* cancellation) {
  core::Fetched fetched;
  for (auto const& source : definition.reads()) {
    auto result = reads_.get(source, [&] { return read(source, cancellation); });
    if (!result.ok() && mayBeMissing(definition, result.failure())) {
      fetched.missing.push_back({.source = source, .failure = std::move(result.failure())});
      continue;
    }
    if (!result.ok()) {
      return core::FetchFailure{.source = source, .failure = std::move(result.failure())};
    }
    fetched.sources.push_back({.source = source, .secret = std::move(result.value())});
  }
  return fetched;
}

ReadResult Fetcher::read(core::SourceRef const& source, sdk::Cancellation const* cancellation) {
  auto const store = stores_.find(source.store);
  assert(store != stores_.end() && "config accepts only entries whose store exists");
  auto const started = clock_.boot();
  auto result = store->second.backend->fetch({.name = source.name,
                                              .versionStage = source.versionStage,
                                              .versionId = source.versionId,
                                              .extendedConfig = extended_.contains(source),
                                              .deadline = clock_.boot() + store->second.timeout,
                                              .cancellation = cancellation});
  auto const* const outcome = result.ok() ? "ok" : sdk::nameOf(result.failure().kind);
  auto const code = result.ok() ? std::string() : result.failure().code;
  calls_.add({.store = source.store, .outcome = outcome, .code = code}, clock_.boot() - started);
  if (!result.ok()) return std::move(result.failure());
  return std::make_shared<sdk::FetchedSecret const>(std::move(result).value());
}

}  // namespace kms_secretd::fetch
