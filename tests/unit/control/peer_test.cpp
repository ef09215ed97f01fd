// SPDX-License-Identifier: Apache-2.0
// Who may talk to the socket, whatever its mode says: proven with processes of other users, which
// only root can make.
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "control/listener.hpp"

#include <CppUTest/TestHarness.h>

#include "unit/platform/temporary_directory.hpp"

using namespace kms_secretd::control;
namespace platform = kms_secretd::platform;

namespace {

constexpr ::uid_t stranger = 65'534;

struct Peer {
  ::uid_t user = 0;
  ::gid_t group = 0;
  std::vector<::gid_t> groups{};
};

bool become(Peer const& peer) {
  return ::setgroups(peer.groups.size(), peer.groups.data()) == 0 && ::setgid(peer.group) == 0 &&
         ::setuid(peer.user) == 0;
}

bool connectTo(std::string const& path) {
  int const socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

TEST_GROUP(Peer) {
  platform::TemporaryDirectory directory;
  std::string const path = directory.path() + "/socket";
  UnixListener listener{path};

  // A socket that anybody may connect to, as after a slip with its mode.
  void setup() override {
    ::chmod(directory.path().c_str(), 0755);
    ::chmod(path.c_str(), 0666);
  }
  bool allowed(Peer const& peer) {
    pid_t const child = ::fork();
    if (child == 0) ::_exit(become(peer) && connectTo(path) ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    LONGS_EQUAL(0, status);
    auto const connection = acceptFrom(listener.fd());
    CHECK_TRUE(connection.get() >= 0);
    return peerAllowed(connection.get());
  }
};

TEST(Peer, OfAnotherUserIsRefusedThoughTheSocketsModeLetItIn) {
  if (::geteuid() != 0) return;
  CHECK_FALSE(allowed({.user = stranger, .group = stranger}));
  CHECK_FALSE(allowed({.user = stranger, .group = stranger, .groups = {stranger - 1}}));
}

TEST(Peer, OfOurGroupIsServedByItsFirstGroupAndByAnyOther) {
  if (::geteuid() != 0) return;
  CHECK_TRUE(allowed({.user = stranger, .group = ::getegid()}));
  CHECK_TRUE(allowed({.user = stranger, .group = stranger, .groups = {stranger - 1, ::getegid()}}));
}

TEST(Peer, OfOurOwnUserIsServed) {
  CHECK_TRUE(connectTo(path));
  CHECK_TRUE(peerAllowed(acceptFrom(listener.fd()).get()));
}
