// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kms_secretd::alicloud {

/// Where a service answers.
struct Endpoint {
  std::string host{};  ///< bare, lower case: the signature covers it
  std::uint16_t port = 443;

  /// What the Host field says, and so what must be signed: the port only where it is not 443.
  [[nodiscard]] std::string authority() const;

  friend bool operator==(Endpoint const&, Endpoint const&) = default;
};

/// Reads `host` or `host:port`; nothing where that is not a lower-case DNS name or IPv4 address.
[[nodiscard]] std::optional<Endpoint> parseHostAndPort(std::string_view text);

/// True for a name made of `a-z 0-9 -`, as regions are.
[[nodiscard]] bool isRegion(std::string_view text) noexcept;

/// The gateway of a region inside its VPCs, `kms-vpc.<region>.aliyuncs.com`, which needs no route
/// to the internet (KMS protocol, endpoints).
[[nodiscard]] Endpoint vpcEndpoint(std::string_view region);

/// True for the id of a KMS instance, `kst-` and then `a-z 0-9 -`.
[[nodiscard]] bool isInstanceId(std::string_view text) noexcept;

/// The dedicated gateway of an instance, `<id>.cryptoservice.kms.aliyuncs.com`.
[[nodiscard]] Endpoint instanceEndpoint(std::string_view id);

/// True for the vendor's three shapes: `kms.<region>.aliyuncs.com`, `kms-vpc.<region>.aliyuncs.com`
/// and `<instance>.cryptoservice.kms.aliyuncs.com`.
[[nodiscard]] bool isVendorHost(std::string_view host) noexcept;

/// True for the dedicated gateway of an instance, which has a private CA and resolves only inside
/// the VPCs that are bound to the instance.
[[nodiscard]] bool isInstanceHost(std::string_view host) noexcept;

/// What to say behind a failure to reach one.
inline constexpr std::string_view whereInstancesAnswer =
    "; an instance endpoint resolves and answers only inside the VPCs bound to the instance";

/// Reads the option `endpoint`. Without `custom` only the vendor's shapes are taken, so that a
/// mistyped or planted name never receives a signed request. Throws sdk::OptionError("endpoint").
[[nodiscard]] Endpoint parseEndpoint(std::string_view text, bool custom);

}  // namespace kms_secretd::alicloud
