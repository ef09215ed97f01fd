// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kms_secretd::platform {

/// Gives back the pages of programs and libraries (code and constants; never data) that were read
/// so far: linking and reading a configuration touch much that never runs again, and locked memory
/// would hold it for good. What is needed comes back from the page cache when it is touched. From
/// now on these pages are not locked; they hold no secret and never go to the swap. Any thread.
void releaseStartupCode() noexcept;

}  // namespace kms_secretd::platform
