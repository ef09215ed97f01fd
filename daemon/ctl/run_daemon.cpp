// SPDX-License-Identifier: Apache-2.0
#include "ctl/run_daemon.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>

#include "ctl/exit_codes.hpp"
#include "platform/unique_fd.hpp"

namespace kms_secretd::ctl {
namespace {

std::optional<pid_t> spawn(std::string const& program, std::vector<std::string> const& arguments,
                           posix_spawn_file_actions_t const* files) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  std::fflush(nullptr);
  auto const error = ::posix_spawn(&child, program.c_str(), files, nullptr, argv.data(), environ);
  if (error == 0) return child;
  std::fprintf(stderr,
               "kms-secretctl: %s cannot be run: %s; name the daemon's program by --daemon\n",
               program.c_str(), std::generic_category().message(error).c_str());
  return std::nullopt;
}

int waitFor(std::string const& program, pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  std::fprintf(stderr, "kms-secretctl: %s died of signal %d\n", program.c_str(), WTERMSIG(status));
  return exitNotWell;
}

std::string readAll(int descriptor) {
  std::string text;
  std::array<char, 16 * 1024> bytes{};
  for (;;) {
    auto const got = ::read(descriptor, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

int runDaemon(std::string const& program, std::vector<std::string> const& arguments) {
  auto const child = spawn(program, arguments, nullptr);
  return child ? waitFor(program, *child) : exitNotWell;
}

DaemonRun captureDaemon(std::string const& program, std::vector<std::string> const& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "no pipe can be had");
  }
  platform::UniqueFd const ours(ends[0]);
  platform::UniqueFd theirs(ends[1]);
  posix_spawn_file_actions_t files{};
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, theirs.get(), STDOUT_FILENO);
  auto const child = spawn(program, arguments, &files);
  ::posix_spawn_file_actions_destroy(&files);
  if (!child) return {.code = exitNotWell};
  theirs.reset();
  DaemonRun run{.output = readAll(ours.get())};
  run.code = waitFor(program, *child);
  return run;
}

}  // namespace kms_secretd::ctl
