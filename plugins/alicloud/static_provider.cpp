// SPDX-License-Identifier: Apache-2.0
#include "alicloud/static_provider.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::alicloud {
namespace {

constexpr std::size_t largestPart = 16 * 1024;  // security tokens take 1 to 4 KB
constexpr int readingsBeforeGivingUp = 4;

// The typed kinds of a source (not_found, permission_denied) are about a file of this host; passed
// on they would speak about the secret in KMS.
sdk::Failure unusable(std::string message) {
  return {.kind = sdk::FailureKind::unauthenticated, .message = std::move(message)};
}

// Editors and `echo` end files with a newline that is not part of the key.
std::string_view withoutTrailingNewline(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Parts travel in header fields and are split at commas there.
bool isPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

struct Part {
  char const* option;
  sdk::SecretSource* source;
  std::uint64_t generation = 0;
  sdk::SecretBytes bytes{};
};

std::optional<sdk::Failure> check(Part const& part) {
  std::string const option = std::string("auth.") + part.option;
  auto const text = part.bytes.reveal();
  if (text.empty()) return unusable(option + " is empty; fill its source");
  if (text.size() > largestPart)
    return unusable(option + " is longer than 16 KiB; check its source");
  if (!isPrintable(text)) {
    return unusable(option +
                    " holds a space, a line break or a character outside of ASCII; "
                    "write only the key into its source");
  }
  return std::nullopt;
}

std::optional<sdk::Failure> readPart(Part& part) {
  if (part.source == nullptr) return std::nullopt;
  auto reading = part.source->read();
  if (!reading) {
    return unusable(std::string("auth.") + part.option + ": " + reading.failure().message);
  }
  part.generation = reading.value().generation;
  part.bytes = sdk::SecretBytes(withoutTrailingNewline(reading.value().bytes.reveal()));
  return check(part);
}

}  // namespace

StaticProvider::StaticProvider(StaticSources sources)
    : state_(State{.sources = std::move(sources), .current = {}}) {}

sdk::Result<StaticProvider::Triple> StaticProvider::readOnce(State& state) {
  Part id{.option = "id", .source = state.sources.id.get()};
  Part secret{.option = "secret", .source = state.sources.secret.get()};
  Part token{.option = "token", .source = state.sources.token.get()};
  for (Part* part : {&id, &secret, &token}) {
    if (auto failure = readPart(*part)) return std::move(*failure);
  }
  return Triple{
      .generations = {id.generation, secret.generation, token.generation},
      .credential = std::make_shared<Credential const>(
          std::string(id.bytes.reveal()), std::move(secret.bytes), std::move(token.bytes))};
}

// The sources change one after the other: a set counts only if a second reading finds the same
// generations of all of them.
sdk::Result<StaticProvider::Triple> StaticProvider::readUntorn(State& state) {
  auto before = readOnce(state);
  for (int i = 0; i < readingsBeforeGivingUp && before; ++i) {
    if (state.current.credential && before.value().generations == state.current.generations) {
      return Triple{state.current};
    }
    auto after = readOnce(state);
    if (!after || after.value().generations == before.value().generations) return after;
    before = std::move(after);
  }
  if (!before) return before;
  return unusable(
      "the sources of auth.id, auth.secret and auth.token keep changing while they are "
      "read; replace them once, by rename");
}

sdk::Result<CredentialPtr> StaticProvider::answer(State& state, CredentialRequest const& request) {
  auto latest = readUntorn(state);
  if (!latest) {
    if (state.current.credential && request.refused == nullptr) return state.current.credential;
    return std::move(latest.failure());
  }
  auto& triple = latest.value();
  // Rewritten with equal content: the same object again, so that callers see nothing new.
  if (state.current.credential && *state.current.credential == *triple.credential) {
    triple.credential = state.current.credential;
  }
  state.current = std::move(triple);
  return state.current.credential;
}

sdk::Result<CredentialPtr> StaticProvider::get(CredentialRequest const& request) noexcept {
  return sdk::guarded(
      [&] { return state_.with([&](State& state) { return answer(state, request); }); });
}

}  // namespace kms_secretd::alicloud
