// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "backends/refusal.hpp"

namespace kms_secretd::backends {

/// Which machine code an ELF file holds (e_ident and e_machine, elf(5)).
struct ElfKind {
  unsigned char fileClass = 0;  ///< 32 or 64 bits
  unsigned char byteOrder = 0;
  std::uint16_t machine = 0;
  friend bool operator==(ElfKind const&, ElfKind const&) = default;
};

/// What this program itself is.
[[nodiscard]] ElfKind hostElfKind() noexcept;

/// Looks at the file open at `fd` before ld.so does: a file cut short makes ld.so die of SIGBUS, so
/// the end of every segment and section is compared with `fileSize`. Reads the headers only, at
/// most some megabytes; the file offset is left alone. Any thread.
[[nodiscard]] Check checkElf(int fd, std::uint64_t fileSize, ElfKind const& host);

}  // namespace kms_secretd::backends
