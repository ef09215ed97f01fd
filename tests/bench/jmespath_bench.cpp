// SPDX-License-Identifier: Apache-2.0
// Times the daemon's JMESPath on the cases of a file: [{name, document, expression}]. Prints a line
// for each: name, nanoseconds to compile, to search, to read the document, and the result.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <variant>

#include "transform/document.hpp"
#include "transform/jmespath/expression.hpp"

namespace {

using namespace kms_secretd::transform;
using Clock = std::chrono::steady_clock;

// The best of several spans, so that what else runs on the machine counts little.
template <class Work>
double nanoseconds(Work const& work) {
  double best = 0;
  for (int span = 0; span < 5; ++span) {
    long count = 0;
    auto const start = Clock::now();
    auto elapsed = Clock::duration{};
    while ((elapsed = Clock::now() - start) < std::chrono::milliseconds(40)) {
      work();
      ++count;
    }
    auto const each =
        std::chrono::duration<double, std::nano>(elapsed).count() / static_cast<double>(count);
    best = span == 0 || each < best ? each : best;
  }
  return best;
}

void measure(Value const& test) {
  auto const& text = test.find("expression")->text();
  auto const document = toJson(*test.find("document"));
  auto const value = std::get<Value>(readJson(document));
  auto const expression = std::get<jmespath::Expression>(jmespath::Expression::compile(text));
  auto const result = std::get<Value>(expression.search(value));
  std::printf("%s\t%.0f\t%.0f\t%.0f\t%s\n", test.find("name")->text().c_str(),
              nanoseconds([&] { (void)jmespath::Expression::compile(text); }),
              nanoseconds([&] { (void)expression.search(value); }),
              nanoseconds([&] { (void)readJson(document); }), toJson(result).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench-jmespath CASES.json\n", stderr);
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  std::string const text((std::istreambuf_iterator<char>(file)), {});
  auto const cases = std::get<Value>(readJson(text));
  for (auto const& test : cases.elements()) measure(test);
  return 0;
}
