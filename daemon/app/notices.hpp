// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "platform/guarded.hpp"

namespace kms_secretd::app {

/// What the stores' backends want the admin to read, on its way to the main thread.
class Notices {
 public:
  struct Notice {
    std::string store{};
    std::string text{};
  };
  /// From any thread. Of a plugin that talks without end only the first are kept.
  void add(Notice notice);
  /// Takes all of them; main thread.
  [[nodiscard]] std::vector<Notice> take();

 private:
  platform::Guarded<std::vector<Notice>> notices_;
};

}  // namespace kms_secretd::app
