// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

namespace kms_secretd::platform {

/// Opens the source that `ref` names; does not read it yet, but for the environment's
/// $CREDENTIALS_DIRECTORY. Files and credentials are read anew at each read(), so that no plaintext
/// is kept, and their generation grows when the content changed (told by a keyed digest: touching a
/// file changes nothing). generation() reads a file only if it was touched. At most 1 MiB; an empty
/// source is not_found. Errors name the source, never its content. Fails with invalid_request for
/// an unusable name.
[[nodiscard]] sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
    sdk::SecretRef const& ref) noexcept;

}  // namespace kms_secretd::platform
