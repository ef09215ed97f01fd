// SPDX-License-Identifier: Apache-2.0
// Runs a target for some seconds on mutated seeds, or once on the file that is given. Works with
// every compiler and sanitizer.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "target.hpp"

namespace {

using namespace kms_secretd;

constexpr std::size_t longestInput = 256 * 1024;

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string next(std::vector<std::string_view> const& seeds) {
    std::string input(seeds[below(seeds.size())]);
    for (auto changes = 1 + below(8); changes > 0; --changes) change(input, seeds);
    if (input.size() > longestInput) input.resize(longestInput);
    return input;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  void change(std::string& input, std::vector<std::string_view> const& seeds) {
    auto const at = below(input.size() + 1);
    auto const some = below(input.size() - at + 1);
    switch (below(7)) {
      case 0:
        input.resize(at);
        break;  // cut
      case 1:
        input.erase(at, some % 64);
        break;  // leave out
      case 2:
        input.insert(at, 1, static_cast<char>(below(256)));
        break;  // garbage
      case 3:
        input.insert(at, input.substr(at, some % 4096));
        break;  // repeat
      case 4:
        input.insert(at, below(2000), "{[\"(&*-:"[below(8)]);
        break;  // nest
      case 5:
        input.insert(at, seeds[below(seeds.size())].substr(0, 512));
        break;  // graft
      default:
        if (!input.empty()) input[at % input.size()] ^= static_cast<char>(1U << below(8));
    }
  }

  std::mt19937_64 random_;
};

int runFile(char const* path) {
  std::ifstream file(path, std::ios::binary);
  std::string const input((std::istreambuf_iterator<char>(file)), {});
  fuzz::feed(input);
  return EXIT_SUCCESS;
}

// What was fed last lies in a file, so that a crash leaves its input behind.
void remember(char const* path, std::string const& input) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << input;
}

int runFor(std::chrono::seconds span, char const* lastInput) {
  auto const seeds = fuzz::seeds();
  for (auto const seed : seeds) fuzz::feed(seed);
  Mutator mutator(std::random_device{}());
  unsigned long inputs = 0;
  for (auto const end = std::chrono::steady_clock::now() + span;
       std::chrono::steady_clock::now() < end; ++inputs) {
    auto const input = mutator.next(seeds);
    remember(lastInput, input);
    fuzz::feed(input);
  }
  ::unlink(lastInput);
  std::printf("%lu inputs\n", inputs);
  return inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2) return runFile(argv[1]);
  if (argc == 4 && std::string_view(argv[1]) == "--seconds") {
    return runFor(std::chrono::seconds(std::atoi(argv[2])), argv[3]);
  }
  std::fputs("usage: fuzz-TARGET FILE | --seconds N FILE-FOR-THE-LAST-INPUT\n", stderr);
  return 2;
}
