// SPDX-License-Identifier: Apache-2.0
// Proves that an exchange leaves no copy of what it carried: a request token and a reply body are
// searched in all writable memory of the process after the caller let go of them, with the
// connection still open. The server is another process. Needs wiping_new.cpp, so it is no CppUTest
// program. Exit code 0 = nothing found, and the planted control was.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "fakes/scripted_server.hpp"
#include "platform/process_hardening.hpp"
#include "transport_bench.hpp"

using namespace kms_secretd;
using namespace kms_secretd::platform;

namespace {

// Needles are kept masked, so that the search does not find itself.
constexpr char mask = 0x55;
constexpr std::size_t needleSize = 40;
using Needle = std::array<char, needleSize>;

Needle maskedNeedle(char kind) {
  Needle needle{};
  for (std::size_t i = 0; i < needleSize; ++i) {
    needle[i] = static_cast<char>(('a' + (i * 7 + static_cast<std::size_t>(kind)) % 26) ^ mask);
  }
  return needle;
}

std::string unmasked(Needle const& needle) {
  std::string text(needleSize, ' ');
  for (std::size_t i = 0; i < needleSize; ++i) text[i] = static_cast<char>(needle[i] ^ mask);
  return text;
}

bool matches(char const volatile* at, Needle const& needle) {
  for (std::size_t i = 0; i < needleSize; ++i) {
    if ((at[i] ^ mask) != needle[i]) return false;
  }
  return true;
}

int countIn(std::uintptr_t from, std::uintptr_t to, Needle const& needle) {
  int count = 0;
  for (auto at = from; at + needleSize <= to; ++at) {
    if (matches(reinterpret_cast<char const volatile*>(at), needle)) ++count;
  }
  return count;
}

int countInWritableMemory(Needle const& needle) {
  std::ifstream maps("/proc/self/maps");
  int count = 0;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    char dash = 0;
    std::string rights;
    fields >> std::hex >> from >> dash >> to >> rights;
    if (rights.starts_with("rw")) count += countIn(from, to, needle);
  }
  return count;
}

// The child: sends its port, serves until it is ended.
[[noreturn]] void serve(TransportBench const& bench, int portPipe) {
  std::string body;
  for (int i = 0; i < 50; ++i) body += unmasked(maskedNeedle('B')) + "|";
  std::string const reply =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n802\r\n" + body + "\r\n0\r\n\r\n";
  fakes::ScriptedServer server(bench.serverOptions(), answering(reply));
  std::uint16_t const port = server.port();
  if (::write(portPipe, &port, sizeof(port)) != sizeof(port)) ::_exit(1);
  for (;;) ::pause();
}

std::size_t exchange(TransportBench& bench, StreamingTransport& transport) {
  auto request = bench.get("/secret");
  request.method = "POST";
  request.headers.push_back({"Authorization", unmasked(maskedNeedle('T'))});
  {
    std::string const body = unmasked(maskedNeedle('R'));
    request.body.append(body);
  }
  auto const reply = transport.send(request);
  if (!reply) std::printf("%s\n", reply.failure().message.c_str());
  return reply ? reply.value().body.size() : 0;
}

bool clean(char kind, char const* what) {
  int const found = countInWritableMemory(maskedNeedle(kind));
  if (found != 0) std::printf("%d copies left of %s\n", found, what);
  return found == 0;
}

bool probe(TransportBench& bench, std::uint16_t port) {
  auto const transport = bench.open(bench.spec(port));
  for (int i = 0; i < 3; ++i) {
    if (exchange(bench, *transport) != 50 * (needleSize + 1)) return false;
  }
  scrubStack();
  std::string const control = unmasked(maskedNeedle('C'));
  if (countInWritableMemory(maskedNeedle('C')) == 0) {
    std::printf("the search does not find what is there\n");
    return false;
  }
  bool const token = clean('T', "the request's token");
  bool const request = clean('R', "the request's body");
  return clean('B', "the reply's body") && token && request;
}

}  // namespace

int main() {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return 1;
  TransportBench bench;
  pid_t const server = ::fork();
  if (server == 0) serve(bench, pipe[1]);
  std::uint16_t port = 0;
  bool const started = ::read(pipe[0], &port, sizeof(port)) == sizeof(port);
  bool const ok = started && probe(bench, port);
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  return ok ? 0 : 1;
}
