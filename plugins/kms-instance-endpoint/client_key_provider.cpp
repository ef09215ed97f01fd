// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/client_key_provider.hpp"

#include <chrono>
#include <utility>

#include "alicloud/acs_date.hpp"
#include "alicloud/source_generations.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

using namespace std::chrono_literals;

constexpr int readingsBeforeGivingUp = 4;
constexpr sdk::Milliseconds patienceForTheOther = 3s;  // of two files

// The typed kinds of a source (not_found, permission_denied) are about a file of this host; passed
// on they would speak about the secret in KMS.
sdk::Failure unusable(std::string message) {
  return {.kind = sdk::FailureKind::unauthenticated, .message = std::move(message)};
}

sdk::Failure unreadable(char const* option, sdk::Failure const& failure) {
  return unusable(std::string(option) + ": " + failure.message);
}

}  // namespace

ClientKeyProvider::ClientKeyProvider(ClientKeySources sources, sdk::Host& host)
    : host_(host), state_(State{.sources = std::move(sources)}) {}

sdk::Result<ClientKeyProvider::Reading> ClientKeyProvider::readOnce(State const& state) {
  auto const& sources = state.sources;
  Reading out;
  if (sources.privateKey != nullptr) {
    auto key = sources.privateKey->read();
    if (!key) return unreadable("private_key", key.failure());
    out.generations = {key.value().generation, 0};
    out.key = std::move(key.value().bytes);
    return out;
  }
  auto key = sources.clientKey->read();
  if (!key) return unreadable("client_key", key.failure());
  auto password = sources.password->read();
  if (!password) return unreadable("client_key_password", password.failure());
  out.generations = {key.value().generation, password.value().generation};
  out.key = std::move(key.value().bytes);
  out.password = std::move(password.value().bytes);
  return out;
}

// The two files change one after the other: a pair counts only if a second reading finds the same.
sdk::Result<ClientKeyProvider::Reading> ClientKeyProvider::readUntorn(State const& state) {
  auto before = readOnce(state);
  for (int i = 0; i < readingsBeforeGivingUp && before; ++i) {
    auto after = readOnce(state);
    if (!after || after.value().generations == before.value().generations) return after;
    before = std::move(after);
  }
  if (!before) return before;
  return unusable(
      "the sources of the client key keep changing while they are read; replace each once, by "
      "rename");
}

// As far as can be told without reading them; what was bad is read however unchanged it looks.
bool ClientKeyProvider::unchanged(State const& state) {
  if (state.key == nullptr || !state.problem.empty()) return false;
  auto const& sources = state.sources;
  auto* const first = (sources.privateKey ? sources.privateKey : sources.clientKey).get();
  return state.read == alicloud::generationsOf(std::array{first, sources.password.get()});
}

bool ClientKeyProvider::hasEnded(ClientKey const& key) const {
  auto const end = key.expiresAt();
  return end && *end <= host_.clock().wall();
}

void ClientKeyProvider::use(State& state, ClientKeyPtr key) {
  state.key = std::move(key);
  state.used = state.read.value_or(Generations{});
  state.ended.reset();
  state.problem.clear();
  host_.credentialExpires("client key " + state.key->id(),
                          state.key->expiresAt().value_or(sdk::neverExpires));
  host_.identityKnown("client key " + state.key->id());
}

void ClientKeyProvider::parse(State& state, Reading const& reading) {
  try {
    auto key = state.sources.privateKey != nullptr
                   ? parsePemKey(reading.key.reveal(), state.sources.keyId)
                   : parseClientKey(reading.key.reveal(), reading.password.reveal());
    // Without another one it is used: whether it has ended is the service's to say.
    if (state.key == nullptr || !hasEnded(*key)) return use(state, std::move(key));
    state.problem = "the client key " + key->id() + " expired at " +
                    alicloud::acsDate(*key->expiresAt()) +
                    "; create a new client key for the access point and write it with its password";
    state.ended = std::move(key);
  } catch (ClientKeyError const& error) {
    state.problem = error.what();
  }
}

// Opening a PKCS#12 costs milliseconds: only what changed is opened.
void ClientKeyProvider::update(State& state) {
  auto const latest = readUntorn(state);
  auto const seen = latest ? std::optional(latest.value().generations) : std::nullopt;
  auto const changed = seen != state.read || (state.key == nullptr && state.problem.empty());
  if (changed) state.changedAt = host_.clock().boot();
  state.read = seen;
  if (!latest) {
    state.ended.reset();
    state.problem = latest.failure().message;
  } else if (changed) {
    state.ended.reset();
    parse(state, latest.value());
  }
}

// The two files are written one after the other.
bool ClientKeyProvider::halfWritten(State const& state) const {
  if (state.key == nullptr || !state.read || state.sources.password == nullptr) return false;
  auto const changes =
      ((*state.read)[0] != state.used[0] ? 1 : 0) + ((*state.read)[1] != state.used[1] ? 1 : 0);
  return changes == 1 && host_.clock().boot() - state.changedAt < patienceForTheOther;
}

void ClientKeyProvider::say(State& state) const {
  if (!state.problem.empty() && halfWritten(state)) return;
  std::string text;
  if (!state.problem.empty()) {
    text = state.key == nullptr ? "the client key cannot be used: " + state.problem
                                : "the new client key cannot be used: " + state.problem +
                                      "; the old one, " + state.key->id() + ", stays in use";
  }
  if (text == state.said) return;
  host_.notice(text.empty() ? "the client key can be used again: it is " + state.key->id() : text);
  state.said = std::move(text);
}

sdk::Result<ClientKeyPtr> ClientKeyProvider::answer(State& state, ClientKeyPtr const& refused) {
  if (refused != nullptr || !unchanged(state)) update(state);
  if (refused != nullptr && refused == state.key && state.ended != nullptr) {
    use(state, state.ended);
  }
  // Without any key the answer itself says why.
  if (state.key != nullptr) say(state);
  if (state.key == nullptr || (refused == state.key && !state.problem.empty())) {
    return unusable(state.problem);
  }
  return state.key;
}

sdk::Result<ClientKeyPtr> ClientKeyProvider::get(ClientKeyPtr const& refused) {
  return state_.with([&](State& state) { return answer(state, refused); });
}

bool ClientKeyProvider::look() {
  return state_.with([&](State& state) {
    if (!unchanged(state)) update(state);
    say(state);
    return std::exchange(state.looked, state.key) != state.key;
  });
}

}  // namespace kms_secretd::kms_instance_endpoint
