// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <thread>

#include "backends/backend_instance.hpp"
#include "backends/plugin_registry.hpp"
#include "backends/result_guard.hpp"
#include "conformance/loaded_backend.hpp"
#include "conformance/test_cancellation.hpp"
#include "fakes/fake_host.hpp"
#include "unit/backends/child.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using kms_secretd::conformance::GivenOptions;
using kms_secretd::conformance::LoadedBackend;

namespace {

std::string builtPlugin(std::string const& name) {
  return std::string(KMS_SECRETD_BAD_PLUGINS) + "/" + name + ".so";
}

/// "option: sentence" of the refusal, or "made".
std::string making(std::string const& name, GivenOptions const& options = {}) {
  fakes::FakeHost host;
  try {
    LoadedBackend const loaded(builtPlugin(name), options, host);
    return "made";
  } catch (backends::PluginError const& error) {
    return error.option() + ": " + error.what();
  }
}

std::string shown(sdk::Result<sdk::FetchedSecret> const& result) {
  if (result.ok()) return std::string(result.value().value.reveal());
  return std::string(sdk::nameOf(result.failure().kind)) + ": " + result.failure().message;
}

}  // namespace

TEST_GROUP(MakingABackend){};

TEST(MakingABackend, TurnsWhatCreateThrowsIntoASentence) {
  auto const said = backends::inChild([] { return making("throwing-create"); });
  STRCMP_EQUAL(": backend \"throwing-create\" cannot be made: thrown through the boundary",
               said.c_str());
}

TEST(MakingABackend, BearsWhatIsNoException) {
  auto const said = backends::inChild([] { return making("throwing-number"); });
  STRCMP_EQUAL(
      ": backend \"throwing-number\" cannot be made: the plugin failed with an unknown exception",
      said.c_str());
}

TEST(MakingABackend, SaysThatThereWasNoReason) {
  STRCMP_EQUAL(": backend \"silent-create\" cannot be made: it gave no reason",
               making("silent-create").c_str());
}

TEST(MakingABackend, NamesTheOptionAtFaultInPrintableWords) {
  STRCMP_EQUAL("auth.id: backend \"option-error\" cannot be made: the id must not be empty",
               making("option-error").c_str());
}

TEST(MakingABackend, PassesOnWhatTheConstructorOfAnHonestPluginThrew) {
  STRCMP_EQUAL("text: backend \"probe\" cannot be made: \"refuse\" is refused",
               making("probe", {{"text", sdk::OptionValue{std::string("refuse")}}}).c_str());
  STRCMP_EQUAL(": backend \"probe\" cannot be made: thrown by the constructor",
               making("probe", {{"throw", sdk::OptionValue{std::string("now")}}}).c_str());
}

TEST(MakingABackend, BearsADestroyThatThrows) {
  STRCMP_EQUAL("made", backends::inChild([] { return making("throwing-destroy"); }).c_str());
}

TEST(MakingABackend, KeepsTheLibraryAsLongAsTheBackend) {
  fakes::FakeHost host;
  auto directory = std::make_unique<conformance::TemporaryDirectory>();
  directory->copyPlugin(builtPlugin("probe"), "probe.so");
  auto registry = std::make_unique<backends::PluginRegistry>(
      backends::PluginDirectory{directory->path(), true});
  auto library = registry->load("probe");
  auto const options = conformance::completed(library->options(), {});
  backends::BackendInstance instance(std::move(library), options, host);
  registry.reset();
  directory.reset();
  auto const result = instance.fetch({.name = "options", .deadline = host.clock().boot()});
  STRCMP_CONTAINS("text=hello\n", shown(result).c_str());
  STRCMP_EQUAL("probe", instance.plugin().name().c_str());
}

