// SPDX-License-Identifier: Apache-2.0
#include "alicloud/profile_provider.hpp"

#include <utility>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::alicloud {
namespace {

sdk::Failure unusable(std::string const& why) {
  return {.kind = sdk::FailureKind::unauthenticated, .message = "auth.file: " + why};
}

}  // namespace

ProfileProvider::ProfileProvider(ProviderBuilder builder, std::unique_ptr<sdk::SecretSource> file,
                                 std::string profile, RoleSession defaults)
    : builder_(std::move(builder)),
      profile_(std::move(profile)),
      defaults_(std::move(defaults)),
      state_(State{.file = std::move(file)}) {}

void ProfileProvider::take(State& state, sdk::SecretBytes const& bytes) const {
  auto const login = readProfile(bytes, profile_, defaults_);
  if (!login) {
    state.problem = unusable(login.failure().message);
    return;
  }
  try {
    state.inner = builder_.fromProfile(login.value());
    state.problem.reset();
  } catch (sdk::OptionError const& error) {
    state.problem = unusable(error.what());
  }
}

void ProfileProvider::look(State& state) const {
  auto const reading = state.file->read();
  if (!reading) {
    state.problem = unusable(reading.failure().message);
    state.generation.reset();
  } else if (state.generation != reading.value().generation) {
    state.generation = reading.value().generation;
    take(state, reading.value().bytes);
  }
}

sdk::Result<ProfileProvider::Inner> ProfileProvider::current(State& state) const {
  look(state);
  if (!state.inner) return *state.problem;
  auto const text = state.problem ? state.problem->message : std::string();
  if (text != state.said && builder_.notice()) {
    builder_.notice()(text.empty() ? "the profile can be used again, as it is now"
                                   : "the changed profile cannot be used, the one before it stays "
                                     "in use: " +
                                         text);
  }
  state.said = text;
  return state.inner;
}

sdk::Result<CredentialPtr> ProfileProvider::get(CredentialRequest const& request) noexcept {
  return sdk::guarded([&]() -> sdk::Result<CredentialPtr> {
    auto inner = state_.with([&](State& state) { return current(state); });
    if (!inner) return std::move(inner.failure());
    return inner.value()->get(request);  // outside of the lock: it may take its time
  });
}

bool ProfileProvider::lookAhead() noexcept {
  auto const looked = sdk::guarded([&]() -> sdk::Result<bool> {
    return state_.with([&](State& state) {
      static_cast<void>(current(state));  // what is wrong with the first one, get() tells
      return std::exchange(state.looked, state.inner) != state.inner;
    });
  });
  return looked && looked.value();
}

}  // namespace kms_secretd::alicloud
