// SPDX-License-Identifier: Apache-2.0
#include "control/routes.hpp"

#include <boost/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "unit/control/example.hpp"
#include "unit/control/main_loop.hpp"

using namespace kms_secretd::control;
namespace json = boost::json;
using namespace std::chrono_literals;

TEST_GROUP(Routes) {
  Desk desk;
  MainLoop loop{desk};
  Routes routes{desk, "node-1", 5s};

  HttpReply get(std::string const& path, Entrance entrance = Entrance::socket,
                std::string const& host = "localhost") {
    return routes.answer({.method = "GET", .path = path, .host = host}, entrance);
  }
  HttpReply post(std::string const& body) {
    return routes.answer({.method = "POST", .path = "/v1/sync", .host = "x", .body = body},
                         Entrance::socket);
  }
  std::variant<HttpReply, PlanBegun> begin(std::string const& body) {
    return routes.beginPlan({.method = "POST", .path = "/v1/plan", .host = "x", .body = body});
  }
  HttpReply refusal(std::string const& body) { return std::get<HttpReply>(begin(body)); }
};

TEST(Routes, TellTheFailingTargetsBeforeTheHeldAndContestedOnesWithAllThatAnAdminNeeds) {
  auto const reply = get("/v1/status");
  LONGS_EQUAL(200, reply.status);
  auto const status = json::parse(reply.body).as_object();
  auto const& trouble = status.at("trouble").as_array();
  LONGS_EQUAL(3, trouble.size());
  auto const& first = trouble.at(0).as_object();
  CHECK_TRUE(first.at("name") == "failing");
  CHECK_TRUE(first.at("message") == "store broken: no answer");
  CHECK_TRUE(first.at("remedy") == "look at the network");
  CHECK_TRUE(first.at("since") == "2026-09-21T14:03:20Z");
  STRCMP_CONTAINS("keeps the values of 2026-09-21T14:01:20Z",
                  first.at("effect").as_string().c_str());
  CHECK_TRUE(trouble.at(1).as_object().at("state") == "held");
  CHECK_TRUE(trouble.at(1).as_object().at("held").at("change") == "a1b2c3d4");
  CHECK_TRUE(trouble.at(2).as_object().at("message") == "held: password by kubectl-edit");
  CHECK_TRUE(status.at("targets").at("held") == 1);
  CHECK_TRUE(status.at("clusters").at(0).at("held_deletions").at("drops").as_array().size() == 2);
}

TEST(Routes, ShowOneTargetAndSayThatAnotherIsNotThere) {
  LONGS_EQUAL(200, get("/v1/targets/a/good").status);
  LONGS_EQUAL(404, get("/v1/targets/a/none").status);
  LONGS_EQUAL(404, get("/v1/targets/a").status);
  LONGS_EQUAL(404, get("/v1/targets/a/good/b").status);
  LONGS_EQUAL(5, json::parse(get("/v1/targets").body).at("targets").as_array().size());
}

TEST(Routes, AreNotReadyWhileAStoreIsSilentAndSayWhich) {
  auto const reply = get("/readyz");
  LONGS_EQUAL(503, reply.status);
  CHECK_EQUAL(std::string("1 of 5 secrets were not looked at yet\nstore broken does not answer\n"),
              reply.body);
  LONGS_EQUAL(200, get("/healthz").status);
}

TEST(Routes, GiveOverTcpOnlyMetricsAndHealth) {
  LONGS_EQUAL(200, get("/metrics", Entrance::metrics, "127.0.0.1:9469").status);
  LONGS_EQUAL(200, get("/healthz", Entrance::metrics, "[::1]:9469").status);
  LONGS_EQUAL(404, get("/v1/status", Entrance::metrics, "127.0.0.1:9469").status);
  auto const sync = routes.answer(
      {.method = "POST", .path = "/v1/sync", .host = "127.0.0.1", .body = R"({"all":true})"},
      Entrance::metrics);
  LONGS_EQUAL(404, sync.status);
}

