// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace kms_secretd::kube {

/// The parts of "https://host:port/prefix".
struct ServerUrl {
  bool plainHttp = false;
  std::string host{};  ///< lower case, an IPv6 address without brackets
  std::uint16_t port = 443;
  std::string pathPrefix{};  ///< without a slash at its end
};

/// Why a URL is not taken.
struct UrlProblem {
  std::string what{};
  std::string remedy{};
};

/// Reads the server of a cluster. Plain HTTP is taken towards loopback only.
[[nodiscard]] std::variant<ServerUrl, UrlProblem> parseServerUrl(std::string_view url);

/// Checks a proxy-url: "http://host:port", nothing else.
[[nodiscard]] std::variant<std::string, UrlProblem> parseProxyUrl(std::string_view url);

}  // namespace kms_secretd::kube
