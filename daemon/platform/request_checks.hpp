// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

namespace kms_secretd::platform {

/// True for the header fields that the transport adds itself (any case): Host, Content-Length and
/// Accept-Encoding.
[[nodiscard]] bool isSetByTransport(std::string_view headerName) noexcept;

/// Why `request` must not be sent: a method, target, name or value that would break the message or
/// smuggle another one in (Beast checks none of them), a field that belongs to the connection, or
/// one of the transport's own with another value than `hostField` and the like. Nothing = sendable.
/// The message names the field, never its value.
[[nodiscard]] std::optional<sdk::Failure> checkRequest(sdk::HttpRequest const& request,
                                                       std::string const& hostField);

}  // namespace kms_secretd::platform
