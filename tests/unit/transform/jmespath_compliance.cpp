// SPDX-License-Identifier: Apache-2.0
// Runs the public JMESPath compliance suite where it lies; it is no part of this repository.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>

#include "jmespath_cases.hpp"

namespace {

namespace fs = std::filesystem;
namespace cases = kms_secretd::transform_test;

constexpr int skipped = 77;  // as Meson understands it

int run(fs::path const& directory) {
  std::size_t count = 0;
  std::size_t failed = 0;
  for (auto const& file : cases::jsonFiles(directory)) {
    for (auto const& each : cases::casesOf(file)) {
      ++count;
      auto const failure = cases::failureOf(each, false);
      if (failure.empty()) continue;
      ++failed;
      std::printf("%s: %s\n", file.filename().c_str(), failure.c_str());
    }
  }
  std::printf("%zu passed, %zu failed\n", count - failed, failed);
  return failed == 0 && count > 600 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  auto const* const chosen = std::getenv("KMS_SECRETD_JMESPATH_COMPLIANCE");
  fs::path const directory = chosen != nullptr ? chosen : argc > 1 ? argv[1] : "";
  if (!fs::is_directory(directory)) {
    std::puts(
        "skipped: the JMESPath compliance suite is not there; name its directory by "
        "KMS_SECRETD_JMESPATH_COMPLIANCE");
    return skipped;
  }
  try {
    return run(directory);
  } catch (std::exception const& error) {
    std::puts(error.what());
    return EXIT_FAILURE;
  }
}
