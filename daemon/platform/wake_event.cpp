// SPDX-License-Identifier: Apache-2.0
#include "platform/wake_event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace kms_secretd::platform {

WakeEvent::WakeEvent() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void WakeEvent::set() noexcept {
  if (set_.exchange(true)) return;
  std::uint64_t const one = 1;
  [[maybe_unused]] auto const written = ::write(event_.get(), &one, sizeof one);
}

// The mark falls last: whoever finds it standing announced something before that, and what was
// announced is looked at after it.
void WakeEvent::clear() noexcept {
  if (!set_.load()) return;
  std::uint64_t count = 0;
  [[maybe_unused]] auto const got = ::read(event_.get(), &count, sizeof count);
  set_.store(false);
}

}  // namespace kms_secretd::platform
