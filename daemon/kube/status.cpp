// SPDX-License-Identifier: Apache-2.0
#include "kube/status.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "kube/json_read.hpp"

namespace kms_secretd::kube {

namespace json = boost::json;

namespace {

constexpr std::size_t maxCauses = 100;
constexpr std::int64_t maxRetryAfterSeconds = 3600;
constexpr std::string_view managerConflict = "FieldManagerConflict";

std::int64_t numberOf(json::object const& object, std::string_view name) {
  auto const* const value = object.if_contains({name.data(), name.size()});
  auto const* const number = value == nullptr ? nullptr : value->if_int64();
  return number == nullptr ? 0 : *number;
}

StatusCause causeOf(json::object const& cause) {
  return {.reason = std::string(textOf(cause, "reason")),
          .message = std::string(textOf(cause, "message")),
          .field = std::string(textOf(cause, "field"))};
}

void readDetails(json::object const& details, Status& status) {
  status.kind = textOf(details, "kind");
  auto const seconds =
      std::clamp<std::int64_t>(numberOf(details, "retryAfterSeconds"), 0, maxRetryAfterSeconds);
  status.retryAfter = std::chrono::seconds(seconds);
  auto const* const causes = arrayOf(details, "causes");
  if (causes == nullptr) return;
  for (auto const& cause : *causes) {
    if (status.causes.size() == maxCauses) return;
    if (cause.is_object()) status.causes.push_back(causeOf(cause.get_object()));
  }
}

// The first quoted text of: conflict with "kubectl" with subresource "status" using v1
std::string managerIn(std::string const& message) {
  auto const open = message.find('"');
  if (open == std::string::npos) return {};
  auto const close = message.find('"', open + 1);
  return message.substr(open + 1, close == std::string::npos ? close : close - open - 1);
}

}  // namespace

bool Status::hasCause(std::string_view causeReason) const {
  return std::ranges::find(causes, causeReason, &StatusCause::reason) != causes.end();
}

std::vector<core::Conflict> Status::conflicts() const {
  std::vector<core::Conflict> found;
  for (auto const& cause : causes) {
    if (cause.reason != managerConflict) continue;
    found.push_back({.manager = managerIn(cause.message), .field = cause.field});
  }
  return found;
}

std::optional<Status> parseStatus(std::string_view text) {
  auto const document = parseJson(text);
  auto const* const object = document ? document->if_object() : nullptr;
  if (object == nullptr || textOf(*object, "kind") != "Status") return std::nullopt;
  auto const code = std::clamp<std::int64_t>(numberOf(*object, "code"), 0, 999);
  Status status{.code = static_cast<int>(code),
                .reason = std::string(textOf(*object, "reason")),
                .message = std::string(textOf(*object, "message"))};
  if (auto const* const details = objectOf(*object, "details")) readDetails(*details, status);
  return status;
}

}  // namespace kms_secretd::kube
