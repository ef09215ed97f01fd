// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json.hpp>

#include "emulator/kms/errors.hpp"
#include "emulator/kms/secret_store.hpp"
#include "emulator/settings.hpp"
#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator {

/// A successful answer's members (without RequestId) or an error.
using Answer = std::variant<boost::json::object, ApiError>;

/// One authenticated call. Valid while the store's lock is held.
struct Call {
  const Params& params;
  std::string accessKey;
  std::string account;  // of the caller
  const Settings& settings;
  const SecretStore& store;

  /// The parameter's value; empty if absent.
  std::string param(std::string_view name) const;
};

/// Implements one operation of OpenAPI 2016-01-20.
using Operation = Answer (*)(const Call& call);

/// The operation of that name, or null.
Operation findOperation(std::string_view name);

Answer getSecretValue(const Call& call);
Answer describeSecret(const Call& call);
Answer listSecrets(const Call& call);
Answer listSecretVersionIds(const Call& call);

/// The secret that `SecretName` (name or ARN) means, or null.
const Secret* lookUp(const Call& call);
/// Refuses absent or malformed names, denied callers and absent secrets, in this order.
std::optional<ApiError> checkAccess(const Call& call, std::string_view operation);
/// A page of a list: `PageNumber` from 1, `PageSize` 1..100.
struct Page {
  std::size_t number = 1;
  std::size_t size = 10;
  std::size_t begin(std::size_t total) const { return std::min(total, (number - 1) * size); }
  std::size_t end(std::size_t total) const { return std::min(total, begin(total) + size); }
};
/// Nothing if the parameters are out of range.
std::optional<Page> readPage(const Call& call, std::size_t defaultSize);

ApiError resourceNotFound();
ApiError invalidParameter(std::string_view name);

}  // namespace kms_secretd::emulator
