// SPDX-License-Identifier: Apache-2.0
#include "platform/file_mark.hpp"

#include <algorithm>
#include <chrono>

namespace kms_secretd::platform {
namespace {

using namespace std::chrono_literals;

constexpr auto coarseness = 2s;

// By the later of its times: the modification time can be set, the inode's cannot.
bool settled(FileIdentity const& identity, sdk::WallTime now) {
  std::chrono::nanoseconds const last(
      std::max(identity.modifiedNanoseconds, identity.changedNanoseconds));
  return last + coarseness < now.time_since_epoch();
}

}  // namespace

std::optional<FileMark> FileMark::of(std::string const& path, sdk::WallTime now) {
  auto const facts = inspectFile(path);
  if (!facts || !settled(facts.value().identity, now)) return std::nullopt;
  return FileMark(facts.value().identity);
}

bool FileMark::holds(std::string const& path) const {
  auto const facts = inspectFile(path);
  return facts && facts.value().identity == identity_;
}

}  // namespace kms_secretd::platform
