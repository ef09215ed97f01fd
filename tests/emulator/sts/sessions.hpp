// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <boost/json.hpp>

#include "emulator/kms/keyring.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// What a new session of a role is to be.
struct SessionWish {
  std::string name;
  std::int64_t seconds = 3600;
  std::string policy;  // JSON; empty = none
};

/// Makes a session of a role: an STS triple in the keyring, good at once. Any thread.
AccessKey openSession(World& world, const Role& role, const SessionWish& wish);

/// AccessKeyId, AccessKeySecret, SecurityToken, Expiration.
boost::json::object credentialsMember(const AccessKey& session);

/// Takes the keys of all sessions of a role away; how many there were.
std::size_t endSessions(World& world, const std::string& roleArn);

/// `1234567890123456` of any `acs:ram::<account>:...`.
std::string accountOf(std::string_view arn);

/// True if a policy lets its session read secrets; false also where it is no policy.
bool allowsReading(const std::string& policy);

}  // namespace kms_secretd::emulator
