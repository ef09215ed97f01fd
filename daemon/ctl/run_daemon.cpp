// SPDX-License-Identifier: Apache-2.0
#include "ctl/run_daemon.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "ctl/exit_codes.hpp"

namespace kms_secretd::ctl {

int runDaemon(std::string const& program, std::vector<std::string> const& arguments) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  std::fflush(nullptr);
  auto const error = ::posix_spawn(&child, program.c_str(), nullptr, nullptr, argv.data(), environ);
  if (error != 0) {
    std::fprintf(stderr,
                 "kms-secretctl: %s cannot be run: %s; name the daemon's program by --daemon\n",
                 program.c_str(), std::generic_category().message(error).c_str());
    return exitNotWell;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  std::fprintf(stderr, "kms-secretctl: %s died of signal %d\n", program.c_str(), WTERMSIG(status));
  return exitNotWell;
}

}  // namespace kms_secretd::ctl
