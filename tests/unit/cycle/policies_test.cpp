// SPDX-License-Identifier: Apache-2.0
// Missing sources, the blast guard and foreign keys, on the whole road of a round.
#include <map>
#include <memory>
#include <string>

#include "core/marks.hpp"
#include "cycle/round.hpp"
#include "fakes/fake_kube_api.hpp"
#include "fakes/manual_clock.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using core::OutcomeKind;
namespace marks = core::marks;

namespace {

class MapBackend final : public sdk::Backend {
 public:
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override {
    auto const at = values.find(request.name);
    if (at == values.end()) return sdk::Failure{.kind = kind, .message = "it is not there"};
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes(at->second);
    secret.versionId = "v1";
    secret.secretType = "Generic";
    return secret;
  }
  std::map<std::string, std::string> values{{"a", "1"}, {"b", "2"}};
  sdk::FailureKind kind = sdk::FailureKind::not_found;
};

core::Digest digestOfParts(std::span<std::string_view const> parts) {
  core::Digest digest{};
  std::size_t at = 0;
  for (auto const part : parts) {
    for (auto const c : part) {
      auto& byte = digest[at++ % digest.size()];
      byte = static_cast<std::uint8_t>(byte * 31 + static_cast<unsigned char>(c));
    }
    at += 7;
  }
  return digest;
}

}  // namespace

TEST_GROUP(RoundPolicies) {
  fakes::ManualClock clock;
  MapBackend backend;
  fakes::FakeKubeApi kube;
  fetch::Fetcher fetcher{{{"s", {.backend = &backend, .timeout = 7s}}}, clock};
  core::TargetDefinition definition{};
  std::string approved{};

  void setup() override {
    definition.id = {.namespaceName = "payments", .name = "db"};
    definition.data = {{.source = {.store = "s", .name = "a"}, .key = "a"},
                       {.source = {.store = "s", .name = "b"}, .key = "b"}};
    definition.hash = "hash";
    definition.onSourceMissing = core::MissingPolicy::remove;
  }
  // The Secret with both keys, as our apply left it.
  core::Observed applied() const {
    core::Observed object;
    object.exists = true;
    object.uid = "u";
    object.resourceVersion = "5";
    object.type = "Opaque";
    object.labels = marks::labels(definition, "default");
    object.annotations = {{marks::definitionAnnotation, definition.hash},
                          {marks::keysAnnotation, "a,b"}};
    object.managed = {{.manager = "kms-secretd/default",
                       .apply = true,
                       .dataKeys = {"a", "b"},
                       .labels = {marks::instanceLabel},
                       .annotations = marks::annotationNames(definition)}};
    return object;
  }
  core::Outcome round(core::Observed const& seen) {
    core::Due due;
    due.definition = std::make_shared<core::TargetDefinition const>(definition);
    due.approved = approved;
    due.mayForce = true;
    kube.willObserve(seen);
    auto after = applied();
    after.resourceVersion = "6";
    after.managed.front().dataKeys.clear();
    kube.willApply(apply::ApplyReply{.created = !seen.exists, .object = after});
    cycle::Stages const stages{
        .fetcher = fetcher, .kube = kube, .clock = clock, .digest = digestOfParts};
    auto outcome = cycle::runRound(due, stages, nullptr);
    clock.advance(1h);
    fetcher.purge();
    return outcome;
  }
};

TEST(RoundPolicies, ASourceThatIsGoneTakesItsKeyWithItAndSaysSo) {
  backend.values.erase("b");
  auto const outcome = round(applied());
  CHECK(outcome.kind == OutcomeKind::updated);
  STRCMP_EQUAL("s/b does not exist in its store, so its keys are left out",
               outcome.notes.at(0).c_str());
  auto const data = kube.calls().back().data;
  CHECK((data == decltype(data){{"a", "1"}}));
}

TEST(RoundPolicies, B1_NoOtherFailureTakesAKeyNorDoesAMissingSourceWithoutThePolicy) {
  backend.values.erase("b");
  for (auto const kind : {sdk::FailureKind::permission_denied, sdk::FailureKind::unauthenticated,
                          sdk::FailureKind::throttled, sdk::FailureKind::unavailable,
                          sdk::FailureKind::timed_out, sdk::FailureKind::invalid_request,
                          sdk::FailureKind::invalid_response, sdk::FailureKind::internal}) {
    backend.kind = kind;
    CHECK(round(applied()).kind == OutcomeKind::fetch_failed);
  }
  backend.kind = sdk::FailureKind::not_found;
  definition.onSourceMissing = core::MissingPolicy::retain;
  CHECK(round(applied()).kind == OutcomeKind::fetch_failed);
  STRCMP_EQUAL("", kube.log().c_str());
}

TEST(RoundPolicies, ASecretWhoseEverySourceIsGoneIsHeldUntilThatIsApproved) {
  backend.values.clear();
  auto const held = round(applied());
  CHECK(held.kind == OutcomeKind::held);
  CHECK((held.held->drops == std::vector<std::string>{"a", "b"}));
  STRCMP_CONTAINS("would drop a, b", held.message.c_str());
  STRCMP_CONTAINS("kms-secretctl approve payments/db", held.remedy.c_str());
  STRCMP_CONTAINS(("approve = \"" + held.held->approval + "\"").c_str(), held.remedy.c_str());
  approved = held.held->approval;
  CHECK(round(applied()).kind == OutcomeKind::updated);
  CHECK(kube.calls().back().data.empty());
}

TEST(RoundPolicies, NoSecretIsMadeWithoutAnyKey) {
  backend.values.clear();
  auto const outcome = round(core::Observed{});
  CHECK(outcome.kind == OutcomeKind::fetch_failed);
  CHECK(outcome.fetchFailure->kind == sdk::FailureKind::not_found);
  STRCMP_EQUAL("a", outcome.source->name.c_str());
}

TEST(RoundPolicies, ATemplateThatNeedsAMissingSourceFailsAndNamesIt) {
  backend.values.erase("b");
  definition.templates = {{.key = "dsn", .text = "{{ b }}"}};
  auto const outcome = round(applied());
  CHECK(outcome.kind == OutcomeKind::render_failed);
  STRCMP_CONTAINS("s/b does not exist in its store", outcome.message.c_str());
}

TEST(RoundPolicies, NothingIsFixedForEverWhileASourceIsMissing) {
  for (auto& entry : definition.data) entry.source.versionId = "v1";
  CHECK_TRUE(round(applied()).fixedForever);
  backend.values.erase("b");
  CHECK_FALSE(round(applied()).fixedForever);
}
