// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <thread>

#include "emulator/guarded.hpp"
#include "emulator/net/wire.hpp"

namespace kms_secretd::emulator {

/// One thread per accepted connection, all owned here and joined at the end. A thread per
/// connection keeps slow faults (drip, black hole) as straight-line code; a few hundred
/// connections are what tests and benches open. Methods may be called from any thread but the
/// connections' own.
class Connections {
 public:
  /// Serves one connection; runs on its thread, may block on the wire as long as it likes.
  using Serve = std::function<void(Wire& wire, std::uint64_t connection)>;

  explicit Connections(Serve serve, std::size_t limit = 1024);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Takes `fd` over; closes it at once when the limit of open connections is reached.
  void adopt(int fd);
  /// Ends every connection (by RST if `reset`) and returns when all are closed.
  void endAll(bool reset);
  std::size_t open();

 private:
  struct Entry {
    explicit Entry(int fd) : wire(fd) {}
    Wire wire;
    std::atomic<bool> done{false};
    std::thread thread;
  };
  using Entries = std::list<std::unique_ptr<Entry>>;

  void serve(Entry& entry, std::uint64_t id);
  void launch(Entries& entries, int fd);

  Serve serve_;
  std::size_t limit_;
  std::atomic<std::uint64_t> lastId_{0};
  Guarded<Entries> entries_;
};

}  // namespace kms_secretd::emulator
