// SPDX-License-Identifier: Apache-2.0
#include "kube/value_guard.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <kms-secretd/secret_bytes.hpp>

#include "kube/base64.hpp"

namespace kms_secretd::kube {
namespace {

constexpr std::size_t windowSize = 8;
constexpr std::size_t smallestSecret = 3;

std::uint64_t windowAt(std::string_view text, std::size_t at) noexcept {
  std::uint64_t window = 0;
  std::memcpy(&window, text.data() + at, windowSize);
  return window;
}

// Every run of eight characters of the text that might be shown.
class Windows {
 public:
  explicit Windows(std::string_view text) : text_(text) {
    for (std::size_t at = 0; at + windowSize <= text.size(); ++at) {
      sorted_.push_back(windowAt(text, at));
    }
    std::ranges::sort(sorted_);
  }

  [[nodiscard]] bool sharesWith(std::string_view secret) const {
    if (secret.size() < smallestSecret) return false;
    if (secret.size() < windowSize) return text_.find(secret) != std::string_view::npos;
    for (std::size_t at = 0; at + windowSize <= secret.size(); ++at) {
      if (std::ranges::binary_search(sorted_, windowAt(secret, at))) return true;
    }
    return false;
  }

 private:
  std::string_view text_;
  std::vector<std::uint64_t> sorted_{};
};

}  // namespace

bool repeatsValue(std::string_view text, std::span<core::RenderedKey const> data) {
  Windows const windows(text);
  return std::ranges::any_of(data, [&](core::RenderedKey const& each) {
    sdk::SecretBytes encoded;
    appendBase64(encoded, each.value.reveal());
    return windows.sharesWith(each.value.reveal()) || windows.sharesWith(encoded.reveal());
  });
}

}  // namespace kms_secretd::kube
