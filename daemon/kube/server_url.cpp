// SPDX-License-Identifier: Apache-2.0
#include "kube/server_url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace kms_secretd::kube {
namespace {

constexpr std::size_t maxHost = 253;

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool isHostCharacter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool isAddress6Character(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

bool isPathCharacter(char c) noexcept {
  return c > ' ' && c < 0x7F && c != '?' && c != '#' && c != '"' && c != '<' && c != '>' &&
         c != '\\';
}

bool isLoopback(std::string const& host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") &&
         std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

struct Authority {
  std::string host{};
  std::string_view port{};
};

std::optional<Authority> splitBracketed(std::string_view text) {
  auto const end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  auto const host = lowered(text.substr(1, end - 1));
  auto const rest = text.substr(end + 1);
  if (host.empty() || !std::ranges::all_of(host, isAddress6Character)) return std::nullopt;
  if (!rest.empty() && rest[0] != ':') return std::nullopt;
  return Authority{.host = host, .port = rest};
}

// "host", "host:port" or "[address]:port"; the port still with its colon.
std::optional<Authority> split(std::string_view text) {
  if (text.starts_with('[')) return splitBracketed(text);
  auto const colon = std::min(text.find(':'), text.size());
  auto const host = lowered(text.substr(0, colon));
  if (host.empty() || host.size() > maxHost || !std::ranges::all_of(host, isHostCharacter)) {
    return std::nullopt;
  }
  return Authority{.host = host, .port = text.substr(colon)};
}

std::optional<std::uint16_t> portOf(std::string_view text, std::uint16_t otherwise) {
  if (text.empty()) return otherwise;
  text.remove_prefix(1);
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

UrlProblem notAUrl(char const* wanted) {
  return {.what = "is not a URL that can be used", .remedy = std::string("write ") + wanted};
}

struct Scheme {
  bool plain = false;
  std::string_view rest{};
};

std::optional<Scheme> schemeOf(std::string_view url) {
  auto const colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  auto const name = lowered(url.substr(0, colon));
  if (name != "http" && name != "https") return std::nullopt;
  return Scheme{.plain = name == "http", .rest = url.substr(colon + 3)};
}

std::variant<ServerUrl, UrlProblem> checked(ServerUrl url) {
  if (url.plainHttp && !isLoopback(url.host)) {
    return UrlProblem{.what = "uses plain http, which would show every secret to the network",
                      .remedy = "write https:// and give the cluster's CA"};
  }
  return url;
}

}  // namespace

std::variant<ServerUrl, UrlProblem> parseServerUrl(std::string_view url) {
  constexpr auto wanted = "https://host:port";
  auto const scheme = schemeOf(url);
  if (!scheme) return notAUrl(wanted);
  auto const slash = std::min(scheme->rest.find('/'), scheme->rest.size());
  auto const authority = split(scheme->rest.substr(0, slash));
  auto path = scheme->rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!authority || !std::ranges::all_of(path, isPathCharacter)) return notAUrl(wanted);
  auto const port = portOf(authority->port, scheme->plain ? 80 : 443);
  if (!port) return notAUrl(wanted);
  return checked({.plainHttp = scheme->plain,
                  .host = authority->host,
                  .port = *port,
                  .pathPrefix = std::string(path)});
}

std::variant<std::string, UrlProblem> parseProxyUrl(std::string_view url) {
  constexpr auto wanted = "http://host:port: no other scheme and no login";
  auto const scheme = schemeOf(url);
  if (!scheme || !scheme->plain) return notAUrl(wanted);
  auto rest = scheme->rest;
  if (rest.ends_with('/')) rest.remove_suffix(1);
  auto const authority = split(rest);
  if (!authority || authority->port.empty() || !portOf(authority->port, 0)) return notAUrl(wanted);
  return "http://" + std::string(rest);
}

}  // namespace kms_secretd::kube
