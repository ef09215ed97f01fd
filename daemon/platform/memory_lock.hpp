// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kms_secretd::platform {

/// Keeps every page that the process touches from now on out of swap (MCL_ONFAULT: what is never
/// touched costs nothing). False where the limit of locked memory is not lifted (and CAP_IPC_LOCK
/// not given): a limited lock would make later allocations fail. Main thread, before any other.
[[nodiscard]] bool lockMemory() noexcept;

}  // namespace kms_secretd::platform
