// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "emulator/kms/errors.hpp"
#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator {

/// Reads a GetSecretValueRequest into the parameters that the OpenAPI would have (KMS
/// protocol 5.4); nothing if it is broken, or a known field has another type. Unknown fields are
/// skipped.
std::optional<Params> decodeGetSecretValue(std::string_view body);

/// A GetSecretValueResponse out of the members that the OpenAPI would answer.
std::string encodeSecretValue(const boost::json::object& members);

/// An Error message.
std::string encodeError(const ApiError& error, const std::string& requestId);

}  // namespace kms_secretd::emulator
