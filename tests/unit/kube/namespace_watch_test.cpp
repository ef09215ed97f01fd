// SPDX-License-Identifier: Apache-2.0
#include "kube/namespace_watch.hpp"

#include <string>
#include <vector>

#include "kube_bench.hpp"
#include "platform/stop.hpp"
#include "platform/wait.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;

namespace {

std::string object(std::string const& name, std::string const& version,
                   std::string const& keys = R"("f:a":{})") {
  return R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":")" +
         name + R"(","uid":"u-)" + name + R"(","resourceVersion":")" + version +
         R"(","labels":{"kms-secretd.io/instance":"default"},"managedFields":[{"manager":"kms-secretd/default","operation":"Apply","fieldsV1":{"f:data":{)" +
         keys + "}}}]}}";
}

std::string listOf(std::string const& version, std::string const& items,
                   std::string const& more = "") {
  return R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":")" +
         version + R"(","continue":")" + more + R"("},"items":[)" + items + "]}";
}

std::string event(std::string const& type, std::string const& what) {
  return R"({"type":")" + type + R"(","object":)" + what + "}\n";
}

std::string bookmark(std::string const& version) {
  return event(
      "BOOKMARK",
      R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":")" +
          version + R"(","creationTimestamp":null}})");
}

std::string status(int code, std::string const& rest = "") {
  return R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":"m","code":)" +
         std::to_string(code) + rest + "}";
}

class Heard final : public ObservationListener {
 public:
  void onObserved(core::TargetId const& target, core::Observed const& observed) override {
    said.push_back("observed " + target.name + " " + observed.resourceVersion);
  }
  void onGone(core::TargetId const& target) override { said.push_back("gone " + target.name); }
  std::string take() {
    std::string all;
    for (auto const& each : said) all += (all.empty() ? "" : ", ") + each;
    said.clear();
    return all;
  }
  std::vector<std::string> said{};
};

std::vector<std::shared_ptr<core::TargetDefinition const>> targets() {
  std::vector<std::shared_ptr<core::TargetDefinition const>> all;
  for (auto const* name : {"a", "b"}) {
    auto target = std::make_shared<core::TargetDefinition>();
    target->id = {.namespaceName = "n", .name = name};
    all.push_back(target);
  }
  return all;
}

constexpr auto listPath =
    "/prefix/api/v1/namespaces/n/secrets?limit=500"
    "&labelSelector=kms-secretd.io%2Finstance%3Ddefault";

}  // namespace

TEST_GROUP(NamespaceWatch) {
  Bench bench{};
  Connection connection{bench.cluster(), bench.settings()};
  ObservedStore store{targets(), "kms-secretd/default"};
  Heard heard{};
  platform::EventCancellation stop{};
  NamespaceWatch watch{{.namespaceName = "n", .labelSelector = "kms-secretd.io/instance=default"},
                       context()};

  WatchContext context() {
    return {.connection = connection,
            .store = store,
            .listener = heard,
            .clock = bench.clock,
            .cancellation = stop};
  }
  // Every list and watch asks for metadata.
  void teardown() override {
    auto const paths = bench.streams->targets();
    auto const accepts = bench.streams->accepts();
    CHECK_EQUAL(paths.size(), accepts.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
      bool const isWatch = paths[i].find("watch=1") != std::string::npos;
      STRCMP_EQUAL(isWatch ? "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
                           : "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
                   accepts[i].c_str());
    }
  }

  core::TargetId id(char const* name) const { return {.namespaceName = "n", .name = name}; }
  std::string path(std::size_t index) const { return bench.streams->targets().at(index); }
  // All Secrets with our label that the store knows.
  std::string ours() {
    std::string text;
    store.visitOurs("n", [&](std::string_view name, core::Observed const& observed) {
      text += (text.empty() ? "" : ", ") + std::string(name) + " " + observed.resourceVersion;
    });
    return text;
  }
  long long step() { return watch.step().count(); }
  // A list that holds `a` and leaves the watch at version 10.
  void listed() {
    bench.streams->reply(200, listOf("10", object("a", "9")));
    CHECK_EQUAL(0, step());
  }
  // A stream that lasted for some time before it ended.
  void lasting(std::string const& body, int seconds = 60) {
    bench.streams->next([this, body, seconds](auto const&, platform::BodySink& sink) {
      bench.clock.advance(std::chrono::seconds(seconds));
      return StreamScript::feed(200, body, 11, sink);
    });
  }
};

