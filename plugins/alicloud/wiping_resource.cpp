// SPDX-License-Identifier: Apache-2.0
#include "alicloud/wiping_resource.hpp"

#include <new>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::alicloud {

namespace {

// Boost.JSON gives some blocks back with another (small) alignment than it asked for, so only what
// plain new does not already guarantee may choose the function.
bool needsMore(std::size_t alignment) noexcept {
  return alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__;
}

}  // namespace

void* WipingResource::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (upstream_ != nullptr) return upstream_->allocate(bytes, alignment);
  if (needsMore(alignment)) return ::operator new(bytes, std::align_val_t(alignment));
  return ::operator new(bytes);
}

void WipingResource::do_deallocate(void* block, std::size_t bytes, std::size_t alignment) {
  sdk::wipe(block, bytes);
  if (upstream_ != nullptr) return upstream_->deallocate(block, bytes, alignment);
  if (needsMore(alignment)) return ::operator delete(block, std::align_val_t(alignment));
  ::operator delete(block);
}

}  // namespace kms_secretd::alicloud
