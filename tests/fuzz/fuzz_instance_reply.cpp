// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "kms-instance-endpoint/error_table.hpp"
#include "kms-instance-endpoint/messages.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {

void feed(std::string_view input) {
  (void)kms_instance_endpoint::decodeSecretValue(input);
  if (auto const error = kms_instance_endpoint::decodeError(input, 400)) {
    (void)kms_instance_endpoint::verdictOn(*error);
  }
}

std::vector<std::string_view> seeds() {
  using namespace std::string_view_literals;
  return {
      "\x0a\x03"
      "a/b\x12\x07Generic\x1a\x05value\x22\x04text\x2a\x0a"
      "ACSCurrent\x32\x02v1\x42\x03r-1"sv,
      "\x1a\x04"
      "AAH/\x22\x06"
      "binary\x32\x02v1"sv,
      "\x0a\x03rds\x12\x03Rds\x1a\x02{}\x32\x01"
      "7\x52\x14"
      "2026-09-01T00:00:00Z\x5a\x02{}\x62\x07"
      "Enabled\x6a\x07"
      "604800s"sv,
      "\x08\x94\x03\x12\x1a"
      "Forbidden.ResourceNotFound\x1a\x03"
      "no!\x22\x03r-2"sv,
      "\xa0\x01\x96\x01\xa9\x01"
      "12345678\xbd\x01"
      "1234"sv};
}

}  // namespace kms_secretd::fuzz
