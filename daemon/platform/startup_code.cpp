// SPDX-License-Identifier: Apache-2.0
#include "platform/startup_code.hpp"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace kms_secretd::platform {
namespace {

bool readOnly(ElfW(Phdr) const& segment) noexcept {
  return segment.p_type == PT_LOAD && (segment.p_flags & PF_W) == 0;
}

// A page that a writable segment shares is mapped for that segment, at an address of its own.
void release(std::uintptr_t begin, std::size_t bytes) noexcept {
  auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  auto const first = begin & ~(page - 1);
  auto* const start = reinterpret_cast<void*>(first);
  auto const length = begin + bytes - first;
  // Both may fail, as for the kernel's own page of code: then nothing is won and nothing lost.
  ::munlock(start, length);
  ::madvise(start, length, MADV_DONTNEED);
}

int releaseObject(dl_phdr_info* object, std::size_t, void*) noexcept {
  for (auto i = 0; i < object->dlpi_phnum; ++i) {
    auto const& segment = object->dlpi_phdr[i];
    if (readOnly(segment)) release(object->dlpi_addr + segment.p_vaddr, segment.p_memsz);
  }
  return 0;
}

}  // namespace

void releaseStartupCode() noexcept { ::dl_iterate_phdr(releaseObject, nullptr); }

}  // namespace kms_secretd::platform
