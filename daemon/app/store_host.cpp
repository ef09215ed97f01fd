// SPDX-License-Identifier: Apache-2.0
#include "app/store_host.hpp"

#include <new>

#include "backends/printable.hpp"
#include "backends/result_guard.hpp"

namespace kms_secretd::app {

void StoreHost::notice(std::string const& text) noexcept {
  try {
    notices_.add({store_, backends::printable(text, backends::maxMessageBytes)});
  } catch (std::bad_alloc const&) {
    // Without memory there are louder troubles than a lost line.
  }
}

}  // namespace kms_secretd::app
