// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/declarations.hpp"

namespace kms_secretd::config {

/// The tables inside of [[secret]] that say what becomes of the values.
[[nodiscard]] Declarations dataOptions() noexcept;         ///< [[secret.data]]
[[nodiscard]] Declarations dataProcessOptions() noexcept;  ///< [[secret.data_process]]
[[nodiscard]] Declarations templateOptions() noexcept;     ///< [[secret.template]]
[[nodiscard]] Declarations buildOptions() noexcept;        ///< [[secret.build]]

}  // namespace kms_secretd::config
