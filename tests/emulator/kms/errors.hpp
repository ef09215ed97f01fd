// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/json.hpp>

namespace kms_secretd::emulator {

/// Who answers: the API gateway in front ("PopGw") and KMS itself use different error bodies
/// (KMS protocol, error model, bodies).
enum class ErrorForm { kms, gateway };

/// One error answer of the service.
struct ApiError {
  int status = 500;
  std::string code;
  std::string message;
  ErrorForm form = ErrorForm::kms;
};

inline ApiError kmsError(int status, std::string code, std::string message) {
  return {status, std::move(code), std::move(message), ErrorForm::kms};
}

inline ApiError gatewayError(int status, std::string code, std::string message) {
  return {status, std::move(code), std::move(message), ErrorForm::gateway};
}

/// The JSON body of an error; `hostId` is the name that the client called.
boost::json::object errorBody(const ApiError& error, const std::string& requestId,
                              const std::string& hostId);

}  // namespace kms_secretd::emulator
