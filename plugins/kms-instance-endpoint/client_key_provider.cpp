// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/client_key_provider.hpp"

#include <utility>

namespace kms_secretd::kms_instance_endpoint {
namespace {

constexpr int readingsBeforeGivingUp = 4;

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

void ClientKeyProvider::parse(State& state, Reading const& reading) {
  try {
    state.key = state.sources.privateKey != nullptr
                    ? parsePemKey(reading.key.reveal(), state.sources.keyId)
                    : parseClientKey(reading.key.reveal(), reading.password.reveal());
    state.problem.clear();
  } catch (ClientKeyError const& error) {
    state.problem = error.what();
  }
}

sdk::Result<ClientKeyPtr> ClientKeyProvider::answer(State& state, ClientKeyPtr const& refused) {
  auto const latest = readUntorn(state);
  if (!latest) {
    if (state.key != nullptr && refused == nullptr) return state.key;
    return latest.failure();
  }
  // Opening a PKCS#12 costs milliseconds: only what changed is opened.
  auto const known = (state.key != nullptr || !state.problem.empty()) &&
                     latest.value().generations == state.generations;
  if (!known) {
    auto const* const before = state.key.get();
    state.generations = latest.value().generations;
    parse(state, latest.value());
    if (state.key != nullptr && state.key.get() != before) {
      host_.credentialExpires("client key " + state.key->id(),
                              state.key->expiresAt().value_or(sdk::neverExpires));
      host_.identityKnown("client key " + state.key->id());
    }
  }
  if (!state.problem.empty() && (state.key == nullptr || refused != nullptr)) {
    return unusable(state.problem);
  }
  return state.key;
}

sdk::Result<ClientKeyPtr> ClientKeyProvider::get(ClientKeyPtr const& refused) {
  return state_.with([&](State& state) { return answer(state, refused); });
}

}  // namespace kms_secretd::kms_instance_endpoint
