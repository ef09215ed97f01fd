// SPDX-License-Identifier: Apache-2.0
#include "alicloud/uri_source.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/credential_reply.hpp"
#include "alicloud/sts_failure.hpp"

namespace kms_secretd::alicloud {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds requestTimeout = 5s;
constexpr std::size_t largestReply = 64 * 1024;

std::unique_ptr<sdk::Transport> openTransport(CredentialsUri const& uri, std::string rootsPem,
                                              sdk::Host& host) {
  sdk::TransportSpec spec;
  spec.host = uri.endpoint.host;
  spec.port = uri.endpoint.port;
  spec.plainHttp = uri.plainHttp;
  spec.rootsPem = std::move(rootsPem);
  spec.maxHeaderBytes = largestReply;
  spec.maxBodyBytes = largestReply;
  auto transport = host.openTransport(spec);
  if (transport) return std::move(transport).value();
  throw sdk::OptionError("auth.uri", transport.failure().message);
}

bool isTarget(std::string_view text) noexcept {
  return text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char c) {
           return c > ' ' && c < 0x7F && c != '#';
         });
}

}  // namespace

std::optional<CredentialsUri> parseCredentialsUri(std::string_view text) {
  CredentialsUri uri;
  uri.plainHttp = text.starts_with("http://");
  if (!uri.plainHttp && !text.starts_with("https://")) return std::nullopt;
  text.remove_prefix(uri.plainHttp ? 7 : 8);
  auto const slash = std::min(text.find('/'), text.size());
  auto const authority = text.substr(0, slash);
  auto endpoint = parseHostAndPort(authority);
  if (!endpoint) return std::nullopt;
  if (authority.find(':') == std::string_view::npos && uri.plainHttp) endpoint->port = 80;
  uri.endpoint = std::move(*endpoint);
  uri.target = slash == text.size() ? "/" : std::string(text.substr(slash));
  if (!isTarget(uri.target)) return std::nullopt;
  return uri;
}

UriSource::UriSource(CredentialsUri uri, std::string rootsPem, sdk::Host& host)
    : uri_(std::move(uri)),
      clock_(host.clock()),
      transport_(openTransport(uri_, std::move(rootsPem), host)) {}

sdk::Result<CredentialPtr> UriSource::issue(CredentialRequest const& request) {
  // The target is not shown: operators put tokens into it.
  auto const step = "the credentials URI at " + uri_.endpoint.authority();
  sdk::HttpRequest http;
  http.target = uri_.target;
  http.headers = {{"accept", "application/json"}};
  http.deadline = std::min(request.deadline, clock_.boot() + requestTimeout);
  http.cancellation = request.cancellation;
  auto reply = transport_->send(http);
  if (!reply) return issuerUnreachable(step, reply.failure());
  sdk::Failure failure{.kind = sdk::FailureKind::unauthenticated};
  if (reply.value().status != 200) {
    failure.message = step + " answered HTTP " + std::to_string(reply.value().status) +
                      "; look at the service behind it";
    return failure;
  }
  auto credential =
      parseIssuedBody(reply.value().body.reveal(), momentOf(clock_, reply.value().header("date")));
  if (credential) return credential;
  failure.message = step + ": the answer was refused: " + credential.failure().message;
  return failure;
}

}  // namespace kms_secretd::alicloud