TEST(Routes, RefuseOverTcpAHostThatALuredBrowserWouldSend) {
  LONGS_EQUAL(421, get("/metrics", Entrance::metrics, "evil.example").status);
  LONGS_EQUAL(421, get("/metrics", Entrance::metrics, "127.0.0.1.evil.example:80").status);
  LONGS_EQUAL(421, get("/metrics", Entrance::metrics, "").status);
  LONGS_EQUAL(200, get("/metrics", Entrance::metrics, "node-1:9469").status);
}

TEST(Routes, SyncExactlyWhatWasNamed) {
  LONGS_EQUAL(202, post(R"({"target":"a/good"})").status);
  CHECK_EQUAL(std::string("target a/good"), loop.lastSync());
  LONGS_EQUAL(202, post(R"({"store":"good"})").status);
  CHECK_EQUAL(std::string("store good"), loop.lastSync());
  LONGS_EQUAL(202, post(R"({"all":true})").status);
  CHECK_EQUAL(std::string("all"), loop.lastSync());
}

TEST(Routes, PromiseNoSyncWhereAnotherDaemonLeads) {
  loop.refuse("ask the one that leads");
  auto const reply = post(R"({"all":true})");
  LONGS_EQUAL(409, reply.status);
  STRCMP_CONTAINS("ask the one that leads", reply.body.c_str());
}

