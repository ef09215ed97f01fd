// SPDX-License-Identifier: Apache-2.0
#include "emulator/net/http_reply.hpp"

#include <algorithm>
#include <array>

#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator {
namespace {

using Phrase = std::pair<int, std::string_view>;

constexpr std::array kPhrases = {
    Phrase{200, "OK"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Found"},
    Phrase{307, "Temporary Redirect"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{409, "Conflict"},
    Phrase{413, "Content Too Large"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{502, "Bad Gateway"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Gateway Timeout"},
    Phrase{505, "HTTP Version Not Supported"},
};

}  // namespace

void Reply::setHeader(std::string_view name, std::string value) {
  const std::string wanted = toLower(name);
  for (auto& header : headers) {
    if (toLower(header.first) != wanted) continue;
    header.second = std::move(value);
    return;
  }
  headers.emplace_back(name, std::move(value));
}

std::string_view reasonPhrase(int status) {
  const auto* found = std::find_if(kPhrases.begin(), kPhrases.end(),
                                   [&](const Phrase& phrase) { return phrase.first == status; });
  return found == kPhrases.end() ? "Unknown" : found->second;
}

std::string renderHead(const Reply& reply, std::string_view framing) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
  out += reasonPhrase(reply.status);
  out += "\r\n";
  for (const auto& [name, value] : reply.headers) out += name + ": " + value + "\r\n";
  out += framing;
  out += reply.close ? "\r\nConnection: close\r\n\r\n" : "\r\nConnection: keep-alive\r\n\r\n";
  return out;
}

std::string contentLengthHeader(std::int64_t length) {
  return "Content-Length: " + std::to_string(length);
}

}  // namespace kms_secretd::emulator
