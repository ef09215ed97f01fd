// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace kms_secretd::sdk {

/// Overwrites `size` bytes at `data` so that the compiler cannot leave the writes out.
inline void wipe(void* data, std::size_t size) noexcept {
  if (size == 0) return;
  std::memset(data, 0, size);
  __asm__ __volatile__("" : : "r"(data) : "memory");
}

/// Bytes that must not leak: move-only, wiped when they go, never printable.
///
/// There is no small-string buffer: every byte lives on the heap, so a moved-from object keeps no
/// copy. Not thread-safe; one owner at a time.
class SecretBytes {
 public:
  SecretBytes() noexcept = default;
  /// Copies `text`; the caller stays responsible for wiping its own copy.
  explicit SecretBytes(std::string_view text) { append(text); }
  SecretBytes(SecretBytes&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      clear();
      data_ = std::move(other.data_);
      size_ = std::exchange(other.size_, 0);
      capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
  }
  SecretBytes(SecretBytes const&) = delete;
  SecretBytes& operator=(SecretBytes const&) = delete;
  ~SecretBytes() { clear(); }

  /// A second owner of the same bytes: explicit, so that copies are found by reading.
  [[nodiscard]] SecretBytes clone() const { return SecretBytes(reveal()); }

  /// Number of bytes.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// True if there is no byte.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// The bytes themselves, valid until the next change of this object. The only way to look.
  [[nodiscard]] std::string_view reveal() const noexcept { return {data_.get(), size_}; }
  /// The writable bytes, valid until the next change of this object.
  [[nodiscard]] char* writable() noexcept { return data_.get(); }

  /// Makes room for `capacity` bytes in all; an outgrown block is wiped before it is freed.
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    auto grown = std::make_unique<char[]>(capacity);
    if (size_ != 0) std::memcpy(grown.get(), data_.get(), size_);
    wipeBlock();
    data_ = std::move(grown);
    capacity_ = capacity;
  }
  /// Appends a copy of `text`.
  void append(std::string_view text) {
    if (text.empty()) return;
    if (size_ + text.size() > capacity_) reserve(grownCapacity(size_ + text.size()));
    std::memcpy(data_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }
  /// Sets the size; new bytes are zero, cut bytes are wiped.
  void resize(std::size_t size) {
    if (size > capacity_) reserve(size);
    if (size > size_) std::memset(data_.get() + size_, 0, size - size_);
    if (size < size_) wipe(data_.get() + size, size_ - size);
    size_ = size;
  }
  /// Wipes and frees.
  void clear() noexcept {
    wipeBlock();
    data_.reset();
    size_ = capacity_ = 0;
  }

  /// Byte-wise comparison. Not constant-time: never compare against an attacker's guess with it.
  friend bool operator==(SecretBytes const& a, SecretBytes const& b) noexcept {
    return a.reveal() == b.reveal();
  }

 private:
  [[nodiscard]] std::size_t grownCapacity(std::size_t wanted) const noexcept {
    return wanted > capacity_ * 2 ? wanted : capacity_ * 2;
  }
  void wipeBlock() noexcept { wipe(data_.get(), capacity_); }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace kms_secretd::sdk
