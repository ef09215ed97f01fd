// SPDX-License-Identifier: Apache-2.0
#include "emulator/net/connections.hpp"

#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>

namespace kms_secretd::emulator {

Connections::Connections(Serve serve, std::size_t limit)
    : serve_(std::move(serve)), limit_(limit) {}

Connections::~Connections() { endAll(false); }

void Connections::serve(Entry& entry, std::uint64_t id) {
  // OpenSSL writes without MSG_NOSIGNAL; a blocked SIGPIPE stays pending and harms nobody.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  serve_(entry.wire, id);
  entry.wire.close();
  entry.done = true;
}

void Connections::launch(Entries& entries, int fd) try {
  auto entry = std::make_unique<Entry>(fd);
  const std::uint64_t id = ++lastId_;
  entry->thread = std::thread([this, &mine = *entry, id] { serve(mine, id); });
  entries.push_back(std::move(entry));
} catch (const std::system_error&) {
  // Out of descriptors or threads: this client is refused, the others go on.
}

void Connections::adopt(int fd) {
  entries_.with([&](Entries& entries) {
    entries.remove_if([](const std::unique_ptr<Entry>& entry) {
      if (!entry->done) return false;
      entry->thread.join();
      return true;
    });
    if (entries.size() >= limit_) {
      ::close(fd);
    } else {
      launch(entries, fd);
    }
  });
}

void Connections::endAll(bool reset) {
  Entries leaving = entries_.with([](Entries& entries) { return std::exchange(entries, {}); });
  for (const auto& entry : leaving) entry->wire.interrupt(reset);
  for (const auto& entry : leaving) entry->thread.join();
}

std::size_t Connections::open() {
  return entries_.with([](Entries& entries) {
    return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(),
                                                  [](const auto& entry) { return !entry->done; }));
  });
}

}  // namespace kms_secretd::emulator
