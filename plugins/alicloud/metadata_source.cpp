// SPDX-License-Identifier: Apache-2.0
#include "alicloud/metadata_source.hpp"

#include <algorithm>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/credential_reply.hpp"
#include "alicloud/redaction.hpp"
#include "alicloud/sts_failure.hpp"

namespace kms_secretd::alicloud {
namespace {

constexpr sdk::Milliseconds requestTimeout{1000};
constexpr std::size_t largestReply = 64 * 1024;
constexpr std::string_view rolesPath = "/latest/meta-data/ram/security-credentials/";
constexpr std::string_view step = "the metadata service";

std::unique_ptr<sdk::Transport> openTransport(Endpoint const& endpoint, sdk::Host& host) {
  sdk::TransportSpec spec;
  spec.host = endpoint.host;
  spec.port = endpoint.port;
  spec.plainHttp = true;  // and no proxy: a proxy would answer for its own host
  spec.connectTimeout = requestTimeout;
  spec.maxHeaderBytes = largestReply;
  spec.maxBodyBytes = largestReply;
  auto transport = host.openTransport(spec);
  if (transport) return std::move(transport).value();
  throw sdk::OptionError("auth.metadata_endpoint", transport.failure().message);
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view space = " \t\r\n";
  auto const first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

sdk::Failure refused(std::string_view what) {
  return {.kind = sdk::FailureKind::unauthenticated,
          .message = std::string(step) + ' ' + std::string(what)};
}

std::string statusText(sdk::HttpResponse const& response) {
  return "answered HTTP " + std::to_string(response.status);
}

// It travels in a header field.
bool isHeaderValue(std::string_view text) noexcept { return faultOfPart(text) == nullptr; }

}  // namespace

MetadataSource::MetadataSource(MetadataSettings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      clock_(host.clock()),
      transport_(openTransport(settings_.endpoint, host)) {}

MetadataSource::Reply MetadataSource::send(std::string method, std::string target,
                                           CredentialRequest const& limits,
                                           std::string_view token) const {
  sdk::HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  if (request.method == "PUT") {
    request.headers.push_back({"X-aliyun-ecs-metadata-token-ttl-seconds", "21600"});
  }
  if (!token.empty())
    request.headers.push_back({"X-aliyun-ecs-metadata-token", std::string(token)});
  request.deadline = std::min(limits.deadline, clock_.boot() + requestTimeout);
  request.cancellation = limits.cancellation;
  auto reply = transport_->send(request);
  if (reply) return reply;
  auto failure =
      issuerUnreachable(std::string(step) + " at " + settings_.endpoint.host, reply.failure());
  failure.message += "; auth.type ecs_ram_role works on ECS instances only";
  return failure;
}

// Empty where v1 is allowed and the service has no tokens.
sdk::Result<sdk::SecretBytes> MetadataSource::token(CredentialRequest const& limits) const {
  auto reply = send("PUT", "/latest/api/token", limits, {});
  if (!reply) {
    if (settings_.allowV1) return sdk::SecretBytes();
    return std::move(reply.failure());
  }
  auto const text = trimmed(reply.value().body.reveal());
  if (reply.value().status == 200 && isHeaderValue(text)) return sdk::SecretBytes(text);
  if (reply.value().status != 200 && settings_.allowV1) return sdk::SecretBytes();
  if (reply.value().status == 200) return refused("gave no token that can be one");
  return refused("gave no token: it " + statusText(reply.value()) +
                 "; let it be asked without one by auth.allow_metadata_v1 = true, or let the "
                 "instance offer version 2");
}

sdk::Result<std::string> MetadataSource::roleName(CredentialRequest const& limits,
                                                  std::string_view token) const {
  if (!settings_.roleName.empty()) return settings_.roleName;
  auto reply = send("GET", std::string(rolesPath), limits, token);
  if (!reply) return std::move(reply.failure());
  if (reply.value().status == 404) {
    return refused("knows no role of this instance; attach a RAM role to it");
  }
  if (reply.value().status != 200)
    return refused(statusText(reply.value()) + " to the role's name");
  // It becomes part of a path.
  auto name = plainIdentifier(trimmed(reply.value().body.reveal()));
  if (name.empty() || name.starts_with('.')) {
    return refused("answered what is no role name; name it by auth.role_name");
  }
  return name;
}

sdk::Result<CredentialPtr> MetadataSource::issue(CredentialRequest const& request) {
  auto const key = token(request);
  if (!key) return key.failure();
  auto const name = roleName(request, key.value().reveal());
  if (!name) return name.failure();
  auto reply = send("GET", std::string(rolesPath) + name.value(), request, key.value().reveal());
  if (!reply) return std::move(reply.failure());
  auto const about = "about role \"" + name.value() + '"';
  if (reply.value().status == 404) {
    return refused("knows nothing " + about +
                   "; attach that role to the instance, or correct "
                   "auth.role_name");
  }
  if (reply.value().status != 200) return refused(statusText(reply.value()) + ' ' + about);
  auto credential =
      parseIssuedBody(reply.value().body.reveal(), momentOf(clock_, reply.value().header("date")));
  if (credential) return credential;
  return refused("gave an unusable answer " + about + ": " + credential.failure().message);
}

}  // namespace kms_secretd::alicloud
