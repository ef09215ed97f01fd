// SPDX-License-Identifier: Apache-2.0
#include "alicloud/secret_request.hpp"

#include <algorithm>

namespace kms_secretd::alicloud {
namespace {

// An ARN around the longest name, with room to spare.
constexpr std::size_t longestParameter = 512;

bool isSendable(std::string_view text) {
  return text.size() <= longestParameter && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

bool isArn(std::string_view name) noexcept { return name.starts_with("acs:kms:"); }

// acs:kms:<region>:<account>:secret/<name> -> <name>
std::string_view bareName(std::string_view name) noexcept {
  constexpr std::string_view marker = ":secret/";
  auto const at = isArn(name) ? name.find(marker) : std::string_view::npos;
  return at == std::string_view::npos ? name : name.substr(at + marker.size());
}

}  // namespace

std::optional<std::string> problemOf(sdk::FetchRequest const& request) {
  if (request.name.empty()) return "the secret has no name; give its name or ARN in KMS";
  for (auto const* text : {&request.name, &request.versionStage, &request.versionId}) {
    if (isSendable(*text)) continue;
    return "name, version stage or version id is longer than 512 bytes or holds control "
           "characters; correct it";
  }
  return std::nullopt;
}

bool isSameSecret(std::string_view asked, std::string_view echoed) noexcept {
  if (isArn(asked) && isArn(echoed)) return asked == echoed;
  return bareName(asked) == bareName(echoed);
}

std::optional<std::string> mismatchOf(sdk::FetchRequest const& request,
                                      SecretValueReply const& reply) {
  if (!reply.secretName.empty() && !isSameSecret(request.name, reply.secretName)) {
    return "it is about another secret";
  }
  auto const& type = reply.secret.secretType;
  bool const honoursVersionIds = type.empty() || type == "Generic";
  if (!request.versionId.empty() && honoursVersionIds &&
      reply.secret.versionId != request.versionId) {
    return "it holds another version than the one asked for";
  }
  return std::nullopt;
}

}  // namespace kms_secretd::alicloud
