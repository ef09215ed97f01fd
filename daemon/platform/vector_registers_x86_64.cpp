// SPDX-License-Identifier: Apache-2.0
#include "platform/vector_registers.hpp"

namespace kms_secretd::platform {
namespace {

// vzeroall does not reach the upper sixteen.
void wipeUpperSixteen() noexcept {
  asm volatile(
      "vpxord %zmm16, %zmm16, %zmm16\n\t"
      "vpxord %zmm17, %zmm17, %zmm17\n\t"
      "vpxord %zmm18, %zmm18, %zmm18\n\t"
      "vpxord %zmm19, %zmm19, %zmm19\n\t"
      "vpxord %zmm20, %zmm20, %zmm20\n\t"
      "vpxord %zmm21, %zmm21, %zmm21\n\t"
      "vpxord %zmm22, %zmm22, %zmm22\n\t"
      "vpxord %zmm23, %zmm23, %zmm23\n\t"
      "vpxord %zmm24, %zmm24, %zmm24\n\t"
      "vpxord %zmm25, %zmm25, %zmm25\n\t"
      "vpxord %zmm26, %zmm26, %zmm26\n\t"
      "vpxord %zmm27, %zmm27, %zmm27\n\t"
      "vpxord %zmm28, %zmm28, %zmm28\n\t"
      "vpxord %zmm29, %zmm29, %zmm29\n\t"
      "vpxord %zmm30, %zmm30, %zmm30\n\t"
      "vpxord %zmm31, %zmm31, %zmm31");
}

void wipeWide() noexcept {
  asm volatile("vzeroall" ::
                   : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                     "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

void wipeNarrow() noexcept {
  asm volatile(
      "pxor %%xmm0, %%xmm0\n\tpxor %%xmm1, %%xmm1\n\tpxor %%xmm2, %%xmm2\n\t"
      "pxor %%xmm3, %%xmm3\n\tpxor %%xmm4, %%xmm4\n\tpxor %%xmm5, %%xmm5\n\t"
      "pxor %%xmm6, %%xmm6\n\tpxor %%xmm7, %%xmm7\n\tpxor %%xmm8, %%xmm8\n\t"
      "pxor %%xmm9, %%xmm9\n\tpxor %%xmm10, %%xmm10\n\tpxor %%xmm11, %%xmm11\n\t"
      "pxor %%xmm12, %%xmm12\n\tpxor %%xmm13, %%xmm13\n\tpxor %%xmm14, %%xmm14\n\t"
      "pxor %%xmm15, %%xmm15" ::
          : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
            "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

}  // namespace

void wipeVectorRegisters() noexcept {
  if (__builtin_cpu_supports("avx512f")) wipeUpperSixteen();
  __builtin_cpu_supports("avx") ? wipeWide() : wipeNarrow();
}

}  // namespace kms_secretd::platform
