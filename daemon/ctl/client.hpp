// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

namespace kms_secretd::ctl {

/// The daemon cannot be asked, or answers what it should not; the message says what to do.
class Unreachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Nobody listens at the socket, or it is not there.
class NotRunning final : public Unreachable {
 public:
  using Unreachable::Unreachable;
};

/// What the daemon answered.
struct Reply {
  int status = 0;
  std::string body{};

  /// The body as a JSON object. Throws Unreachable where it is none.
  [[nodiscard]] boost::json::object json() const;
  /// The text of an error reply.
  [[nodiscard]] std::string error() const;
};

/// Asks the daemon over its control socket (docs/control-api.md). One thread at a time.
class Client {
 public:
  explicit Client(std::string socket) : socket_(std::move(socket)) {}

  /// How long the daemon may be silent.
  static constexpr std::chrono::seconds patience{15};

  /// Both throw Unreachable; an error status is a reply like another.
  [[nodiscard]] Reply get(std::string const& path) const;
  [[nodiscard]] Reply post(std::string const& path, std::string const& body,
                           std::chrono::seconds longest = patience) const;

 private:
  [[nodiscard]] Reply exchange(std::string const& request, std::chrono::seconds longest) const;

  std::string socket_;
};

}  // namespace kms_secretd::ctl
