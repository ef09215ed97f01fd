// SPDX-License-Identifier: Apache-2.0
#include "platform/read_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::platform {
namespace {

constexpr std::size_t usualSize = 16 * 1024;  // one TLS record

}  // namespace

void ReadBuffer::open() {
  if (storage_ == nullptr) replace(usualSize);
}

bool ReadBuffer::grow(std::size_t limit) {
  std::size_t const size = std::min(limit, size_ * 2);
  if (size <= size_) return false;
  replace(size);
  return true;
}

void ReadBuffer::replace(std::size_t size) {
  std::unique_ptr<char, Free> storage(static_cast<char*>(std::malloc(size)));
  if (storage == nullptr) throw std::bad_alloc();
  if (storage_ != nullptr) {
    std::memcpy(storage.get(), storage_.get(), end_);
    sdk::wipe(storage_.get(), used_);
  }
  storage_ = std::move(storage);
  size_ = size;
  used_ = end_;
}

void ReadBuffer::filled(std::size_t size) noexcept {
  end_ += size;
  used_ = std::max(used_, end_);
}

void ReadBuffer::drop(std::size_t size) noexcept {
  begin_ += size;
  if (begin_ == 0) return;
  std::memmove(storage_.get(), storage_.get() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
}

void ReadBuffer::rewind() noexcept {
  sdk::wipe(storage_.get(), std::exchange(used_, 0));
  begin_ = end_ = 0;
  if (size_ <= usualSize) return;
  storage_.reset();
  size_ = 0;
}

}  // namespace kms_secretd::platform
