// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/json/memory_resource.hpp>

namespace kms_secretd::alicloud {

/// Memory for JSON documents that hold secrets: every block is overwritten before it is given back.
/// Stateless but for its source of blocks, so usable from any thread if that one is.
class WipingResource final : public boost::json::memory_resource {
 public:
  WipingResource() = default;
  /// Takes blocks from `upstream` instead of the heap; it outlives this object (tests look there).
  explicit WipingResource(boost::json::memory_resource* upstream) noexcept : upstream_(upstream) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override;
  [[nodiscard]] bool do_is_equal(
      boost::json::memory_resource const& other) const noexcept override {
    return this == &other;
  }

  boost::json::memory_resource* upstream_ = nullptr;
};

}  // namespace kms_secretd::alicloud
