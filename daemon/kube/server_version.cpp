// SPDX-License-Identifier: Apache-2.0
#include "kube/server_version.hpp"

#include <charconv>

#include "kube/json_read.hpp"

namespace kms_secretd::kube {
namespace {

constexpr int wantedMajor = 1;
constexpr int wantedMinor = 20;

// The number that `text` begins with, 0 if none.
int leadingNumber(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "v1.20.2" where the numbers themselves are empty, as unofficial builds leave them.
void readGitVersion(ServerVersion& version) {
  std::string_view text = version.gitVersion;
  if (!text.starts_with('v')) return;
  text.remove_prefix(1);
  auto const dot = text.find('.');
  if (dot == std::string_view::npos) return;
  version.major = leadingNumber(text);
  version.minor = leadingNumber(text.substr(dot + 1));
}

}  // namespace

std::optional<ServerVersion> parseServerVersion(std::string_view json) {
  auto const document = parseJson(json);
  auto const* object = document ? document->if_object() : nullptr;
  if (object == nullptr) return std::nullopt;
  ServerVersion version{.major = leadingNumber(textOf(*object, "major")),
                        .minor = leadingNumber(textOf(*object, "minor")),
                        .gitVersion = std::string(textOf(*object, "gitVersion"))};
  if (version.gitVersion.empty() && version.major == 0) return std::nullopt;
  if (version.major == 0) readGitVersion(version);
  return version;
}

std::optional<core::KubeFailure> tooOld(ServerVersion const& version, std::string const& server) {
  if (version.major == 0) return std::nullopt;  // an unofficial build does not say
  if (version.major > wantedMajor) return std::nullopt;
  if (version.major == wantedMajor && version.minor >= wantedMinor) return std::nullopt;
  auto const name = version.gitVersion.empty()
                        ? std::to_string(version.major) + "." + std::to_string(version.minor)
                        : version.gitVersion.substr(0, 60);
  return core::KubeFailure{
      .kind = core::KubeFailureKind::invalid,
      .message = "the API server " + server + " is Kubernetes " + name + ", older than 1.20",
      .remedy = "update the cluster to Kubernetes 1.20 or later"};
}

}  // namespace kms_secretd::kube
