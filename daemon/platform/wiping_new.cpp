// SPDX-License-Identifier: Apache-2.0
// Every global operator delete overwrites its block before it is freed, in the daemon, in the
// libraries and in the plugins: what a parser or a string leaves behind is gone.
// Linked whole into executables; left out of sanitizer builds, which need their own.
#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace {

// The usable size may exceed what was asked for: malloc owns the rest, nobody else does.
void wipeAndFree(void* block) noexcept {
  if (block == nullptr) return;
  std::memset(block, 0, ::malloc_usable_size(block));
  __asm__ __volatile__("" : : "r"(block) : "memory");
  std::free(block);
}

}  // namespace

void operator delete(void* block) noexcept { wipeAndFree(block); }
void operator delete[](void* block) noexcept { wipeAndFree(block); }
void operator delete(void* block, std::size_t) noexcept { wipeAndFree(block); }
void operator delete[](void* block, std::size_t) noexcept { wipeAndFree(block); }
void operator delete(void* block, std::align_val_t) noexcept { wipeAndFree(block); }
void operator delete[](void* block, std::align_val_t) noexcept { wipeAndFree(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { wipeAndFree(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { wipeAndFree(block); }
void operator delete(void* block, std::nothrow_t const&) noexcept { wipeAndFree(block); }
void operator delete[](void* block, std::nothrow_t const&) noexcept { wipeAndFree(block); }
void operator delete(void* block, std::align_val_t, std::nothrow_t const&) noexcept {
  wipeAndFree(block);
}
void operator delete[](void* block, std::align_val_t, std::nothrow_t const&) noexcept {
  wipeAndFree(block);
}
