// SPDX-License-Identifier: Apache-2.0
// What the double offers beyond the write table: logins, faults, lists, watches. Its semantics are
// proven by the contract suite, which runs against a real server as well.
#include <memory>
#include <string>
#include <vector>

#include "admin.hpp"
#include "fakes/kube_double/kube_double.hpp"
#include "kube/kube_client.hpp"
#include "platform/clock.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::Admin;
using contract::secretOf;
using fakes::kube::Fault;
using fakes::kube::KubeDouble;
namespace json = boost::json;

namespace {

/// A double with clients of it.
struct Scene {
  explicit Scene(bool plainHttp = false) : server(options(plainHttp)) {
    server.store().createNamespace("ns");
    admin = std::make_unique<Admin>(connect(server.kubeconfig()), clock);
  }
  static fakes::kube::KubeDoubleOptions options(bool plainHttp) {
    fakes::kube::KubeDoubleOptions made;
    made.plainHttp = plainHttp;
    return made;
  }
  std::shared_ptr<kube::Connection> connect(std::string const& kubeconfig) {
    core::ClusterConfig config;
    config.kubeconfig = kubeconfig;
    kube::ConnectionSettings settings;
    settings.clock = &clock;
    settings.userAgent = "double-test/1";
    settings.open = [this](sdk::TransportSpec const& spec) { return factory.open(spec); };
    return std::make_shared<kube::Connection>(config, settings);
  }
  apply::KubeCall call(std::chrono::milliseconds within = std::chrono::seconds(30)) {
    return {clock.boot() + within, nullptr};
  }
  core::KubeResult<core::Observed> observe(
      std::string const& kubeconfig, std::chrono::milliseconds within = std::chrono::seconds(30)) {
    kube::KubeClient client(connect(kubeconfig), clock);
    return client.observe({"default", "ns", "a"}, call(within));
  }
  /// The name of the failure, or "seen".
  std::string observed(std::string const& kubeconfig) { return nameOf(observe(kubeconfig)); }
  static std::string nameOf(core::KubeResult<core::Observed> const& result) {
    auto const* failure = std::get_if<core::KubeFailure>(&result);
    return failure != nullptr ? core::nameOf(failure->kind) : "seen";
  }

  platform::SystemClock clock;
  platform::StopSignal stop;
  platform::TransportFactory factory{clock, stop};
  KubeDouble server;
  std::unique_ptr<Admin> admin;
};

/// Collects lines until there are enough.
struct Lines final : platform::BodySink {
  explicit Lines(std::size_t count) : wanted(count) {}
  bool onHead(sdk::HttpResponse&& head) noexcept override {
    status = head.status;
    return true;
  }
  bool onChunk(std::string_view bytes) noexcept override {
    rest += bytes;
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      auto const event = json::parse(rest.substr(0, end)).as_object();
      auto const& object = event.at("object");
      auto const name = contract::metadataOf(object, "name");
      texts.push_back(std::string(event.at("type").as_string()) + (name.empty() ? "" : " " + name));
      rest.erase(0, end + 1);
    }
    return texts.size() < wanted;
  }
  std::size_t wanted;
  int status = 0;
  std::string rest;
  std::vector<std::string> texts;
};

