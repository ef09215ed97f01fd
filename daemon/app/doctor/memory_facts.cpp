// SPDX-License-Identifier: Apache-2.0
// What the kernel tells of a running daemon.
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "app/doctor/machine.hpp"
#include "platform/unique_fd.hpp"

namespace kms_secretd::app::doctor {
namespace {

std::optional<::pid_t> listenerOf(std::string const& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  platform::UniqueFd const socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  auto const* const plain = reinterpret_cast<sockaddr const*>(&address);
  if (!socket || ::connect(socket.get(), plain, sizeof address) != 0) return std::nullopt;
  ucred peer{};
  socklen_t size = sizeof peer;
  auto const known = ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  if (!known || peer.pid <= 0) return std::nullopt;
  return peer.pid;
}

std::string textOf(std::string const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What stands behind `label` in a line of its own, without the spaces before it.
std::string fieldOf(std::string const& text, std::string const& label) {
  auto const at = text.find(label);
  if (at == std::string::npos) return {};
  auto const start = text.find_first_not_of(" \t", at + label.size());
  if (start == std::string::npos) return {};
  return text.substr(start, text.find_first_of(" \t\n", start) - start);
}

}  // namespace

MemoryFacts memoryFacts(std::string const& socket) {
  MemoryFacts facts{.pid = listenerOf(socket)};
  // The first line is a heading.
  auto const swaps = textOf("/proc/swaps");
  facts.swap = swaps.find('\n') + 1 < swaps.size();
  if (!facts.pid) return facts;
  auto const process = "/proc/" + std::to_string(*facts.pid);
  auto const locked = fieldOf(textOf(process + "/status"), "VmLck:");
  facts.locked = !locked.empty() && locked != "0";
  facts.coresPossible = fieldOf(textOf(process + "/limits"), "Max core file size") != "0";
  return facts;
}

}  // namespace kms_secretd::app::doctor
