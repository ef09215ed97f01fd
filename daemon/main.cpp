// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "app/arguments.hpp"
#include "app/build_info.hpp"
#include "app/daemon.hpp"
#include "platform/process_hardening.hpp"

namespace {

using namespace kms_secretd;

int start(int argc, char** argv) {
  auto const arguments = app::parseArguments(argc, argv);
  if (arguments.mode == app::Mode::version) return std::printf("%s\n", app::buildVersion) < 0;
  if (arguments.mode == app::Mode::help) return std::fputs(app::usage().c_str(), stdout) < 0;
  platform::hardenProcess();
  return app::Daemon(arguments).run();
}

}  // namespace

// The only catch-all: whatever arrives here means "cannot start".
int main(int argc, char** argv) {
  try {
    return start(argc, argv);
  } catch (app::UsageError const& error) {
    std::fprintf(stderr, "kms-secretd: %s\n", error.what());
    return 2;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "kms-secretd: cannot start: %s\n", error.what());
    return 1;
  }
}
