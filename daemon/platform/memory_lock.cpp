// SPDX-License-Identifier: Apache-2.0
#include "platform/memory_lock.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

namespace kms_secretd::platform {
namespace {

// The unit lifts the limit; root may lift it itself.
bool unlimited() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return false;
  if (limit.rlim_cur == RLIM_INFINITY) return true;
  rlimit const wanted{RLIM_INFINITY, RLIM_INFINITY};
  return ::setrlimit(RLIMIT_MEMLOCK, &wanted) == 0;
}

}  // namespace

bool lockMemory() noexcept {
  return unlimited() && ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

}  // namespace kms_secretd::platform
