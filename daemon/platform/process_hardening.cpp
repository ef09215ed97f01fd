// SPDX-License-Identifier: Apache-2.0
#include "platform/process_hardening.hpp"

#include <malloc.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

#include <kms-secretd/secret_bytes.hpp>

#include "platform/signals.hpp"
#include "platform/vector_registers.hpp"

namespace kms_secretd::platform {
namespace {

constexpr std::size_t threadStackBytes = 256 * 1024;
constexpr int mallocArenas = 2;
// Left alone, both grow to the size of the largest block that was ever freed (reading a
// configuration frees some of megabytes), and what is free at the end of the heap stays resident.
constexpr int mappedBlockBytes = 256 * 1024;
constexpr int keptFreeBytes = 512 * 1024;

void require(bool ok, int error, char const* doing) {
  if (!ok) throw std::system_error(error, std::generic_category(), doing);
}

void shrinkThreadStacks() {
  pthread_attr_t attributes;
  int error = ::pthread_getattr_default_np(&attributes);
  require(error == 0, error, "cannot read the default size of thread stacks");
  error = ::pthread_attr_setstacksize(&attributes, threadStackBytes);
  if (error == 0) error = ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
  require(error == 0, error, "cannot set the default size of thread stacks");
}

}  // namespace

void hardenProcess() {
  require(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, errno, "cannot forbid dumping the process");
  rlimit const none{0, 0};
  require(::setrlimit(RLIMIT_CORE, &none) == 0, errno, "cannot forbid core files");
  // Only wishes: an allocator that knows no arenas (the sanitizers' own) says no.
  ::mallopt(M_ARENA_MAX, mallocArenas);
  ::mallopt(M_MMAP_THRESHOLD, mappedBlockBytes);
  ::mallopt(M_TRIM_THRESHOLD, keptFreeBytes);
  shrinkThreadStacks();
  ignoreBrokenPipes();
}

[[gnu::noinline]] void scrubStack() noexcept {
  wipeVectorRegisters();  // first, for they are spilled to the stack
  char below[scrubbedStackBytes];
  sdk::wipe(below, sizeof(below));
}

}  // namespace kms_secretd::platform
