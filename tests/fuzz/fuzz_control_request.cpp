// SPDX-License-Identifier: Apache-2.0
#include "control/http_request.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {

void feed(std::string_view input) {
  control::RequestReader reader;
  // In two parts, cut where the input says: what comes apart must not be read otherwise.
  auto const cut = input.empty() ? 0 : static_cast<unsigned char>(input[0]) % input.size();
  reader.feed(input.substr(0, cut));
  reader.feed(input.substr(cut));
  if (reader.done() && reader.request().body.size() > control::RequestReader::maxBody) {
    __builtin_trap();
  }
}

std::vector<std::string_view> seeds() {
  return {"GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "POST /v1/sync HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n{\"all\":true}"};
}

}  // namespace kms_secretd::fuzz
