// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kms_secretd::platform {

/// Overwrites the calling thread's vector registers. memcpy moves what it copies through them and
/// leaves it there, and the dynamic linker saves all of them on the stack when a library calls
/// another's function for the first time: so a secret comes to lie below a stack that was scrubbed
/// already (seen with glibc 2.36 on a CPU with AVX-512). One file for each kind of processor.
void wipeVectorRegisters() noexcept;

}  // namespace kms_secretd::platform
