// SPDX-License-Identifier: Apache-2.0
#include "platform/signals.hpp"

#include <pthread.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace kms_secretd::platform {
namespace {

int block(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (int const each : signals) ::sigaddset(&set, each);
  int const error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot block signals");
  int const fd = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) {
    throw std::system_error(errno, std::generic_category(),
                            "cannot make a signal descriptor; raise LimitNOFILE");
  }
  return fd;
}

}  // namespace

void ignoreBrokenPipes() noexcept { ::signal(SIGPIPE, SIG_IGN); }

SignalDescriptor::SignalDescriptor(std::initializer_list<int> signals)
    : descriptor_(block(signals)) {}

std::optional<int> SignalDescriptor::take() noexcept {
  signalfd_siginfo info{};
  if (::read(descriptor_.get(), &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info))) {
    return std::nullopt;
  }
  return static_cast<int>(info.ssi_signo);
}

}  // namespace kms_secretd::platform
