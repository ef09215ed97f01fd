// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/options.hpp>

namespace kms_secretd::backends {

/// True if the default of `option` can be read as its type, by the rules of the configuration:
/// true | false; a decimal integer of 64 bits; "1h30m" with units d h m s ms in falling order;
/// "512KiB" with B KiB MiB GiB or none; one of the choices; ["a", "b"]. Secrets and tables have no
/// defaults. The option has a default, and choices where its type wants them.
[[nodiscard]] bool defaultParses(sdk::OptionDeclaration const& option) noexcept;

}  // namespace kms_secretd::backends
