// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace kms_secretd::alicloud {

/// Where a provider says what no answer of get() can say: a new file is unusable and the old
/// credential stays, a renewal failed ahead of time. One sentence, no secret. Any thread.
using Notice = std::function<void(std::string const& text)>;

}  // namespace kms_secretd::alicloud
