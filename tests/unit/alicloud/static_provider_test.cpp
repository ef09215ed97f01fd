// SPDX-License-Identifier: Apache-2.0
#include "alicloud/static_provider.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;

namespace {

std::unique_ptr<sdk::SecretSource> open(fakes::FakeHost& host, std::string const& value) {
  return std::move(host.openSecretSource({.value = value})).value();
}

std::string textOf(CredentialPtr const& credential) {
  return credential->accessKeyId() + '|' + std::string(credential->accessKeySecret().reveal()) +
         '|' + std::string(credential->securityToken().reveal());
}

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_GROUP(StaticCredential) {
  fakes::FakeHost host;

  void write(std::string const& generation) {
    host.source("id").set("id" + generation);
    host.source("secret").set("secret" + generation);
    host.source("token").set("token" + generation);
  }
  StaticProvider key() { return StaticProvider({open(host, "id"), open(host, "secret"), {}}); }
  StaticProvider triple() {
    return StaticProvider({open(host, "id"), open(host, "secret"), open(host, "token")});
  }
  static std::string answer(StaticProvider & provider, CredentialPtr refused = {}) {
    auto const result = provider.get({.refused = std::move(refused)});
    if (result) return textOf(result.value());
    return std::string(sdk::nameOf(result.failure().kind)) + ": " + result.failure().message;
  }
};

TEST(StaticCredential, ReadsNothingBeforeItIsAsked) {
  write("1");
  auto provider = triple();
  LONGS_EQUAL(0, host.reads());
}

TEST(StaticCredential, GivesAKeyOrATriple) {
  write("1");
  auto one = key();
  STRCMP_EQUAL("id1|secret1|", answer(one).c_str());
  auto three = triple();
  STRCMP_EQUAL("id1|secret1|token1", answer(three).c_str());
}

TEST(StaticCredential, StripsTheNewlineAtTheEndOfAFile) {
  host.source("id").set("id1\n");
  host.source("secret").set("secret1\r\n");
  auto provider = key();
  STRCMP_EQUAL("id1|secret1|", answer(provider).c_str());
}

TEST(StaticCredential, GivesTheSameObjectWhileNothingChanges) {
  write("1");
  auto provider = triple();
  auto const first = provider.get({}).value();
  CHECK(provider.get({}).value() == first);
  CHECK(provider.get({.refused = first}).value() == first);
}

TEST(StaticCredential, ReadsNothingAgainWhileNothingChanges) {
  write("1");
  auto provider = triple();
  auto const first = provider.get({}).value();
  auto const reads = host.reads();
  CHECK(provider.get({}).value() == first);
  LONGS_EQUAL(reads, host.reads());
}

TEST(StaticCredential, ReadsAgainWhatWasRefusedHoweverUnchangedItLooks) {
  write("1");
  auto provider = triple();
  auto const first = provider.get({}).value();
  auto const reads = host.reads();
  CHECK(provider.get({.refused = first}).value() == first);
  CHECK(host.reads() > reads);
}

TEST(StaticCredential, GivesTheSameObjectWhenAFileIsRewrittenWithTheSameContent) {
  write("1");
  auto provider = triple();
  auto const first = provider.get({}).value();
  write("1");
  CHECK(provider.get({}).value() == first);
}

TEST(StaticCredential, B20_UsesARotatedKeyAtOnce) {
  write("1");
  auto provider = triple();
  auto const first = provider.get({}).value();
  write("2");
  STRCMP_EQUAL("id2|secret2|token2", answer(provider).c_str());
  STRCMP_EQUAL("id1|secret1|token1", textOf(first).c_str());
}

TEST(StaticCredential, NeverMixesTwoGenerationsThatChangeWhileItReads) {
  write("1");
  auto provider = triple();
  bool changed = false;
  host.source("secret").beforeRead([&] {
    if (!std::exchange(changed, true)) write("2");
  });
  STRCMP_EQUAL("id2|secret2|token2", answer(provider).c_str());
}

TEST(StaticCredential, NeverMixesGenerationsAfterAFirstCredentialEither) {
  write("1");
  auto provider = triple();
  static_cast<void>(provider.get({}));
  host.source("id").set("id1");  // so that it reads again
  bool changed = false;
  host.source("token").beforeRead([&] {
    if (!std::exchange(changed, true)) write("2");
  });
  STRCMP_EQUAL("id2|secret2|token2", answer(provider).c_str());
}

TEST(StaticCredential, GivesUpOnSourcesThatNeverHoldStill) {
  write("1");
  auto provider = triple();
  int generation = 1;
  host.source("secret").beforeRead(
      [&] { host.source("id").set("id" + std::to_string(++generation)); });
  CHECK(answer(provider).starts_with("unauthenticated: "));
  CHECK(contains(answer(provider), "keep changing"));
  CHECK(host.reads() < 40);
}

TEST(StaticCredential, AMissingSourceIsNeverAMissingSecret) {
  host.source("id").set("id1");
  auto provider = key();  // "secret" was never written: its file does not exist
  auto const text = answer(provider);
  CHECK(text.starts_with("unauthenticated: auth.secret: "));
  CHECK(contains(text, "does not exist"));
}

TEST(StaticCredential, ADeniedSourceIsNeverADeniedSecret) {
  write("1");
  host.source("id").fail({.kind = sdk::FailureKind::permission_denied, .message = "id: denied"});
  auto provider = key();
  STRCMP_EQUAL("unauthenticated: auth.id: id: denied", answer(provider).c_str());
}

TEST(StaticCredential, KeepsTheOldKeyWhileTheNewFileIsBad) {
  write("1");
  auto provider = triple();
  static_cast<void>(provider.get({}));
  for (auto const* bad : {"", "\n", "two words", "line\nline", "tab\t"}) {
    host.source("secret").set(bad);
    STRCMP_EQUAL("id1|secret1|token1", answer(provider).c_str());
  }
  host.source("secret").fail({.kind = sdk::FailureKind::not_found, .message = "gone"});
  STRCMP_EQUAL("id1|secret1|token1", answer(provider).c_str());
}

TEST(StaticCredential, SaysWhatIsWrongWithTheNewFileOnceTheOldKeyIsRefused) {
  write("1");
  auto provider = triple();
  auto const old = provider.get({}).value();
  host.source("token").set("");
  STRCMP_EQUAL("unauthenticated: auth.token is empty; fill its source",
               answer(provider, old).c_str());
}

TEST(StaticCredential, RecoversWhenTheFileIsMended) {
  write("1");
  auto provider = key();
  static_cast<void>(provider.get({}));
  host.source("secret").set("");
  static_cast<void>(provider.get({}));
  host.source("secret").set("secret2");
  STRCMP_EQUAL("id1|secret2|", answer(provider).c_str());
}

TEST(StaticCredential, SaysAtOnceAndOnceThatTheNewFileIsBadAndThatItIsMended) {
  write("1");
  std::vector<std::string> said;
  StaticProvider provider({open(host, "id"), open(host, "secret"), {}},
                          [&](std::string const& text) { said.push_back(text); });
  CHECK_TRUE(provider.lookAhead());
  CHECK_FALSE(provider.lookAhead());
  host.source("secret").set("two words");
  CHECK_FALSE(provider.lookAhead());
  STRCMP_EQUAL("id1|secret1|", answer(provider).c_str());
  LONGS_EQUAL(1, said.size());
  CHECK(contains(said[0], "auth.secret holds a space"));
  CHECK(contains(said[0], "the one before it stays in use"));
  host.source("secret").set("secret2");
  CHECK_TRUE(provider.lookAhead());
  LONGS_EQUAL(2, said.size());
  CHECK(contains(said[1], "can be used again"));
}

TEST(StaticCredential, ALookAtAFirstOneThatIsBadIsLeftToTheRead) {
  std::vector<std::string> said;
  StaticProvider provider({open(host, "id"), open(host, "secret"), {}},
                          [&](std::string const& text) { said.push_back(text); });
  CHECK_FALSE(provider.lookAhead());
  LONGS_EQUAL(0, said.size());
}

TEST(StaticCredential, NamesTheBadPartWithoutShowingIt) {
  for (auto const* part : {"id", "secret", "token"}) {
    for (std::string const& bad :
         {std::string("CANARY x"), std::string("CANARY\0x", 8), std::string("CANARY\xFF"),
          "CANARY" + std::string(20'000, 'x')}) {
      write("1");
      host.source(part).set(bad);
      auto provider = triple();
      auto const text = answer(provider);
      CHECK_TRUE_TEXT(text.starts_with("unauthenticated: auth." + std::string(part)), text.c_str());
      CHECK_FALSE(contains(text, "CANARY"));
    }
  }
}

TEST(StaticCredential, GivesWholeSetsToManyThreadsWhileTheSetRotates) {
  write("0");
  auto provider = triple();
  std::atomic<int> calls{0};
  std::atomic<int> generation{0};
  std::atomic<int> torn{0};
  // Every third reading finds the set replaced between its id and its secret.
  host.source("secret").beforeRead([&] {
    if (++calls % 3 == 0 && generation < 200) write(std::to_string(++generation));
  });
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      CredentialPtr refused;  // so that each call reads
      while (generation < 200) {
        auto const got = provider.get({.refused = refused});
        if (!got) continue;
        refused = got.value();
        auto const id = got.value()->accessKeyId().substr(2);
        if (textOf(got.value()) != "id" + id + "|secret" + id + "|token" + id) ++torn;
      }
    });
  }
  for (auto& reader : readers) reader.join();
  LONGS_EQUAL(0, torn);
  STRCMP_EQUAL("id200|secret200|token200", answer(provider).c_str());
}
