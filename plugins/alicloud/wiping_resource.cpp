// SPDX-License-Identifier: Apache-2.0
#include "alicloud/wiping_resource.hpp"

#include <new>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::alicloud {

void* WipingResource::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (upstream_ != nullptr) return upstream_->allocate(bytes, alignment);
  return ::operator new(bytes, std::align_val_t(alignment));
}

void WipingResource::do_deallocate(void* block, std::size_t bytes, std::size_t alignment) {
  sdk::wipe(block, bytes);
  if (upstream_ != nullptr) return upstream_->deallocate(block, bytes, alignment);
  ::operator delete(block, bytes, std::align_val_t(alignment));
}

}  // namespace kms_secretd::alicloud