TEST(Routes, RefuseASyncThatCouldMeanMoreThanWasMeant) {
  for (auto const* body : {"", "{}", "[]", "null", R"({"all":false})", R"({"target":"a"})",
                           R"({"target":"a/b","all":true})", R"({"target":7})", R"({"every":true})",
                           R"({"target":"a/b)", "[[[[[[[[[["}) {
    LONGS_EQUAL_TEXT(400, post(body).status, body);
  }
  CHECK_EQUAL(std::string(""), loop.lastSync());
  LONGS_EQUAL(404, post(R"({"target":"a/none"})").status);
}

TEST(Routes, TakeNoOtherMethods) {
  LONGS_EQUAL(405, get("/v1/sync").status);
  LONGS_EQUAL(405,
              routes.answer({.method = "POST", .path = "/v1/status"}, Entrance::socket).status);
  LONGS_EQUAL(405, routes.answer({.method = "PUT", .path = "/metrics"}, Entrance::socket).status);
  LONGS_EQUAL(404, get("/").status);
}

TEST_GROUP(StuckLoop) {
  Desk desk;
  Routes routes{desk, "", 20ms};
};

TEST(StuckLoop, IsSaidInsteadOfWaitedFor) {
  LONGS_EQUAL(503, routes.answer({.method = "GET", .path = "/healthz"}, Entrance::socket).status);
  LONGS_EQUAL(503, routes.answer({.method = "GET", .path = "/v1/status"}, Entrance::socket).status);
}

TEST(Routes, ApproveExactlyTheChangeThatIsNamed) {
  auto const approve = [&](std::string const& body) {
    return routes.answer({.method = "POST", .path = "/v1/approve", .host = "x", .body = body},
                         Entrance::socket);
  };
  LONGS_EQUAL(202, approve(R"({"target":"b/held","change":"a1b2c3d4"})").status);
  STRCMP_EQUAL("b/held a1b2c3d4", loop.lastApproval().c_str());
  LONGS_EQUAL(202, approve(R"({"deletions":true,"change":"a1b2c3d4"})").status);
  STRCMP_EQUAL("deletions a1b2c3d4", loop.lastApproval().c_str());
  auto const other = approve(R"({"deletions":true,"change":"ffffffff"})");
  LONGS_EQUAL(404, other.status);
  STRCMP_CONTAINS("no change of that name is held", other.body.c_str());
  loop.refuse("another daemon leads");
  LONGS_EQUAL(409, approve(R"({"deletions":true,"change":"a1b2c3d4"})").status);
}

TEST(Routes, ApproveNothingThatIsNotNamedWhole) {
  for (auto const* body :
       {"", "{}", R"({"change":"a1b2c3d4"})", R"({"target":"b/held"})",
        R"({"deletions":false,"change":"a1b2c3d4"})", R"({"target":"held","change":"a1b2c3d4"})",
        R"({"target":"b/held","deletions":true,"change":"a1b2c3d4"})",
        R"({"target":"b/held","change":7})"}) {
    LONGS_EQUAL(400,
                routes
                    .answer({.method = "POST", .path = "/v1/approve", .host = "x", .body = body},
                            Entrance::socket)
                    .status);
  }
  STRCMP_EQUAL("", loop.lastApproval().c_str());
  LONGS_EQUAL(405, get("/v1/approve").status);
  LONGS_EQUAL(404, get("/v1/approve", Entrance::metrics).status);
}

TEST(StuckLoop, NeverCarriesOutALateApproval) {
  auto const reply = routes.answer({.method = "POST",
                                    .path = "/v1/approve",
                                    .body = R"({"deletions":true,"change":"a1b2c3d4"})"},
                                   Entrance::socket);
  LONGS_EQUAL(503, reply.status);
  ExampleAnswers answers;
  desk.serve(answers);
  CHECK_EQUAL(std::string(""), answers.lastApproval);
}

TEST(StuckLoop, NeverCarriesOutALateSync) {
  auto const reply = routes.answer(
      {.method = "POST", .path = "/v1/sync", .body = R"({"all":true})"}, Entrance::socket);
  LONGS_EQUAL(503, reply.status);
  ExampleAnswers answers;
  desk.serve(answers);
  CHECK_EQUAL(std::string(""), answers.lastSync);
}

TEST(Routes, BeginAPlanOfWhatWasNamedByTheConfigurationThatWasMeant) {
  auto const all = begin("{}");
  CHECK_TRUE(std::holds_alternative<PlanBegun>(all));
  LONGS_EQUAL(600'000, std::get<PlanBegun>(all).longest.count());
  CHECK_TRUE(loop.lastPlan().pending);
  CHECK_TRUE(loop.lastPlan().targets.empty());
  loop.planned()->finish("{}");
  auto const some =
      begin(R"({"targets":["a/good","west:a/b"],"pending":false,"timeout_seconds":7})");
  LONGS_EQUAL(7'000, std::get<PlanBegun>(some).longest.count());
  CHECK_FALSE(loop.lastPlan().pending);
  CHECK_TRUE((loop.lastPlan().targets == std::vector<std::string>{"a/good", "west:a/b"}));
}

TEST(Routes, SayWhyNoPlanIsBegun) {
  LONGS_EQUAL(404, refusal(R"({"targets":["a/absent"]})").status);
  CHECK_TRUE(std::holds_alternative<PlanBegun>(begin("{}")));
  auto const busy = refusal("{}");
  LONGS_EQUAL(409, busy.status);
  STRCMP_CONTAINS("a plan is under way", busy.body.c_str());
}

TEST(Routes, BeginNoPlanThatIsNotAsItMustBe) {
  for (auto const* odd :
       {"", "[]", R"({"target":"a/good"})", R"({"targets":"a/good"})", R"({"targets":["a"]})",
        R"({"targets":[7]})", R"({"pending":1})", R"({"timeout_seconds":0})",
        R"({"timeout_seconds":3601})", R"({"timeout_seconds":"9"})"}) {
    LONGS_EQUAL(400, refusal(odd).status);
  }
  CHECK_TRUE(loop.planned() == nullptr);
}

TEST(Routes, BeginAPlanForAPostOverTheSocketOnly) {
  HttpRequest request{.method = "POST", .path = "/v1/plan", .host = "127.0.0.1", .body = "{}"};
  CHECK_TRUE(Routes::asksForPlan(request, Entrance::socket));
  CHECK_FALSE(Routes::asksForPlan(request, Entrance::metrics));
  LONGS_EQUAL(404, routes.answer(request, Entrance::metrics).status);
  LONGS_EQUAL(405, get("/v1/plan").status);
}
