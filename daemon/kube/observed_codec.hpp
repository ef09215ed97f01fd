// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/observed.hpp"

namespace kms_secretd::kube {

/// Texts that many records share (names of keys, labels, managers), each kept once. It stops to
/// take new ones at 4096; records then hold theirs themselves. Not thread-safe.
class NameTable {
 public:
  /// The number of `name`, from 1; 0 where the table is full.
  [[nodiscard]] std::uint32_t number(std::string_view name);
  /// The name of a number that number() gave.
  [[nodiscard]] std::string const& name(std::uint32_t number) const { return names_[number - 1]; }

 private:
  std::deque<std::string> names_{};  // a deque: the views in numbers_ stay valid
  std::map<std::string_view, std::uint32_t> numbers_{};
};

/// Which labels and annotations are packed, by their names.
struct PackedNames {
  using Filter = std::function<bool(std::string const&)>;
  Filter said = [](std::string const&) { return true; };  ///< with what they say
  Filter held = [](std::string const&) { return true; };  ///< with who holds them
};

/// An Observed in a few hundred bytes, without its resourceVersion: equal bytes mean that nothing
/// changed that decisions look at.
[[nodiscard]] std::string packObserved(core::Observed const& observed, NameTable& names,
                                       PackedNames const& packed = {});

/// What packObserved() packed, without a resourceVersion.
[[nodiscard]] core::Observed unpackObserved(std::string_view packed, NameTable const& names);

}  // namespace kms_secretd::kube
