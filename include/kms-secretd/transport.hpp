// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>
#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::sdk {

/// One peer that a backend wants to speak HTTP/1.1 with, and how it is trusted.
struct TransportSpec {
  std::string host{};  ///< bare lower-case host name or address; TLS verifies it
  std::uint16_t port = 443;
  std::string connectAddress{};  ///< dial this host or address instead of `host`; empty = `host`
  bool plainHttp = false;        ///< only for loopback and 100.100.100.200 (metadata); else refused
  std::string rootsPem{};        ///< trusted CAs, PEM; empty = the system's roots
  bool partialChain = false;     ///< an intermediate in `rootsPem` is enough (KMS instance CA)
  std::string clientCertificatePem{};  ///< leaf and chain, PEM; empty = none
  SecretBytes clientKeyPem{};          ///< its key, PEM
  std::string proxy{};  ///< "http://host:port"; empty = none, whatever the environment says
  std::size_t maxHeaderBytes = 64 * 1024;  ///< a reply's header block over this is refused
  std::size_t maxBodyBytes = 1024 * 1024;  ///< a reply's body over this is refused
  Milliseconds connectTimeout{5000};       ///< name, TCP and TLS together; part of the deadline
};

/// One header field. Names are sent as given; replies carry lower-case names.
struct HttpHeader {
  std::string name{};
  std::string value{};
};

/// One request. `Host`, `Content-Length` and `Accept-Encoding: identity` are added by the host.
/// Names, values and target are checked: CR, LF, NUL or a space in the target is a Failure.
struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";  ///< path and query, already encoded
  std::vector<HttpHeader> headers{};
  SecretBytes body{};
  bool idempotent = true;  ///< may be sent once more when a kept connection was stale
  std::vector<std::string> wantedHeaders{};    ///< lower-case reply headers to keep, besides date,
                                               ///< retry-after and content-type
  BootTime deadline{};                         ///< of the whole exchange, connecting included
  Cancellation const* cancellation = nullptr;  ///< optional, outlives the call
};

/// One complete reply of any status. Redirects are never followed.
struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers{};  ///< the wanted ones, names in lower case
  SecretBytes body{};

  /// The first value of a kept header (lower-case name), or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    for (auto const& each : headers) {
      if (each.name == name) return each.value;
    }
    return {};
  }
};

/// A keep-alive pool to one peer. send() may be called from several threads at once.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Sends one request and reads one whole reply. Any HTTP status is a value. A Failure is of kind
  /// unavailable (no connection, reset, TLS), timed_out, invalid_response (not HTTP, over a limit),
  /// invalid_request (field not sendable) or internal (cancelled). Never throws.
  virtual Result<HttpResponse> send(HttpRequest const& request) noexcept = 0;
};

}  // namespace kms_secretd::sdk
