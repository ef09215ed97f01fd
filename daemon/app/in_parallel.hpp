// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

namespace kms_secretd::app {

/// Does `work` for every item at once, each on a thread of its own but the last, and returns when
/// all is done: what waits for one peer does not wait for another. `work` must not throw. Throws
/// std::system_error where no thread can be had.
template <class Items, class Work>
void inParallel(Items const& items, Work work) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i + 1 < items.size(); ++i) {
    threads.emplace_back([&work, &item = items[i]] { work(item); });
  }
  if (!items.empty()) work(items.back());
}

}  // namespace kms_secretd::app
