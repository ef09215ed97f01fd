// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/http.hpp"

#include <algorithm>

namespace kms_secretd::fakes::kube {
namespace {

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percentDecoded(std::string const& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const escaped = text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
                         hexDigit(text[i + 2]) >= 0;
    if (!escaped) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

std::string queryDecoded(std::string text) {
  std::ranges::replace(text, '+', ' ');
  return percentDecoded(text);
}

}  // namespace

std::string Request::parameter(std::string const& name) const {
  auto const at = query.find(name);
  return at == query.end() ? "" : at->second;
}

void readTarget(Request& request, std::string const& target) {
  auto const mark = target.find('?');
  request.path = percentDecoded(target.substr(0, mark));
  if (mark == std::string::npos) return;
  auto rest = target.substr(mark + 1);
  while (!rest.empty()) {
    auto const end = std::min(rest.find('&'), rest.size());
    auto const pair = rest.substr(0, end);
    auto const equals = std::min(pair.find('='), pair.size());
    auto const value = equals < pair.size() ? pair.substr(equals + 1) : "";
    request.query[queryDecoded(pair.substr(0, equals))] = queryDecoded(value);
    rest.erase(0, std::min(end + 1, rest.size()));
  }
}

}  // namespace kms_secretd::fakes::kube
