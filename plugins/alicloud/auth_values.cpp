// SPDX-License-Identifier: Apache-2.0
#include "alicloud/auth_values.hpp"

#include <algorithm>
#include <chrono>

#include "alicloud/json_document.hpp"

namespace kms_secretd::alicloud {
namespace {

using namespace std::chrono_literals;

bool isLetterOrDigit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isMadeOf(std::string_view text, std::string_view marks) noexcept {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return isLetterOrDigit(c) || marks.find(c) != std::string_view::npos;
  });
}

// acs:ram::<account>:<kind>/<name>
bool isRamArn(std::string_view text, std::string_view kind) noexcept {
  constexpr std::string_view start = "acs:ram::";
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  auto const colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  auto const account = text.substr(0, colon);
  bool const digits =
      std::all_of(account.begin(), account.end(), [](char c) { return c >= '0' && c <= '9'; });
  text.remove_prefix(colon + 1);
  if (!digits || !text.starts_with(kind)) return false;
  text.remove_prefix(kind.size());
  return text.starts_with('/') && isRoleName(text.substr(1));
}

bool isJsonObject(std::string const& text) {
  auto const document = parseJson(text, {});
  return document.ok() && document.root.is_object();
}

}  // namespace

bool isRoleName(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 128 && text.front() != '.' && isMadeOf(text, "-_.");
}

bool isRoleArn(std::string_view text) noexcept { return isRamArn(text, "role"); }

bool isProviderArn(std::string_view text) noexcept { return isRamArn(text, "oidc-provider"); }

std::optional<SessionFault> faultOf(RoleSession const& session) {
  if (!isRoleArn(session.roleArn)) {
    return SessionFault{"role_arn", "the role is not like acs:ram::1234567890123456:role/name"};
  }
  auto const name = session.name.size();
  if (name < 2 || name > 64 || !isMadeOf(session.name, ".@_-")) {
    return SessionFault{
        "session_name",
        "the session's name must be 2 to 64 letters, digits and characters of .@_-"};
  }
  if (session.duration < 900s || session.duration > 43200s) {
    return SessionFault{"session_duration", "a session lasts from 15m to 12h"};
  }
  if (!session.policy.empty() && (session.policy.size() > 2048 || !isJsonObject(session.policy))) {
    return SessionFault{"policy", "the policy must be a JSON object of at most 2048 characters"};
  }
  auto const external = session.externalId.size();
  if (external != 0 &&
      (external < 2 || external > 1224 || !isMadeOf(session.externalId, "_+=,.@:/-"))) {
    return SessionFault{"external_id",
                        "the external id must be 2 to 1224 letters, digits and characters of "
                        "_+=,.@:/-"};
  }
  return std::nullopt;
}

}  // namespace kms_secretd::alicloud
