// SPDX-License-Identifier: Apache-2.0
#include "ctl/login_files.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "platform/files.hpp"

namespace kms_secretd::ctl {
namespace {

constexpr char const* daemonUser = "kms-secretd";

void giveToDaemon(std::string const& path) {
  if (::geteuid() != 0) return;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwnam_r(daemonUser, &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return;
  if (::chown(path.c_str(), entry.pw_uid, entry.pw_gid) == 0) return;
  throw std::runtime_error("cannot give " + path + " to user " + daemonUser + ": " +
                           std::generic_category().message(errno));
}

}  // namespace

void writeForDaemon(std::string const& path, std::string_view content) {
  constexpr ::mode_t ownerOnly = 0600;
  if (auto const failure = platform::writeFileAtomically(path, content, ownerOnly)) {
    throw std::runtime_error(failure->message);
  }
  giveToDaemon(path);
}

}  // namespace kms_secretd::ctl
