// SPDX-License-Identifier: Apache-2.0
#include "unit/backends/child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <stdexcept>

namespace kms_secretd::backends {

namespace {

[[noreturn]] void runChild(std::function<std::string()> const& work, int answer) {
  ::alarm(60);
  std::string text;
  try {
    text = work();
  } catch (std::exception const& error) {
    text = error.what();
  }
  auto const written = ::write(answer, text.data(), text.size());
  ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

std::string readAll(int from) {
  std::string text;
  std::array<char, 4096> block{};
  for (;;) {
    auto const got = ::read(from, block.data(), block.size());
    if (got <= 0) return text;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

std::string inChild(std::function<std::string()> const& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  auto const child = ::fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) runChild(work, ends[1]);
  ::close(ends[1]);
  auto text = readAll(ends[0]);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return "died of signal " + std::to_string(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? text : "exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace kms_secretd::backends
