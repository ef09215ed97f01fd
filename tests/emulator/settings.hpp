// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kms_secretd::emulator {

/// What a gateway is. The shared one knows no client keys; an instance's own knows both logins, but
/// of the operations only those that use secrets; before image 3.0.0 it knew client keys only.
enum class GatewayKind { any, shared, instance, oldInstance };

/// What tests may tune about the emulated service. README.md describes each for its users.
struct Settings {
  std::string region = "cn-hangzhou";
  std::string account = "1234567890123456";
  bool strictHost = false;
  bool echoArn = false;
  bool updateTimeMoves = true;
  GatewayKind gateway = GatewayKind::any;
  bool requireClientCertificate = false;  // for client keys
  std::chrono::milliseconds idleTimeout{60'000};
  std::uint16_t kmsPort = 0;  // set by the emulator: a loopback Host may carry this port
};

}  // namespace kms_secretd::emulator
