// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/secret_bytes.hpp>
#include <kms-secretd/transport.hpp>

namespace kms_secretd::platform {

/// The request's bytes, head and body in one block that is wiped. Adds Host, Accept-Encoding and
/// Content-Length. `request` must have passed checkRequest(): nothing is checked here.
[[nodiscard]] sdk::SecretBytes encodeRequest(sdk::HttpRequest const& request,
                                             std::string const& hostField);

}  // namespace kms_secretd::platform