TEST(NamespaceWatch, ListsFirstAndTellsNobody) {
  listed();
  STRCMP_EQUAL(listPath, path(0).c_str());
  STRCMP_EQUAL("", heard.take().c_str());
  STRCMP_EQUAL("9", store.find(id("a"))->resourceVersion.c_str());
  CHECK_FALSE(store.find(id("b")).has_value());
  auto const state = watch.state();
  CHECK(state.listed && state.attempted);
  STRCMP_EQUAL("", state.problem.c_str());
}

TEST(NamespaceWatch, ListsInPagesFromOneVersion) {
  bench.streams->reply(200, listOf("10", object("a", "9"), "to/ken="));
  bench.streams->reply(200, listOf("10", object("foreign", "3") + "," + object("b", "8")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL((std::string(listPath) + "&continue=to%2Fken%3D").c_str(), path(1).c_str());
  CHECK(store.find(id("b")).has_value());
  lasting(bookmark("11"));
  CHECK_EQUAL(0, step());
  CHECK(path(2).find("watch=1&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=3") !=
        std::string::npos);
}

TEST(NamespaceWatch, KnowsEverySecretOfOursAlsoThoseThatAreNoTarget) {
  bench.streams->reply(200, listOf("10", object("a", "9") + "," + object("left", "3")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("a 9, left 3", ours().c_str());
  lasting(event("ADDED", object("copy", "11")) + event("MODIFIED", object("left", "12")) +
          event("DELETED", object("a", "13")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("copy 11, left 12", ours().c_str());
  lasting(event("DELETED", object("left", "14")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("copy 11", ours().c_str());
}

TEST(NamespaceWatch, OfSecretsOfOthersItKeepsNothingAndASecretThatLosesOurLabelIsForgotten) {
  auto const unlabelled = [](std::string const& version) {
    auto text = object("left", version);
    auto const at = text.find("default");
    return text.replace(at, 7, "another");
  };
  bench.streams->reply(200, listOf("10", unlabelled("3")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("", ours().c_str());
  lasting(event("MODIFIED", object("left", "11")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("left 11", ours().c_str());
  lasting(event("MODIFIED", unlabelled("12")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("", ours().c_str());
}

TEST(NamespaceWatch, ForgetsWhatANewListDoesNotHold) {
  bench.streams->reply(200, listOf("10", object("left", "3") + "," + object("other", "4")));
  CHECK_EQUAL(0, step());
  bench.streams->reply(410, status(410));
  CHECK_EQUAL(0, step());
  bench.streams->reply(200, listOf("20", object("other", "4")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("other 4", ours().c_str());
}

TEST(NamespaceWatch, TellsWhatChangesAndResumesFromThere) {
  listed();
  lasting(event("ADDED", object("b", "11")) + event("MODIFIED", object("a", "12", "")) +
          event("MODIFIED", object("a", "13", "")) + event("ADDED", object("foreign", "14")) +
          bookmark("20"));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("observed b 11, observed a 12", heard.take().c_str());
  STRCMP_EQUAL("13", store.find(id("a"))->resourceVersion.c_str());
  lasting("");
  CHECK_EQUAL(0, step());
  CHECK(path(2).find("&resourceVersion=20&") != std::string::npos);
}

TEST(NamespaceWatch, ForgetsWhatWasDeletedOrLostItsLabel) {
  listed();
  lasting(event("DELETED", object("a", "12")) + event("DELETED", object("foreign", "13")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("gone a", heard.take().c_str());
  CHECK_FALSE(store.find(id("a")).has_value());
}

TEST(NamespaceWatch, KnowsAbsenceWhereTheWholeNamespaceIsWatched) {
  NamespaceWatch whole({.namespaceName = "n", .labelSelector = ""}, context());
  bench.streams->reply(200, listOf("10", object("a", "9")));
  CHECK_EQUAL(0, whole.step().count());
  STRCMP_EQUAL("/prefix/api/v1/namespaces/n/secrets?limit=500", path(0).c_str());
  CHECK_FALSE(store.find(id("b"))->exists);
  lasting(event("DELETED", object("a", "12")));
  CHECK_EQUAL(0, whole.step().count());
  CHECK_FALSE(store.find(id("a"))->exists);
  STRCMP_EQUAL("gone a", heard.take().c_str());
}

TEST(NamespaceWatch, ListsAgainAtOnceWhenItsPlaceIsForgotten) {
  for (auto const& reply :
       {event("ERROR", status(410)),
        event("ERROR",
              status(504, R"(,"details":{"causes":[{"reason":"ResourceVersionTooLarge"}]})"))}) {
    NamespaceWatch fresh({.namespaceName = "n", .labelSelector = "x"}, context());
    bench.streams->reply(200, listOf("10", ""));
    bench.streams->reply(200, reply);
    CHECK_EQUAL(0, fresh.step().count());
    CHECK_EQUAL(0, fresh.step().count());
    bench.streams->reply(200, listOf("30", ""));
    CHECK_EQUAL(0, fresh.step().count());
    STRCMP_EQUAL("", fresh.state().problem.c_str());
    CHECK(bench.streams->targets().back().find("watch=1") == std::string::npos);
  }
}

TEST(NamespaceWatch, TellsWhatWasMissedBetweenTwoLists) {
  bench.streams->reply(200, listOf("10", object("a", "9") + "," + object("b", "8")));
  CHECK_EQUAL(0, step());
  bench.streams->reply(410, status(410));
  CHECK_EQUAL(0, step());
  bench.streams->reply(200, listOf("40", object("a", "35", "")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("observed a 35, gone b", heard.take().c_str());
  CHECK_FALSE(store.find(id("b")).has_value());
}

TEST(NamespaceWatch, PressesNoServerThatForgetsAgainAndAgain) {
  listed();
  long long waited = 0;
  for (int i = 0; i < 4; ++i) {
    bench.streams->reply(410, status(410));
    waited += step();
    bench.streams->reply(200, listOf("10", ""));
    CHECK_EQUAL(0, step());
  }
  CHECK(waited >= 1000 + 2000 + 4000);
}

TEST(NamespaceWatch, ResumesAfterACut) {
  listed();
  bench.streams->cut(event("MODIFIED", object("a", "15")) + R"({"type":"MODI)",
                     {.kind = sdk::FailureKind::unavailable, .message = "reset by peer"});
  auto const wait = step();
  CHECK(wait >= 1000 && wait <= 1250);
  CHECK(watch.state().problem.find("reset by peer") != std::string::npos);
  lasting(bookmark("16"));
  CHECK_EQUAL(0, step());
  CHECK(path(2).find("&resourceVersion=15&") != std::string::npos);
  STRCMP_EQUAL("", watch.state().problem.c_str());
}

TEST(NamespaceWatch, ResumesAtOnceAfterAHungConnection) {
  listed();
  bench.streams->next(
      [this](auto const&, platform::BodySink& sink) -> sdk::Result<platform::StreamEnd> {
        static_cast<void>(StreamScript::feed(200, bookmark("17"), 100, sink));
        bench.clock.advance(std::chrono::seconds(130));
        return sdk::Failure{.kind = sdk::FailureKind::timed_out, .message = "silent"};
      });
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("", watch.state().problem.c_str());
  lasting("");
  CHECK_EQUAL(0, step());
  CHECK(path(2).find("&resourceVersion=17&") != std::string::npos);
}

TEST(NamespaceWatch, ListsAgainAfterAWatchInWhichNothingCame) {
  listed();
  lasting("", 300);
  CHECK_EQUAL(0, step());
  bench.streams->reply(200, listOf("5", object("a", "4")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL(listPath, path(2).c_str());
  STRCMP_EQUAL("4", store.find(id("a"))->resourceVersion.c_str());  // older, and right
}

TEST(NamespaceWatch, WaitsLongerAfterEachFailureUpToHalfAMinute) {
  long long last = 0;
  for (int i = 0; i < 10; ++i) {
    bench.streams->next([](auto const&, auto&) -> sdk::Result<platform::StreamEnd> {
      return sdk::Failure{.kind = sdk::FailureKind::unavailable, .message = "refused"};
    });
    auto const wait = step();
    CHECK(i < 1 || i > 4 || wait > last);
    CHECK(wait <= 37'500);
    last = wait;
  }
  CHECK(last >= 30'000);
  CHECK(watch.state().attempted);
  CHECK_FALSE(watch.state().listed);
}

TEST(NamespaceWatch, WaitsWhereAWatchEndsAtOnceAgainAndAgain) {
  listed();
  long long waited = 0;
  for (int i = 0; i < 3; ++i) {
    bench.streams->reply(200, "");
    waited += step();
    bench.streams->reply(200, listOf("10", ""));
    CHECK_EQUAL(0, step());
  }
  CHECK(waited >= 1000 + 2000 + 4000);
}

TEST(NamespaceWatch, WaitsFiveMinutesForRightsAndNamesThem) {
  bench.streams->reply(403, R"({"kind":"Status","message":"u cannot list resource","code":403})");
  CHECK_EQUAL(300'000, step());
  auto const problem = watch.state().problem;
  CHECK(problem.find("list secrets in namespace n") != std::string::npos);
  CHECK(problem.find("observe = \"poll\"") != std::string::npos);
}

TEST(NamespaceWatch, GivesUpAListAtAPageThatFails) {
  bench.streams->reply(200, listOf("10", object("a", "9"), "more"));
  bench.streams->reply(500, status(500));
  CHECK(step() >= 1000);
  CHECK_FALSE(watch.state().listed);
  bench.streams->reply(200, listOf("11", object("a", "9"), "more"));
  bench.streams->reply(410, status(410));
  static_cast<void>(step());
  bench.streams->reply(200, listOf("12", object("a", "9")));
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL(listPath, path(4).c_str());
}

TEST(NamespaceWatch, HandsOnAnErrorEvent) {
  listed();
  bench.streams->reply(200, event("ERROR", status(500)));
  CHECK(step() >= 1000);
  CHECK(watch.state().problem.find("500") != std::string::npos);
}

TEST(NamespaceWatch, RefusesWholeSecretsAndGarbage) {
  auto const secret =
      R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"a","uid":"u","resourceVersion":"1"},"data":{"a":"Y2FuYXJ5"}})";
  for (auto const& body : {listOf("1", secret), std::string("<html>"), std::string("{\"items\":[{"),
                           std::string("{}"), listOf("", ""), std::string("")}) {
    NamespaceWatch fresh({.namespaceName = "n", .labelSelector = "x"}, context());
    bench.streams->reply(200, body);
    CHECK_TEXT(fresh.step().count() >= 1000, body.c_str());
    CHECK(!fresh.state().problem.empty());
    CHECK(fresh.state().problem.find("Y2Fu") == std::string::npos);
  }
  for (auto const& body : {event("ADDED", secret), std::string("nonsense"), event("ADDED", "7"),
                           std::string("{\"object\":{}}"), event("ADDED", object("a", "")),
                           std::string("{\"type\":\"ADDED\"")}) {
    NamespaceWatch fresh({.namespaceName = "n", .labelSelector = "x"}, context());
    bench.streams->reply(200, listOf("10", ""));
    bench.streams->reply(200, body);
    CHECK_EQUAL(0, fresh.step().count());
    CHECK_TEXT(fresh.step().count() >= 1000, body.c_str());
    CHECK(!fresh.state().problem.empty());
  }
  STRCMP_EQUAL("", heard.take().c_str());
}

TEST(NamespaceWatch, SurvivesEventsCutAtEveryByte) {
  auto const whole = event("MODIFIED", object("a", "15", ""));
  for (std::size_t size = 1; size + 1 < whole.size(); ++size) {
    NamespaceWatch fresh({.namespaceName = "n", .labelSelector = "x"}, context());
    bench.streams->reply(200, listOf("10", object("a", "9")));
    bench.streams->reply(200, whole.substr(0, size));
    CHECK_EQUAL(0, fresh.step().count());
    CHECK(fresh.step().count() >= 1000);
    STRCMP_EQUAL("9", store.find(id("a"))->resourceVersion.c_str());
  }
}

TEST(NamespaceWatch, B18_KeepsNothingOfAClusterOfStrangers) {
  std::string items;
  for (int i = 0; i < 5000; ++i) {
    items += object("foreign-" + std::to_string(i), std::to_string(i)) + ",";
  }
  bench.streams->reply(200, listOf("10", items + object("a", "9")), 16'384);
  CHECK_EQUAL(0, step());
  CHECK_EQUAL(1U, store.known());
}

TEST(NamespaceWatch, StopsWhenItIsCancelled) {
  bench.streams->next([this](auto const&, auto&) -> sdk::Result<platform::StreamEnd> {
    stop.request();
    return sdk::Failure{.kind = sdk::FailureKind::internal, .code = platform::cancelledCode};
  });
  CHECK_EQUAL(0, step());
  STRCMP_EQUAL("", watch.state().problem.c_str());
  CHECK_EQUAL(0, step());
  CHECK_EQUAL(1U, bench.streams->targets().size());
}
