// SPDX-License-Identifier: Apache-2.0
#include "platform/directory_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace kms_secretd::platform {
namespace {

constexpr std::uint32_t changes =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ATTRIB | IN_ONLYDIR;
constexpr std::size_t bufferBytes = 16 * 1024;

}  // namespace

DirectoryWatch::DirectoryWatch(std::vector<std::string> directories)
    : directories_(std::move(directories)), descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (!descriptor_) {
    throw std::system_error(errno, std::generic_category(), "no inotify instance can be had");
  }
  watchMissing(nullptr);
}

void DirectoryWatch::watchMissing(std::vector<std::string>* came) {
  for (auto const& directory : directories_) {
    auto const same = [&directory](auto const& each) { return each.second == directory; };
    if (std::ranges::any_of(watched_, same)) continue;
    auto const id = ::inotify_add_watch(descriptor_.get(), directory.c_str(), changes);
    if (id < 0) continue;
    watched_[id] = directory;
    if (came != nullptr) came->push_back(directory);
  }
}

std::vector<std::string> DirectoryWatch::take() {
  std::vector<std::string> changed;
  alignas(inotify_event) std::array<char, bufferBytes> buffer{};
  for (;;) {
    auto const got = ::read(descriptor_.get(), buffer.data(), buffer.size());
    if (got <= 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      char const* const name = buffer.data() + at + sizeof event;
      at += sizeof event + event.len;
      auto const directory = watched_.find(event.wd);
      if ((event.mask & IN_Q_OVERFLOW) != 0) {
        changed.insert(changed.end(), directories_.begin(), directories_.end());
      } else if (directory != watched_.end()) {
        changed.push_back(event.len == 0 ? directory->second : directory->second + "/" + name);
        if ((event.mask & IN_IGNORED) != 0) watched_.erase(directory);
      }
    }
  }
  watchMissing(&changed);
  return changed;
}

}  // namespace kms_secretd::platform
