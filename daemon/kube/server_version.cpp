// SPDX-License-Identifier: Apache-2.0
#include "kube/server_version.hpp"

#include <charconv>

#include "kube/json_read.hpp"

namespace kms_secretd::kube {
namespace {

constexpr int wantedMajor = 1;
constexpr int wantedMinor = 20;
constexpr std::size_t maxShown = 60;

// The number that `text` begins with ("27+" is 27), or nothing.
std::optional<int> leadingNumber(std::string_view text) {
  int value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  return value;
}

// "v1.28.3-aliyun.1" or "1.28": what stands in gitVersion where major and minor are left empty.
void readGitVersion(ServerVersion& version) {
  std::string_view text = version.gitVersion;
  if (text.starts_with('v')) text.remove_prefix(1);
  auto const dot = text.find('.');
  if (dot == std::string_view::npos) return;
  auto const major = leadingNumber(text);
  auto const minor = leadingNumber(text.substr(dot + 1));
  if (!major || !minor) return;
  version.major = *major;
  version.minor = *minor;
}

}  // namespace

std::optional<ServerVersion> parseServerVersion(std::string_view json) {
  auto const document = parseJson(json);
  auto const* object = document ? document->if_object() : nullptr;
  if (object == nullptr) return std::nullopt;
  ServerVersion version;
  version.gitVersion = textOf(*object, "gitVersion");
  auto const major = leadingNumber(textOf(*object, "major"));
  auto const minor = leadingNumber(textOf(*object, "minor"));
  if (version.gitVersion.empty() && !major) return std::nullopt;
  if (major && minor) {
    version.major = *major;
    version.minor = *minor;
  } else {
    readGitVersion(version);
  }
  return version;
}

std::string ServerVersion::text() const {
  if (gitVersion.empty()) return std::to_string(major) + "." + std::to_string(minor);
  auto shown = gitVersion.substr(0, maxShown);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
  }
  return shown;
}

std::optional<core::KubeFailure> tooOld(ServerVersion const& version, std::string const& cluster,
                                        std::string const& server) {
  if (!version.known() || version.major > wantedMajor) return std::nullopt;
  if (version.major == wantedMajor && version.minor >= wantedMinor) return std::nullopt;
  return core::KubeFailure{
      .kind = core::KubeFailureKind::server_too_old,
      .message = "cluster " + cluster + " at " + server + " is Kubernetes " + version.text() +
                 ": 1.20 or newer is needed, because what keeps us from overwriting others "
                 "(server-side apply bound to uid and resourceVersion) is proven from there on; "
                 "nothing is written to it",
      .remedy = "update the cluster to Kubernetes 1.20 or newer"};
}

}  // namespace kms_secretd::kube
