// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/storage_ptr.hpp>
#include <kms-secretd/backend.hpp>
#include <kms-secretd/failure.hpp>

namespace kms_secretd::alicloud {

/// A GetSecretValue reply as the service meant it.
struct SecretValueReply {
  std::string secretName{};     ///< the echo of the name or ARN; empty if the service left it out
  sdk::FetchedSecret secret{};  ///< all but serverDate
};

/// What a SecretDataType means, absent as text (KMS protocol 1.3); nothing for any other word.
[[nodiscard]] std::optional<sdk::DataType> dataTypeNamed(std::string_view name) noexcept;

/// The bytes that a SecretData means: text as it is, binary decoded from base64 (B27); nothing if
/// that is none. The service stores what a writer calls binary without looking at it.
[[nodiscard]] std::optional<sdk::SecretBytes> secretDataOf(std::string_view text,
                                                           sdk::DataType type);

/// What to say then, as a fragment behind "its SecretData".
inline constexpr std::string_view notBase64 =
    "is marked binary but is not base64; store it again as padded base64 on one line";

/// Reads the JSON body of a successful GetSecretValue (KMS protocol 1.3). Unknown members are
/// ignored, null counts as absent; SecretData and VersionId must be there (without a version id a
/// change could never be seen). Fails with invalid_response; the message is a fragment such as
/// "its VersionId is missing" and never holds a byte of the body. `storage` takes the document.
[[nodiscard]] sdk::Result<SecretValueReply> parseSecretValue(std::string_view body,
                                                             boost::json::storage_ptr storage);

}  // namespace kms_secretd::alicloud
