// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "core/rendered.hpp"

namespace kms_secretd::kube {

/// True if `text` repeats a part of a value, plain or in base64: eight characters in a row, or the
/// whole of a value of three to seven bytes. Admission plugins and decoders quote what they refuse;
/// such a text must not reach a message. Linear in the size of the values. Pure; any thread.
[[nodiscard]] bool repeatsValue(std::string_view text, std::span<core::RenderedKey const> data);

}  // namespace kms_secretd::kube
