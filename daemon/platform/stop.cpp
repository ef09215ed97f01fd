// SPDX-License-Identifier: Apache-2.0
#include "platform/stop.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace kms_secretd::platform {

EventCancellation::EventCancellation() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) {
    throw std::system_error(errno, std::generic_category(),
                            "cannot make an event descriptor; raise LimitNOFILE");
  }
}

void EventCancellation::request() noexcept {
  if (requested_.exchange(true)) return;
  std::uint64_t const one = 1;
  // Cannot fail: the counter is 0, nobody else writes, and 8 bytes are never written in part.
  [[maybe_unused]] auto const written = ::write(event_.get(), &one, sizeof(one));
}

bool EventCancellation::requested() const noexcept { return requested_.load(); }

}  // namespace kms_secretd::platform