std::string joined(std::vector<std::string> const& words) {
  std::string text;
  for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

TEST_GROUP(DoubleLogin){};

TEST(DoubleLogin, KnowsTheAdministratorByCertificateAndOthersByToken) {
  Scene scene;
  STRCMP_EQUAL("seen", scene.observed(scene.server.kubeconfig()).c_str());
  auto const limited = scene.server.kubeconfigFor("limited", "t0ken");
  STRCMP_EQUAL("forbidden", scene.observed(limited).c_str());
  scene.server.access().setRules("limited", {{{"get"}, {"secrets"}, {"ns"}, {"a"}}});
  STRCMP_EQUAL("seen", scene.observed(limited).c_str());
  scene.server.access().setRules("limited", {{{"get"}, {"secrets"}, {"ns"}, {"b"}}});
  STRCMP_EQUAL("forbidden", scene.observed(limited).c_str());
  scene.server.access().expireTokens("limited");
  STRCMP_EQUAL("unauthenticated", scene.observed(limited).c_str());
}

TEST(DoubleLogin, AnApplyThatCreatesNeedsTheRightToCreate) {
  Scene scene;
  auto const limited = scene.server.kubeconfigFor("limited", "t0ken");
  Admin user(scene.connect(limited), scene.clock);
  scene.server.access().setRules("limited", {{{"patch"}, {"secrets"}, {}, {}}});
  LONGS_EQUAL(403, user.apply({"ns", "a"}, secretOf({{"k", "v"}}), "m").status);
  scene.server.access().setRules("limited", {{{"patch", "create"}, {"secrets"}, {}, {}}});
  LONGS_EQUAL(201, user.apply({"ns", "a"}, secretOf({{"k", "v"}}), "m").status);
}

TEST(DoubleLogin, IssuesTokensThatEnd) {
  Scene scene;
  auto const end = std::chrono::system_clock::now() + std::chrono::hours(1);
  auto const token = scene.server.access().issueToken("system:serviceaccount:ns:d", end);
  scene.server.access().setRules("system:serviceaccount:ns:d", {{{}, {}, {}, {}}});
  auto const kubeconfig = scene.server.kubeconfigFor("somebody", token + "x");
  STRCMP_EQUAL("forbidden", scene.observed(kubeconfig).c_str());
  auto const authenticated = scene.server.access().authenticate("Bearer " + token, "");
  STRCMP_EQUAL("system:serviceaccount:ns:d", std::get<std::string>(authenticated).c_str());
  scene.server.access().expireTokens("system:serviceaccount:ns:d");
  auto const refused = scene.server.access().authenticate("Bearer " + token, "");
  LONGS_EQUAL(401, std::get<fakes::kube::Status>(refused).code);
}

TEST(DoubleLogin, ServesPlainHttpTooWhereAsked) {
  Scene scene(true);
  CHECK(scene.server.server().starts_with("http://127.0.0.1:"));
  STRCMP_EQUAL("seen", scene.observed(scene.server.kubeconfig()).c_str());
}

TEST_GROUP(DoubleFaults) {
  Scene scene;
  std::string with(Fault::Kind kind) {
    Fault fault;
    fault.kind = kind;
    fault.method = "GET";
    fault.times = 1;
    scene.server.faults().add(fault);
    return scene.observed(scene.server.kubeconfig());
  }
};

TEST(DoubleFaults, AnswerWithAStatus) {
  Fault fault;
  fault.status = 429;
  fault.retryAfterSeconds = 3;
  scene.server.faults().add(fault);
  auto const result = scene.observe(scene.server.kubeconfig());
  auto const& failure = std::get<core::KubeFailure>(result);
  CHECK(failure.kind == core::KubeFailureKind::throttled);
  LONGS_EQUAL(3000, failure.retryAfter.count());
  STRCMP_EQUAL("seen", scene.observed(scene.server.kubeconfig()).c_str());
}

TEST(DoubleFaults, BreakTheAnswer) {
  STRCMP_EQUAL("unavailable", with(Fault::Kind::reset).c_str());
  STRCMP_EQUAL("invalid_response", with(Fault::Kind::garbage).c_str());
  STRCMP_EQUAL("unavailable", with(Fault::Kind::truncate).c_str());
  STRCMP_EQUAL("seen", scene.observed(scene.server.kubeconfig()).c_str());
}

TEST(DoubleFaults, HangUntilTheClientGoes) {
  Fault fault;
  fault.kind = Fault::Kind::hang;
  scene.server.faults().add(fault);
  auto const result = scene.observe(scene.server.kubeconfig(), std::chrono::milliseconds(300));
  STRCMP_EQUAL("timed_out", Scene::nameOf(result).c_str());
}

TEST(DoubleFaults, LoseOnlyTheAnswerWhereAsked) {
  Fault fault;
  fault.kind = Fault::Kind::status;
  fault.method = "POST";
  fault.afterwards = true;
  scene.server.faults().add(fault);
  LONGS_EQUAL(500, scene.admin->create({"ns", "a"}, secretOf({{"k", "v"}}), "m").status);
  LONGS_EQUAL(200, scene.admin->read({"ns", "a"}).status);
}

TEST(DoubleFaults, SkipAndCountMatchingRequests) {
  Fault fault;
  fault.pathContains = "secrets/b";
  fault.skip = 1;
  fault.times = 2;
  scene.server.faults().add(fault);
  LONGS_EQUAL(404, scene.admin->read({"ns", "a"}).status);
  LONGS_EQUAL(404, scene.admin->read({"ns", "b"}).status);
  LONGS_EQUAL(500, scene.admin->read({"ns", "b"}).status);
  LONGS_EQUAL(500, scene.admin->read({"ns", "b"}).status);
  LONGS_EQUAL(404, scene.admin->read({"ns", "b"}).status);
}

TEST_GROUP(DoubleLists) {
  Scene scene;
  void setup() override {
    for (auto const* name : {"a", "b", "c"}) {
      auto object = secretOf({{"k", "v"}});
      object["metadata"] = json::object{{"labels", json::object{{"l", name}}}};
      scene.admin->create({"ns", name}, object, "m");
    }
  }
};

TEST(DoubleLists, PagesShowOneMoment) {
  auto& store = scene.server.store();
  fakes::kube::ListQuery query;
  query.limit = 2;
  auto const first = std::get<fakes::kube::Page>(store.list(query));
  LONGS_EQUAL(2, first.items.size());
  scene.admin->remove({"ns", "c"});
  query.continueToken = first.continueToken;
  auto const second = std::get<fakes::kube::Page>(store.list(query));
  LONGS_EQUAL(1, second.items.size());
  STRCMP_EQUAL("c", second.items.front().name.c_str());
  STRCMP_EQUAL(first.resourceVersion.c_str(), second.resourceVersion.c_str());
  CHECK(second.continueToken.empty());
}

TEST(DoubleLists, ACompactedPageIsGone) {
  auto& store = scene.server.store();
  fakes::kube::ListQuery query;
  query.limit = 1;
  query.continueToken = std::get<fakes::kube::Page>(store.list(query)).continueToken;
  store.compact();
  LONGS_EQUAL(410, std::get<fakes::kube::Status>(store.list(query)).code);
  query.continueToken = "nonsense";
  LONGS_EQUAL(400, std::get<fakes::kube::Status>(store.list(query)).code);
}

TEST(DoubleLists, SelectByLabelAndName) {
  fakes::kube::ListQuery query;
  query.labelName = "l";
  query.labelValue = "b";
  LONGS_EQUAL(1, std::get<fakes::kube::Page>(scene.server.store().list(query)).items.size());
  query.name = "a";
  LONGS_EQUAL(0, std::get<fakes::kube::Page>(scene.server.store().list(query)).items.size());
}

TEST_GROUP(DoubleWatch) {
  Scene scene;
  std::string watch(std::string const& query, Lines& lines) {
    auto const way = scene.connect(scene.server.kubeconfig())->way();
    sdk::HttpRequest request;
    request.target = "/api/v1/namespaces/ns/secrets?watch=true&" + query;
    request.headers = way.headers;
    request.headers.push_back(
        {"Accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"});
    request.deadline = scene.clock.boot() + std::chrono::seconds(30);
    auto const ended = way.transport->stream(request, std::chrono::seconds(30), lines);
    return ended ? joined(lines.texts) : ended.failure().message;
  }
  void label(std::string const& value) {
    scene.admin->merge({"ns", "a"},
                       {{"metadata", json::object{{"labels", json::object{{"l", value}}}}}}, "m");
  }
};

TEST(DoubleWatch, TellsWhatHappenedSinceAndALostLabelAsDeletion) {
  auto const since = std::to_string(scene.server.store().revision());
  scene.admin->create({"ns", "a"}, secretOf({{"k", "v"}}), "m");
  label("1");
  scene.admin->merge({"ns", "a"}, {{"data", json::object{{"k", "MQ=="}}}}, "m");
  label("2");
  label("1");
  scene.admin->remove({"ns", "a"});
  Lines selected(5);
  STRCMP_EQUAL("ADDED a, MODIFIED a, DELETED a, ADDED a, DELETED a",
               watch("resourceVersion=" + since + "&labelSelector=l%3D1", selected).c_str());
  Lines all(6);
  STRCMP_EQUAL("ADDED a, MODIFIED a, MODIFIED a, MODIFIED a, MODIFIED a, DELETED a",
               watch("resourceVersion=" + since, all).c_str());
}

TEST(DoubleWatch, BeginsWithWhatIsThereWhereNoVersionIsGiven) {
  scene.admin->create({"ns", "a"}, secretOf({{"k", "v"}}), "m");
  Lines lines(1);
  STRCMP_EQUAL("ADDED a", watch("resourceVersion=0", lines).c_str());
}

TEST(DoubleWatch, SaysThatACompactedVersionIsGone) {
  auto const since = std::to_string(scene.server.store().revision());
  scene.admin->create({"ns", "a"}, secretOf({{"k", "v"}}), "m");
  scene.server.store().compact();
  Lines lines(1);
  STRCMP_EQUAL("ERROR", watch("resourceVersion=" + since, lines).c_str());
  LONGS_EQUAL(200, lines.status);
}

TEST(DoubleWatch, EndsWithABookmarkWhereItsTimeIsOver) {
  Lines lines(100);
  auto const since = std::to_string(scene.server.store().revision());
  STRCMP_EQUAL(
      "BOOKMARK",
      watch("timeoutSeconds=3&allowWatchBookmarks=true&resourceVersion=" + since, lines).c_str());
}

TEST_GROUP(DoubleLog){};

TEST(DoubleLog, RemembersRequestsInOrder) {
  Scene scene;
  scene.server.forgetRequests();
  scene.admin->read({"ns", "a"});
  scene.admin->create({"ns", "a"}, secretOf({{"k", "v"}}), "m");
  auto const requests = scene.server.requests();
  LONGS_EQUAL(2, requests.size());
  STRCMP_EQUAL("GET", requests[0].method.c_str());
  LONGS_EQUAL(404, requests[0].code);
  STRCMP_EQUAL("/api/v1/namespaces/ns/secrets?fieldManager=m", requests[1].target.c_str());
  LONGS_EQUAL(201, requests[1].code);
}
