// SPDX-License-Identifier: Apache-2.0
#include "alicloud/credential_reply.hpp"
#include "alicloud/oidc_token.hpp"
#include "alicloud/profile_file.hpp"
#include "alicloud/uri_source.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {

// What issuers answer, and the files in which people keep credentials.
void feed(std::string_view input) {
  (void)alicloud::parseIssuedBody(input, {});
  sdk::SecretBytes const bytes(input);
  alicloud::RoleSession const session{.name = "fuzz", .duration = sdk::Milliseconds(3'600'000)};
  (void)alicloud::readProfile(bytes, "", session);
  (void)alicloud::readProfile(bytes, "a", session);
  (void)alicloud::tokenIn(bytes, "the token");
  (void)alicloud::parseCredentialsUri(input);
}

std::vector<std::string_view> seeds() {
  return {
      R"({"Code":"Success","AccessKeyId":"STS.a","AccessKeySecret":"b","SecurityToken":"c",
"Expiration":"2026-09-01T14:00:00Z","LastUpdated":"2026-09-01T08:00:00Z"})",
      R"({"current":"a","profiles":[{"name":"a","mode":"ChainableRamRoleArn","source_profile":"b",
"ram_role_arn":"acs:ram::1:role/r","expired_seconds":900},{"name":"b","mode":"RamRoleArn",
"access_key_id":"x","access_key_secret":"y","ram_role_arn":"acs:ram::1:role/s","enable_vpc":true}]})",
      R"([default]
type = ram_role_arn
access_key_id = x
access_key_secret = y
role_arn = acs:ram::1:role/r
[a]
type=ecs_ram_role
; end
)",
      "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.AAAA\n", "http://127.0.0.1:8080/credentials?a=b"};
}

}  // namespace kms_secretd::fuzz
