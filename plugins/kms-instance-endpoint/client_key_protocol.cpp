// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/client_key_protocol.hpp"

#include <utility>

#include "kms-instance-endpoint/error_table.hpp"
#include "kms-instance-endpoint/failures.hpp"
#include "kms-instance-endpoint/messages.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

constexpr char const* apiName = "GetSecretValue";

// Status and text of whatever refused, in protobuf or, from a gateway or proxy before it, not.
alicloud::RpcError errorOf(sdk::HttpResponse const& response) {
  if (auto error = decodeError(response.body.reveal(), response.status)) return *error;
  return alicloud::parseRpcError(response);
}

}  // namespace

ClientKeyProtocol::ClientKeyProtocol(CallTools const& tools, sdk::FetchRequest const& request)
    : tools_(tools), body_(encodeGetSecretValue(request)) {}

sdk::Result<bool> ClientKeyProtocol::login(bool anew) {
  auto key = tools_.keys.get(anew ? key_ : nullptr);
  if (!key) return std::move(key.failure());
  return std::exchange(key_, key.value()) != key.value();
}

sdk::Result<alicloud::SignedRead> ClientKeyProtocol::sign(sdk::WallTime date) {
  date_ = date;
  sent_ = signCall({.apiName = apiName, .keyId = key_->id(), .body = body_, .date = date}, *key_);
  auto transport = tools_.transports.forKey(key_);
  if (!transport) return std::move(transport.failure());
  transport_ = std::move(transport).value();
  alicloud::SignedRead read{.transport = transport_.get()};
  read.request.headers = sent_.headers;
  read.request.body = sdk::SecretBytes(body_);
  return read;
}

sdk::Result<alicloud::SecretValueReply> ClientKeyProtocol::accept(
    sdk::HttpResponse const& response) {
  return decodeSecretValue(response.body.reveal());
}

alicloud::Refusal ClientKeyProtocol::refuse(sdk::HttpResponse const& response) {
  auto const error = errorOf(response);
  return {.failure = refused(error, {.call = sent_, .key = *key_, .date = date_}),
          .repeat = verdictOn(error).repeat};
}

}  // namespace kms_secretd::kms_instance_endpoint
