// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <stdexcept>
#include <string>

namespace kms_secretd::ctl {

/// The daemon cannot be asked, or answers what it should not; the message says what to do.
class Unreachable final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
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

  /// Both throw Unreachable; an error status is a reply like another.
  [[nodiscard]] Reply get(std::string const& path) const;
  [[nodiscard]] Reply post(std::string const& path, std::string const& body) const;

 private:
  [[nodiscard]] Reply exchange(std::string const& request) const;

  std::string socket_;
};

}  // namespace kms_secretd::ctl
