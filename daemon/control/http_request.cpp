// SPDX-License-Identifier: Apache-2.0
#include "control/http_request.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

namespace kms_secretd::control {
namespace {

constexpr std::string_view lineEnd = "\r\n";
constexpr std::string_view headEnd = "\r\n\r\n";

bool isToken(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool isVisible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool isFieldValue(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '\t' || (c >= ' ' && c < 0x7f); });
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

char const* phraseOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

}  // namespace

HttpReply errorReply(int status, std::string const& what) {
  return {.status = status, .body = boost::json::serialize(boost::json::object{{"error", what}})};
}

std::string encodeReply(HttpReply const& reply) {
  std::string bytes = "HTTP/1.1 ";
  bytes += std::to_string(reply.status);
  bytes += ' ';
  bytes += phraseOf(reply.status);
  bytes += "\r\nContent-Type: " + reply.contentType;
  bytes += "\r\nContent-Length: " + std::to_string(reply.body.size());
  bytes += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close";
  bytes += headEnd;
  bytes += reply.body;
  return bytes;
}

void RequestReader::feed(std::string_view bytes) {
  if (done_ || refusal_) return;
  bytes_ += bytes;
  if (!headRead_) {
    auto const end = bytes_.find(headEnd);
    if (std::min(end, bytes_.size()) > maxHead) return refuse(431, "the head is over 8 KiB");
    if (end == std::string::npos) return;
    auto const head = bytes_.substr(0, end);
    bytes_.erase(0, end + headEnd.size());
    readHead(head);
    headRead_ = true;
  }
  if (!refusal_) readBody();
}

void RequestReader::readHead(std::string_view head) {
  auto const firstEnd = std::min(head.find(lineEnd), head.size());
  readRequestLine(head.substr(0, firstEnd));
  auto rest = head.substr(std::min(firstEnd + lineEnd.size(), head.size()));
  while (!rest.empty() && !refusal_) {
    auto const end = std::min(rest.find(lineEnd), rest.size());
    readHeader(rest.substr(0, end));
    rest.remove_prefix(std::min(end + lineEnd.size(), rest.size()));
  }
  if (!refusal_ && !hostSeen_) refuse(400, "there is no Host header");
}

void RequestReader::readRequestLine(std::string_view line) {
  auto const first = line.find(' ');
  auto const second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return refuse(400, "the first line is no HTTP request");
  auto const target = line.substr(first + 1, second - first - 1);
  request_.method = line.substr(0, first);
  request_.path = target.substr(0, target.find('?'));
  if (line.substr(second + 1) != "HTTP/1.1") return refuse(400, "only HTTP/1.1 is spoken here");
  if (!isToken(request_.method)) return refuse(400, "the method is no token");
  auto const good = target.starts_with('/') && isVisible(target);
  if (!good) refuse(400, "the target is no path");
}

void RequestReader::readHeader(std::string_view line) {
  auto const colon = line.find(':');
  if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
    return refuse(400, "a header line is not NAME: VALUE");
  }
  auto const name = lowered(line.substr(0, colon));
  auto const value = trimmed(line.substr(colon + 1));
  if (!isFieldValue(value)) return refuse(400, "a header holds a control character");
  if (name == "transfer-encoding") return refuse(501, "send Content-Length, not chunks");
  if (name == "host") {
    if (std::exchange(hostSeen_, true)) return refuse(400, "there are two Host headers");
    request_.host = lowered(value);
  }
  if (name != "content-length") return;
  if (bodySize_) return refuse(400, "there are two Content-Length headers");
  std::size_t size = 0;
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
  auto const whole = end == value.data() + value.size() && !value.empty();
  if (error != std::errc() || !whole) return refuse(400, "Content-Length is no number");
  bodySize_ = size;
  if (size > maxBody) refuse(413, "the body is over 16 KiB");
}

void RequestReader::readBody() {
  auto const size = bodySize_.value_or(0);
  if (bytes_.size() < size) return;
  request_.body = bytes_.substr(0, size);
  done_ = true;
}

void RequestReader::refuse(int status, std::string const& why) {
  if (!refusal_) refusal_ = errorReply(status, why);
}

}  // namespace kms_secretd::control
