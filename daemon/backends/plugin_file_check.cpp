// SPDX-License-Identifier: Apache-2.0
#include "backends/plugin_file_check.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "backends/elf_check.hpp"
#include "backends/refusal.hpp"

namespace kms_secretd::backends {

namespace {

constexpr std::size_t maxNameLength = 64;

/// Closes what was opened.
class Opened {
 public:
  explicit Opened(int fd) noexcept : fd_(fd) {}
  ~Opened() {
    if (fd_ >= 0) ::close(fd_);
  }
  Opened(Opened const&) = delete;
  Opened& operator=(Opened const&) = delete;
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

std::string octal(mode_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) {
    digits += static_cast<char>('0' + ((mode >> shift) & 7U));
  }
  return digits;
}

Check checkOwner(struct stat const& facts, PluginDirectory const& directory) {
  if (facts.st_uid == 0) return std::nullopt;
  if (directory.trustOwnUid && facts.st_uid == ::geteuid()) return std::nullopt;
  auto const* const trusted = directory.trustOwnUid ? "root or the daemon's own user" : "root";
  return Refusal{"owner uid " + std::to_string(facts.st_uid), std::string("owner ") + trusted};
}

Check checkMode(struct stat const& facts) {
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) == 0) return std::nullopt;
  return Refusal{"mode " + octal(facts.st_mode & 07777U),
                 "no write permission for group and others (chmod go-w)"};
}

/// Owner and mode of a directory or file; an open descriptor, so that nothing is checked twice.
struct stat checkFacts(Opened const& opened, std::string const& path,
                       PluginDirectory const& directory) {
  struct stat facts {};
  if (::fstat(opened.fd(), &facts) != 0) {
    throw PluginError("cannot examine " + path + ": " + std::strerror(errno));
  }
  if (auto check = checkOwner(facts, directory)) throw refused(path, *check);
  if (auto check = checkMode(facts)) throw refused(path, *check);
  return facts;
}

/// Why open failed, in words; a link answers ELOOP to O_NOFOLLOW.
PluginError cannotOpen(std::string const& path) {
  if (errno == ELOOP) return refused(path, {"a symbolic link", "a regular file"});
  return PluginError("cannot open plugin " + path + ": " + std::strerror(errno));
}

void checkDirectory(Opened const& opened, PluginDirectory const& directory) {
  if (opened.fd() < 0) {
    throw PluginError("cannot open plugin directory " + directory.path + ": " +
                      std::strerror(errno));
  }
  static_cast<void>(checkFacts(opened, directory.path, directory));
}

}  // namespace

bool isPluginName(std::string const& name) noexcept {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  auto const known = [&](char each) {
    return each == '-' || each == '_' || letters.find(each) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= maxNameLength &&
         letters.find(name.front()) != std::string_view::npos &&
         std::all_of(name.begin(), name.end(), known);
}

std::string checkPluginFile(PluginDirectory const& directory, std::string const& name) {
  Opened const parent(::open(directory.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  checkDirectory(parent, directory);
  auto const file = name + ".so";
  auto path = directory.path + "/" + file;
  // O_NONBLOCK: a FIFO must not hold the start.
  Opened const plugin(
      ::openat(parent.fd(), file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (plugin.fd() < 0) throw cannotOpen(path);
  auto const facts = checkFacts(plugin, path, directory);
  if (!S_ISREG(facts.st_mode)) {
    throw refused(path, {"something that is no regular file", "a regular file"});
  }
  require(path, checkElf(plugin.fd(), static_cast<std::uint64_t>(facts.st_size), hostElfKind()));
  return path;
}

}  // namespace kms_secretd::backends
