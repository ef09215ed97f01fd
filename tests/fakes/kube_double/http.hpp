// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "fakes/kube_double/store.hpp"

namespace kms_secretd::fakes::kube {

/// One request as the double sees it.
struct Request {
  std::string method{};
  std::string path{};  ///< decoded
  std::map<std::string, std::string> query{};
  std::string accept{};
  std::string contentType{};
  std::string authorization{};
  std::string certificateName{};
  std::string userAgent{};
  std::string body{};

  /// The query parameter `name`, or empty.
  [[nodiscard]] std::string parameter(std::string const& name) const;
};

/// How a client wants objects.
enum class Form { full, partial, table };

/// A watch to be streamed instead of a body.
struct WatchOrder {
  ListQuery query{};
  Form form = Form::full;
  std::uint64_t since = 0;
  bool replay = false;  ///< first tell what is there as ADDED
  bool bookmarks = false;
  std::chrono::milliseconds timeout{1'800'000};
};

/// One answer.
struct Response {
  int code = 200;
  std::string body{};
  std::string contentType = "application/json";
  int retryAfterSeconds = 0;
  std::optional<WatchOrder> watch{};
};

/// "/a/b%2Fc?x=1" into path and query of `request`.
void readTarget(Request& request, std::string const& target);

}  // namespace kms_secretd::fakes::kube
