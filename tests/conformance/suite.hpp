// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/backend.hpp>

#include "conformance/fixture.hpp"

// What the groups of the suite share.

namespace kms_secretd::conformance {

/// The fixture of one test and calls to it.
class Suite {
 public:
  Suite() : fixture_(makeFixture()) {}
  [[nodiscard]] Fixture& fixture() noexcept { return *fixture_; }
  void put(std::string const& name, std::string const& bytes) {
    fixture_->put(name, bytes, sdk::DataType::text);
  }
  /// A read of the current version, with half a minute of time.
  [[nodiscard]] sdk::FetchRequest request(std::string const& name) const {
    return {.name = name, .deadline = fixture_->clock().boot() + sdk::Milliseconds{30'000}};
  }
  [[nodiscard]] sdk::Result<sdk::FetchedSecret> fetch(std::string const& name) const {
    return fixture_->backend().fetch(request(name));
  }

 private:
  std::unique_ptr<Fixture> fixture_;
};

/// The value, or what went wrong in its place.
[[nodiscard]] inline std::string shown(sdk::Result<sdk::FetchedSecret> const& result) {
  if (result.ok()) return std::string(result.value().value.reveal());
  return std::string(sdk::nameOf(result.failure().kind)) + ": " + result.failure().message;
}

/// "ok" or the name of the failure's kind.
[[nodiscard]] inline std::string kindOf(sdk::Result<sdk::FetchedSecret> const& result) {
  return result.ok() ? "ok" : sdk::nameOf(result.failure().kind);
}

}  // namespace kms_secretd::conformance
