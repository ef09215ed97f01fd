// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/clock.hpp>

#include "backends/plugin_library.hpp"

// The seam of the conformance suite. To run it over a backend, write a Fixture and makeFixture(),
// and link both with `conformance_dep`, which brings the tests and the main:
//
//   executable('conformance-mine', 'my_fixture.cpp', dependencies: [conformance_dep, ...])

namespace kms_secretd::conformance {

/// What the store behind a backend can hold at all; the suite leaves out what it cannot.
struct Abilities {
  bool binary = true;       ///< values of any bytes
  bool tellsBinary = true;  ///< a binary value comes back with DataType::binary
  bool emptyValues = true;
  bool versionIds = true;  ///< an older or unknown version id can be asked for
};

/// A store with one backend in front of it, loaded from the real .so. One per test; the test's
/// thread, but backend() from any.
class Fixture {
 public:
  virtual ~Fixture() = default;
  [[nodiscard]] virtual Abilities abilities() const { return {}; }
  [[nodiscard]] virtual sdk::Backend& backend() = 0;
  [[nodiscard]] virtual backends::PluginLibrary const& plugin() const = 0;
  /// The clock that deadlines are counted by.
  [[nodiscard]] virtual sdk::Clock const& clock() const = 0;
  /// Destroys the backend and makes a new one with the same options.
  virtual void remake() = 0;

  /// Stores a secret, or a new version of it.
  virtual void put(std::string const& name, std::string const& bytes, sdk::DataType type) = 0;
  /// Removes a secret with all its versions.
  virtual void remove(std::string const& name) = 0;
  /// The secret stays, but may not be read any more. Returns the kind that reads must fail with.
  virtual sdk::FailureKind breakAccess(std::string const& name) = 0;
  /// From now on reads of `name` hang; false where the store cannot hang.
  virtual bool stall(std::string const& /*name*/) { return false; }
  /// Puts `canary` where the backend must not reach, and names secrets that try to reach it.
  virtual std::vector<std::string> escapes(std::string const& /*canary*/) { return {}; }
};

/// Written by the backend's own test: a fixture with an empty store.
[[nodiscard]] std::unique_ptr<Fixture> makeFixture();

}  // namespace kms_secretd::conformance
