// SPDX-License-Identifier: Apache-2.0
#include "emulator/net/http_request.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::size_t kMaxHeaders = 100;

bool isToken(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           others.find(c) != std::string_view::npos;
  });
}

bool isFieldText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

bool isTarget(std::string_view text) {
  return text.starts_with('/') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::optional<BadRequest> parseRequestLine(std::string_view line, Request& request) {
  const auto parts = split(line, ' ');
  if (parts.size() != 3 || !isToken(parts[0]) || !isTarget(parts[1])) {
    return BadRequest{400, "malformed request line"};
  }
  if (parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0") {
    return BadRequest{505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
  }
  request.method = parts[0];
  const auto mark = parts[1].find('?');
  request.path = parts[1].substr(0, mark);
  if (mark != std::string_view::npos) request.query = parts[1].substr(mark + 1);
  request.keepAlive = parts[2] == "HTTP/1.1";
  return std::nullopt;
}

std::optional<BadRequest> parseHeaderLine(std::string_view line, Request& request) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !isToken(line.substr(0, colon)) || !isFieldText(line)) {
    return BadRequest{400, "malformed header line"};
  }
  if (request.headers.size() == kMaxHeaders) return BadRequest{431, "more than 100 headers"};
  request.headers.emplace_back(toLower(line.substr(0, colon)), trim(line.substr(colon + 1)));
  return std::nullopt;
}

std::size_t countOf(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(request.headers.begin(), request.headers.end(),
                    [&](const auto& header) { return header.first == name; }));
}

std::optional<BadRequest> checkFraming(const Request& request) {
  if (countOf(request, "host") > 1 || countOf(request, "content-length") > 1) {
    return BadRequest{400, "Host and Content-Length may appear once"};
  }
  if (request.keepAlive && countOf(request, "host") == 0) return BadRequest{400, "no Host"};
  if (countOf(request, "transfer-encoding") != 0) {
    return BadRequest{501, "transfer codings are not accepted in requests"};
  }
  return std::nullopt;
}

void applyConnectionHeader(Request& request) {
  const std::string* wish = request.header("connection");
  if (wish == nullptr) return;
  const std::string value = toLower(*wish);
  if (value.find("close") != std::string::npos) request.keepAlive = false;
  if (value.find("keep-alive") != std::string::npos) request.keepAlive = true;
}

std::optional<std::size_t> contentLength(const Request& request) {
  const std::string* text = request.header("content-length");
  if (text == nullptr) return 0;
  std::size_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || stop != end || text->empty()) return std::nullopt;
  return value;
}

}  // namespace

const std::string* Request::header(std::string_view name) const { return findParam(headers, name); }

HeadResult parseRequestHead(std::string_view head) {
  Request request;
  bool first = true;
  while (first || !head.empty()) {
    const auto end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
    const auto bad = first ? parseRequestLine(line, request) : parseHeaderLine(line, request);
    if (bad) return *bad;
    first = false;
  }
  if (const auto bad = checkFraming(request)) return *bad;
  applyConnectionHeader(request);
  return request;
}

RequestReader::RequestReader(Stream& stream, RequestLimits limits)
    : stream_(stream), limits_(limits) {}

bool RequestReader::readMore(std::chrono::milliseconds idle) {
  char chunk[16384];
  const auto count = stream_.read(chunk, idle);
  if (count > 0) buffer_.append(chunk, static_cast<std::size_t>(count));
  return count > 0;
}

ReadResult RequestReader::next(std::chrono::milliseconds idle) {
  std::size_t searched = 0;
  for (;;) {
    const auto end = buffer_.find("\r\n\r\n", searched);
    if (end != std::string::npos) {
      HeadResult head = parseRequestHead(std::string_view(buffer_).substr(0, end));
      buffer_.erase(0, end + 4);
      if (auto* bad = std::get_if<BadRequest>(&head)) return *bad;
      return readBody(std::get<Request>(std::move(head)), idle);
    }
    if (buffer_.size() > limits_.headBytes) return BadRequest{431, "request head too large"};
    searched = buffer_.size() < 3 ? 0 : buffer_.size() - 3;
    if (!readMore(idle)) {
      if (buffer_.empty()) return NoRequest{};
      return BadRequest{400, "the request ended before its headers did"};
    }
  }
}

ReadResult RequestReader::readBody(Request request, std::chrono::milliseconds idle) {
  const auto length = contentLength(request);
  if (!length) return BadRequest{400, "malformed Content-Length"};
  if (*length > limits_.bodyBytes) return BadRequest{413, "request body too large"};
  const std::string* expect = request.header("expect");
  if (expect != nullptr && toLower(*expect) == "100-continue" && buffer_.size() < *length) {
    stream_.write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  while (buffer_.size() < *length) {
    if (!readMore(idle)) return BadRequest{400, "the request ended before its body did"};
  }
  request.body = buffer_.substr(0, *length);
  buffer_.erase(0, *length);
  return request;
}

}  // namespace kms_secretd::emulator
