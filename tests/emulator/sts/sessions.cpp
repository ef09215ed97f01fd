// SPDX-License-Identifier: Apache-2.0
#include "emulator/sts/sessions.hpp"

#include <algorithm>

#include "emulator/server_clock.hpp"
#include "emulator/sign/digest.hpp"
#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator {
namespace {

namespace json = boost::json;

bool namesReading(const json::value& action) {
  if (action.is_array()) {
    const auto& list = action.as_array();
    return std::any_of(list.begin(), list.end(), namesReading);
  }
  if (!action.is_string()) return false;
  const std::string_view text = action.as_string();
  return text == "*" || text == "kms:*" || text == "kms:GetSecretValue";
}

std::string nameOf(const std::string& roleArn) { return roleArn.substr(roleArn.rfind('/') + 1); }

}  // namespace

std::string accountOf(std::string_view arn) {
  const auto parts = split(arn, ':');
  return parts.size() > 3 ? std::string(parts[3]) : std::string{};
}

bool allowsReading(const std::string& policy) {
  boost::system::error_code error;
  const auto value = json::parse(policy, error);
  if (error || !value.is_object()) return false;
  const auto* statements = value.as_object().if_contains("Statement");
  if (statements == nullptr || !statements->is_array()) return false;
  const auto& list = statements->as_array();
  return std::any_of(list.begin(), list.end(), [](const json::value& statement) {
    const auto* object = statement.if_object();
    if (object == nullptr) return false;
    const auto* effect = object->if_contains("Effect");
    const auto* action = object->if_contains("Action");
    return effect != nullptr && *effect == "Allow" && action != nullptr && namesReading(*action);
  });
}

AccessKey openSession(World& world, const Role& role, const SessionWish& wish) {
  AccessKey key;
  key.id = "STS." + randomHex(10);
  key.secret = randomHex(20);
  key.token = "CAIS" + randomHex(40);
  key.account = accountOf(role.arn);
  key.roleArn = role.arn;
  key.arn = "acs:ram::" + key.account + ":assumed-role/" + nameOf(role.arn) + '/' + wish.name;
  const auto seconds = role.sessionSeconds != 0 ? role.sessionSeconds : wish.seconds;
  key.expiresAt = world.clock.now() + seconds;
  key.mayRead = wish.policy.empty() || allowsReading(wish.policy);
  world.keyring.with([&](Keyring& keys) { keys.put(key); });
  return key;
}

json::object credentialsMember(const AccessKey& session) {
  return {{"AccessKeyId", session.id},
          {"AccessKeySecret", session.secret},
          {"SecurityToken", session.token},
          {"Expiration", formatTimestamp(session.expiresAt.value_or(0))}};
}

std::size_t endSessions(World& world, const std::string& roleArn) {
  return world.keyring.with([&](Keyring& keys) {
    std::size_t ended = 0;
    for (const AccessKey& key : keys.all()) {
      if (key.roleArn == roleArn && keys.erase(key.id)) ++ended;
    }
    return ended;
  });
}

}  // namespace kms_secretd::emulator