TEST_GROUP(Probe) {
  fakes::FakeHost host;
  conformance::TestCancellation cancellation;

  sdk::FetchRequest request(std::string const& name) {
    return {.name = name,
            .deadline = host.clock().boot() + sdk::Milliseconds{5'000},
            .cancellation = &cancellation};
  }
};

TEST(Probe, ReachesEveryServiceOfTheHost) {
  host.peer("probe.example").reply({201, "hello", {{"X-Probe", "seen"}}});
  host.source("/run/key").set("key");
  host.giveToken("jwt", sdk::WallTime{sdk::Milliseconds{777}});
  LoadedBackend loaded(
      builtPlugin("probe"),
      {{"credential", sdk::OptionValue{sdk::SecretRef{sdk::SecretRef::Kind::file, "/run/key"}}}},
      host);
  auto const result = loaded.backend().fetch(request("services"));
  auto const fd = std::to_string(cancellation.wakeFd());
  auto const expected =
      "transport=201 seen hello\nsecret=key#1\ntoken=jwt@777\nboot=1000000\n"
      "wall=1788249600000\ncancelled=no fd=" +
      fd + "\nagent=kms-secretd/test\n";
  STRCMP_EQUAL(expected.c_str(), shown(result).c_str());
  auto const sent = host.peer("probe.example").sent();
  CHECK_EQUAL(1U, sent.size());
  STRCMP_EQUAL("from the probe", sent[0].body.c_str());
  STRCMP_EQUAL("kms-secretd/test", sent[0].header("User-Agent").c_str());
  POINTERS_EQUAL(&cancellation, sent[0].cancellation);
}

TEST(Probe, SeesEachFailureOfAService) {
  host.refuseTransports({.kind = sdk::FailureKind::invalid_request, .message = "no transport"});
  LoadedBackend loaded(builtPlugin("probe"), {}, host);
  auto const text = shown(loaded.backend().fetch(request("services")));
  STRCMP_CONTAINS("transport=invalid_request: no transport\n", text.c_str());
  STRCMP_CONTAINS("secret=not_found: ", text.c_str());
}

TEST(Probe, LooksAtItsCredentialsWhenAsked) {
  LoadedBackend loaded(builtPlugin("probe"), {}, host);
  CHECK_TRUE(loaded.backend().lookAtCredentials());
}

TEST(Probe, OfAnOlderSdkIsNeverCalledWhereItHasNoFunction) {
  LoadedBackend loaded(builtPlugin("older-minor"), {}, host);
  CHECK_FALSE(loaded.backend().lookAtCredentials());
  STRCMP_EQUAL("the plugin is older than this check",
               loaded.backend().probe({}).value().note.c_str());
}

TEST(Probe, GetsEveryTypeOfOptionWithItsDefault) {
  LoadedBackend loaded(builtPlugin("probe"), {}, host);
  STRCMP_EQUAL(
      "text=hello\nflag=true\ncount=-7\nduration=90000\nsize=4096\nmode=fast\ncredential=\n"
      "list=a;b;\nnested=green\nrows=\n",
      shown(loaded.backend().fetch(request("options"))).c_str());
}

TEST(Probe, CarriesEveryFieldOfAResult) {
  LoadedBackend loaded(builtPlugin("probe"), {}, host);
  auto const result = loaded.backend().fetch(request("everything"));
  CHECK_TRUE(result.ok());
  auto const& secret = result.value();
  CHECK_TRUE(secret.value.reveal() == std::string_view("bin\0ary", 7));
  CHECK_TRUE(secret.dataType == sdk::DataType::binary);
  STRCMP_EQUAL("v1", secret.versionId.c_str());
  STRCMP_EQUAL("ACSCurrent", secret.stages.at(0).c_str());
  STRCMP_EQUAL("Generic", secret.secretType.c_str());
  STRCMP_EQUAL("2026-10-01T00:00:00Z", secret.nextRotation.c_str());
  STRCMP_EQUAL("Enabled", secret.rotationState.c_str());
  CHECK_TRUE(secret.extendedConfig.reveal() == "{}");
  STRCMP_EQUAL("request-1", secret.requestId.c_str());
  STRCMP_EQUAL("Tue, 01 Sep 2026 08:00:00 GMT", secret.serverDate.c_str());
}

TEST(Probe, ThrowsNothingThroughFetch) {
  LoadedBackend loaded(builtPlugin("probe"), {}, host);
  STRCMP_EQUAL("internal: thrown by fetch",
               shown(loaded.backend().fetch(request("throws"))).c_str());
}

TEST(Probe, IsGuardedThroughTheBoundary) {
  LoadedBackend loaded(builtPlugin("probe"), {}, host);
  auto const bad = loaded.backend().fetch(request("bad-kind"));
  CHECK_TRUE(bad.failure().kind == sdk::FailureKind::internal);
  STRCMP_CONTAINS("a b [31mc?xxx", bad.failure().message.c_str());
  CHECK_EQUAL(backends::maxMessageBytes, bad.failure().message.size());
  STRCMP_CONTAINS("huge with a value of 2097152 bytes",
                  shown(loaded.backend().fetch(request("huge"))).c_str());
  STRCMP_CONTAINS("stages with 1000 stages",
                  shown(loaded.backend().fetch(request("stages"))).c_str());
}

TEST(Probe, IsWokenByACancellation) {
  LoadedBackend loaded(builtPlugin("probe"), {}, host);
  std::string said;
  std::thread caller([&] { said = shown(loaded.backend().fetch(request("wait"))); });
  cancellation.request();
  caller.join();
  STRCMP_EQUAL("internal: wait was cancelled", said.c_str());
}
