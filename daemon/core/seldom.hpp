// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

namespace kms_secretd::core {

/// A value that is as good as always T{}: takes the room of a pointer until it is not. Copies are
/// copies of the value.
template <class T>
class Seldom {
 public:
  Seldom() noexcept = default;
  Seldom(T value) { *this = std::move(value); }
  Seldom(Seldom const& other) : value_(other.value_ ? new T(*other.value_) : nullptr) {}
  Seldom(Seldom&&) noexcept = default;
  Seldom& operator=(Seldom other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Seldom() = default;

  /// Keeps the value; nothing of it if it is T{}.
  Seldom& operator=(T value) {
    value_ = value == T{} ? nullptr : std::make_unique<T>(std::move(value));
    return *this;
  }
  /// The value; as long as this lives and is not assigned to.
  [[nodiscard]] T const& operator*() const noexcept { return value_ ? *value_ : usual(); }
  [[nodiscard]] T const* operator->() const noexcept { return &**this; }
  /// To be changed in place; takes the room of the value from now on.
  [[nodiscard]] T& kept() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  void reset() noexcept { value_.reset(); }

 private:
  [[nodiscard]] static T const& usual() noexcept {
    static T const value{};
    return value;
  }

  std::unique_ptr<T> value_{};
};

}  // namespace kms_secretd::core
