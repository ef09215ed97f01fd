// SPDX-License-Identifier: Apache-2.0
#include "ctl/client.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "platform/http_codec.hpp"
#include "platform/unique_fd.hpp"

namespace kms_secretd::ctl {
namespace {

constexpr std::size_t maxReplyBytes = 256UL * 1024 * 1024;

class Collector final : public platform::BodySink {
 public:
  bool onHead(sdk::HttpResponse&& head) noexcept override {
    reply.status = head.status;
    return true;
  }
  bool onChunk(std::string_view bytes) noexcept override {
    reply.body += bytes;
    return true;
  }
  Reply reply{};
};

std::string remedyFor(int error) {
  if (error == EACCES || error == EPERM) {
    return "be root, or a member of the group kms-secretd (then log in anew)";
  }
  if (error == ENOENT || error == ECONNREFUSED) {
    return "is the daemon running? systemctl status kms-secretd";
  }
  return "look at the daemon: systemctl status kms-secretd";
}

[[noreturn]] void fail(std::string const& socket, int error) {
  auto const text = "cannot talk to the daemon at " + socket + ": " +
                    std::generic_category().message(error) + "; " + remedyFor(error);
  if (error == ENOENT || error == ECONNREFUSED) throw NotRunning(text);
  throw Unreachable(text);
}

platform::UniqueFd connectTo(std::string const& path, std::chrono::seconds longest) {
  timeval const patience{.tv_sec = longest.count(), .tv_usec = 0};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) fail(path, ENAMETOOLONG);
  std::memcpy(address.sun_path, path.data(), path.size());
  platform::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) fail(path, errno);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  auto const* const plain = reinterpret_cast<sockaddr const*>(&address);
  if (::connect(socket.get(), plain, sizeof address) != 0) fail(path, errno);
  return socket;
}

void sendAll(int socket, std::string_view bytes, std::string const& path) {
  while (!bytes.empty()) {
    auto const put = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0) fail(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

// Feeds what stands in `buffer`, and keeps what the parser wants more behind.
void feed(platform::ReplyParser& parser, std::string& buffer) {
  while (!buffer.empty() && !parser.done()) {
    auto const used = parser.consume(buffer);
    if (used == 0) return;
    buffer.erase(0, used);
  }
}

void receiveAll(int socket, platform::ReplyParser& parser, std::string const& path) {
  std::array<char, 16 * 1024> bytes{};
  std::string buffer;
  while (!parser.done()) {
    auto const got = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (got < 0) fail(path, errno);
    if (got == 0) {
      if (parser.endOfInput()) return;
      throw Unreachable("the daemon at " + path + " ended the answer in the middle; ask again");
    }
    buffer.append(bytes.data(), static_cast<std::size_t>(got));
    feed(parser, buffer);
  }
}

}  // namespace

boost::json::object Reply::json() const {
  boost::system::error_code error;
  auto value = boost::json::parse(body, error);
  if (error || !value.is_object()) {
    throw Unreachable("the answer is no JSON object; is it kms-secretd that listens there?");
  }
  return std::move(value.get_object());
}

std::string Reply::error() const {
  auto const object = json();
  auto const* text = object.if_contains("error");
  if (text != nullptr && text->is_string()) return std::string(text->get_string());
  return "the daemon answered " + std::to_string(status);
}

Reply Client::get(std::string const& path) const {
  return exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n", patience);
}

Reply Client::post(std::string const& path, std::string const& body,
                   std::chrono::seconds longest) const {
  return exchange("POST " + path +
                      " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      "Content-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body,
                  longest);
}

Reply Client::exchange(std::string const& request, std::chrono::seconds longest) const {
  auto const socket = connectTo(socket_, longest);
  Collector sink;
  platform::ReplyParser parser({.maxBodyBytes = maxReplyBytes, .bodyToEof = true}, sink);
  try {
    sendAll(socket.get(), request, socket_);
    receiveAll(socket.get(), parser, socket_);
  } catch (platform::ProtocolError const& error) {
    throw Unreachable("what listens at " + socket_ + " does not speak HTTP: " + error.what());
  }
  if (sink.reply.status == 503) throw Unreachable(sink.reply.error());
  return std::move(sink.reply);
}

}  // namespace kms_secretd::ctl
