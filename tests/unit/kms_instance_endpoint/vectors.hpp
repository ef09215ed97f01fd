// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

// The protocol's test vectors (tests/fixtures/vectors.json).

namespace kms_secretd::kms_instance_endpoint {

/// The whole file.
[[nodiscard]] boost::json::object const& vectors();
/// A text member; empty if it is absent or no text.
[[nodiscard]] std::string textOf(boost::json::object const& object, std::string_view name);
/// Bytes written as hex digits.
[[nodiscard]] std::string unhex(std::string_view digits);
/// A message of the section "protobuf", in wire form.
[[nodiscard]] std::string message(std::string_view name);
/// A member of the section "dkms_key": the throw-away client key in its forms.
[[nodiscard]] std::string keyPart(std::string_view name);

}  // namespace kms_secretd::kms_instance_endpoint
