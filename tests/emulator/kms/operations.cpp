// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/operations.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kms_secretd::emulator {
namespace {

struct NamedOperation {
  std::string_view name;
  Operation run;
};

constexpr std::array kOperations = {
    NamedOperation{"GetSecretValue", &getSecretValue},
    NamedOperation{"DescribeSecret", &describeSecret},
    NamedOperation{"ListSecrets", &listSecrets},
    NamedOperation{"ListSecretVersionIds", &listSecretVersionIds},
};

// `acs:kms:<region>:<account>:secret/<name>`, or a bare name of the caller's own account.
std::optional<SecretRef> parseName(const Call& call) {
  const std::string name = call.param("SecretName");
  if (!name.starts_with("acs:")) return SecretRef{call.account, name};
  const auto parts = split(name, ':');
  if (parts.size() != 5 || parts[1] != "kms" || !parts[4].starts_with("secret/")) {
    return std::nullopt;
  }
  if (parts[2] != call.settings.region) return SecretRef{};  // another region: nothing there
  return SecretRef{std::string(parts[3]), std::string(parts[4].substr(7))};
}

std::optional<std::size_t> number(const std::string& text, std::size_t fallback) {
  if (text.empty()) return fallback;
  std::size_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string Call::param(std::string_view name) const {
  const std::string* value = findParam(params, name);
  return value == nullptr ? std::string{} : *value;
}

Operation findOperation(std::string_view name) {
  const auto* found = std::find_if(kOperations.begin(), kOperations.end(),
                                   [&](const auto& each) { return each.name == name; });
  return found == kOperations.end() ? nullptr : found->run;
}

ApiError resourceNotFound() {
  return kmsError(404, "Forbidden.ResourceNotFound", "Resource not found.");
}

ApiError invalidParameter(std::string_view name) {
  return kmsError(400, "InvalidParameter",
                  "The specified parameter " + std::string(name) + " is not valid.");
}

const Secret* lookUp(const Call& call) {
  const auto ref = parseName(call);
  return ref ? call.store.find(*ref) : nullptr;
}

std::optional<ApiError> checkAccess(const Call& call, std::string_view operation) {
  if (call.param("SecretName").empty()) {
    return gatewayError(400, "MissingSecretName", "SecretName is mandatory for this action.");
  }
  const auto ref = parseName(call);
  if (!ref || (!ref->name.empty() && !isSecretName(ref->name, true))) {
    return invalidParameter("SecretName");
  }
  const Secret* secret = call.store.find(*ref);
  if (secret == nullptr) return resourceNotFound();
  if (!secret->denies(call.accessKey)) return std::nullopt;
  return kmsError(403, "Forbidden.NoPermission",
                  "This operation for acs:kms:" + call.settings.region + ":" + secret->account +
                      ":secret/" + secret->name + " (kms:" + std::string(operation) +
                      ") is forbidden by permission system.");
}

std::optional<Page> readPage(const Call& call, std::size_t defaultSize) {
  const auto page = number(call.param("PageNumber"), 1);
  const auto size = number(call.param("PageSize"), defaultSize);
  if (!page || !size || *page < 1 || *size < 1 || *size > 100) return std::nullopt;
  if (*page > 1'000'000) return std::nullopt;
  return Page{*page, *size};
}

}  // namespace kms_secretd::emulator
