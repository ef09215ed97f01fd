// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kms_secretd::core {

/// A text that never changes and that all copies share: a handle as large as a pointer. The same
/// name of a store, a namespace or a Secret stands in definitions, in the queue and in the status;
/// with thousands of Secrets most of the daemon's memory would be copies of names. For names, never
/// for values. Copies may live and die on any thread; one object is used by one thread at a time,
/// as with any value. Converts to and from what standard strings do.
class SharedText {
 public:
  SharedText() noexcept = default;  ///< empty; takes no memory
  SharedText(std::string text) : block_(text.empty() ? nullptr : new Block{std::move(text)}) {}
  SharedText(std::string_view text) : SharedText(std::string(text)) {}
  SharedText(char const* text) : SharedText(std::string(text)) {}
  SharedText(SharedText const& other) noexcept : block_(other.block_) { hold(); }
  SharedText(SharedText&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedText() { release(); }

  [[nodiscard]] std::string const& str() const noexcept {
    return block_ == nullptr ? nothing() : block_->text;
  }
  operator std::string const&() const noexcept { return str(); }
  operator std::string_view() const noexcept { return str(); }
  [[nodiscard]] char const* c_str() const noexcept { return str().c_str(); }
  [[nodiscard]] std::size_t size() const noexcept { return str().size(); }
  [[nodiscard]] bool empty() const noexcept { return block_ == nullptr; }
  /// True if both are one text in memory, not only equal ones.
  [[nodiscard]] bool sharedWith(SharedText const& other) const noexcept {
    return block_ == other.block_;
  }

  template <std::same_as<SharedText> Text>
  friend bool operator==(SharedText const& a, Text const& b) noexcept {
    return a.block_ == b.block_ || a.str() == b.str();
  }
  friend bool operator==(SharedText const& a, std::string_view b) noexcept { return a.str() == b; }
  template <std::same_as<SharedText> Text>
  friend std::strong_ordering operator<=>(SharedText const& a, Text const& b) noexcept {
    return a.block_ == b.block_ ? std::strong_ordering::equal : a.str() <=> b.str();
  }
  friend std::strong_ordering operator<=>(SharedText const& a, std::string_view b) noexcept {
    return std::string_view(a) <=> b;
  }

  template <std::same_as<SharedText> Text>
  friend std::string operator+(SharedText const& a, Text const& b) {
    return a.str() + b.str();
  }
  friend std::string operator+(SharedText const& a, std::string const& b) { return a.str() + b; }
  friend std::string operator+(SharedText const& a, char const* b) { return a.str() + b; }
  friend std::string operator+(std::string a, SharedText const& b) {
    return std::move(a += b.str());
  }
  friend std::string operator+(char const* a, SharedText const& b) { return a + b.str(); }

 private:
  struct Block {
    std::string const text{};
    std::atomic<std::uint32_t> holders{1};
  };

  [[nodiscard]] static std::string const& nothing() noexcept {
    static std::string const empty;
    return empty;
  }
  void hold() const noexcept {
    if (block_ != nullptr) block_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  void release() const noexcept {
    auto const last =
        block_ != nullptr && block_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1;
    if (last) delete block_;
  }

  Block* block_ = nullptr;  // null = the empty text
};

}  // namespace kms_secretd::core
