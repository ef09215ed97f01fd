// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace kms_secretd::platform {

/// Makes the process hard to look into and small: not dumpable, no core files, two malloc arenas,
/// 256 KiB stacks for new threads, SIGPIPE ignored. First in main, before any thread. Throws
/// std::system_error if the kernel refuses (cannot start).
void hardenProcess();

/// Overwrites 64 KiB of the calling thread's stack below the caller: parsers leave copies of
/// strings there (Boost.JSON's 4 KiB buffer), and the vector registers. To be called after a round,
/// from a shallow frame.
void scrubStack() noexcept;

/// How much scrubStack() overwrites, in bytes.
inline constexpr std::size_t scrubbedStackBytes = 64 * 1024;

}  // namespace kms_secretd::platform
