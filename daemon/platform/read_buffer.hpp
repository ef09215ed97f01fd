// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace kms_secretd::platform {

/// Bytes that came over a connection and wait for the parser. Lives as long as the connection and
/// wipes what one exchange used of it, no more: most replies are far smaller than the room. One
/// thread at a time.
class ReadBuffer {
 public:
  ReadBuffer() noexcept = default;
  ~ReadBuffer() { rewind(); }
  ReadBuffer(ReadBuffer const&) = delete;
  ReadBuffer& operator=(ReadBuffer const&) = delete;

  /// Makes sure of the usual 16 KiB. Throws std::bad_alloc.
  void open();
  /// Doubles the room up to `limit`; false if it is that large already. Throws std::bad_alloc.
  bool grow(std::size_t limit);
  [[nodiscard]] bool full() const noexcept { return end_ == size_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] char* room() noexcept { return storage_.get() + end_; }
  [[nodiscard]] std::size_t roomSize() const noexcept { return size_ - end_; }
  /// What came and was not dropped; valid until the next change.
  [[nodiscard]] std::string_view waiting() const noexcept {
    return {storage_.get() + begin_, end_ - begin_};
  }
  /// `size` bytes were written to room().
  void filled(std::size_t size) noexcept;
  /// Drops the first `size` bytes and moves the rest to the front.
  void drop(std::size_t size) noexcept;
  /// Wipes all that was ever filled, and gives back what was grown.
  void rewind() noexcept;

 private:
  // Not from new: the daemon's delete would wipe all of the room, used or not.
  struct Free {
    void operator()(char* block) const noexcept { std::free(block); }
  };
  void replace(std::size_t size);

  std::unique_ptr<char, Free> storage_{};
  std::size_t size_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t used_ = 0;  ///< the most that end_ ever was since the last rewind
};

}  // namespace kms_secretd::platform
