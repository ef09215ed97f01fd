// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::platform {

/// std::allocator that overwrites what it frees. Any thread.
template <class T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() noexcept = default;
  template <class U>
  WipingAllocator(WipingAllocator<U> const&) noexcept {}  // NOLINT: allocators convert

  [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* block, std::size_t count) noexcept {
    sdk::wipe(block, count * sizeof(T));
    std::allocator<T>().deallocate(block, count);
  }
  template <class U>
  friend bool operator==(WipingAllocator const&, WipingAllocator<U> const&) noexcept {
    return true;
  }
};

}  // namespace kms_secretd::platform
