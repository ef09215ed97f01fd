// SPDX-License-Identifier: Apache-2.0
#include "alicloud/static_provider.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/source_generations.hpp"

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
  std::string option;
  sdk::SecretSource* source;
  std::uint64_t generation = 0;
  sdk::SecretBytes bytes{};
};

std::optional<sdk::Failure> check(Part const& part) {
  auto const& option = part.option;
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
    return unusable(part.option + ": " + reading.failure().message);
  }
  part.generation = reading.value().generation;
  part.bytes = sdk::SecretBytes(withoutTrailingNewline(reading.value().bytes.reveal()));
  return check(part);
}

std::array<sdk::SecretSource*, 3> allOf(StaticSources const& sources) {
  return {sources.id.get(), sources.secret.get(), sources.token.get()};
}

}  // namespace

StaticProvider::StaticProvider(StaticSources sources, Notice notice)
    : notice_(std::move(notice)), state_(State{.sources = std::move(sources)}) {}

sdk::Result<StaticProvider::Triple> StaticProvider::readOnce(State& state) {
  auto const& path = state.sources.path;
  Part id{.option = path + ".id", .source = state.sources.id.get()};
  Part secret{.option = path + ".secret", .source = state.sources.secret.get()};
  Part token{.option = path + ".token", .source = state.sources.token.get()};
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
      "the sources of " + state.sources.path +
      "'s id, secret and token keep changing while they are read; replace them once, by rename");
}

// Said once, until the sources are good again, which is said as well, or wrong in another way.
void StaticProvider::say(State& state, std::string const& text) const {
  if (notice_ && state.said != text) {
    notice_(text.empty() ? "the credential can be used again, the newest one is in use" : text);
  }
  state.said = text;
}

sdk::Result<CredentialPtr> StaticProvider::answer(State& state,
                                                  CredentialRequest const& request) const {
  // What was refused or bad is read however unchanged it looks.
  bool const unchanged = state.current.credential && state.said.empty() &&
                         request.refused == nullptr &&
                         generationsOf(allOf(state.sources)) == state.current.generations;
  if (unchanged) return state.current.credential;
  auto latest = readUntorn(state);
  if (!latest) {
    if (state.current.credential && request.refused == nullptr) {
      say(state, "the new credential cannot be used, the one before it stays in use: " +
                     latest.failure().message);
      return state.current.credential;
    }
    return std::move(latest.failure());
  }
  say(state, "");
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

bool StaticProvider::lookAhead() noexcept {
  auto const looked = sdk::guarded([&]() -> sdk::Result<bool> {
    return state_.with([&](State& state) {
      static_cast<void>(answer(state, {}));  // what is wrong with the first one, get() tells
      return std::exchange(state.looked, state.current.credential) != state.current.credential;
    });
  });
  return looked && looked.value();
}

}  // namespace kms_secretd::alicloud
