// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

#include <kms-secretd/clock.hpp>

#include "control/listener.hpp"
#include "control/routes.hpp"
#include "platform/stop.hpp"

namespace kms_secretd::control {

/// Where to listen; an empty text means: not there.
struct ServerSettings {
  std::string socket{};         ///< path of the unix socket
  std::string metricsListen{};  ///< "ADDRESS:PORT"
  friend bool operator==(ServerSettings const&, ServerSettings const&) = default;
};

/// The control socket and the metrics port: one thread, one request for each connection, few
/// connections, short deadlines. What it knows it asks at the desk; it can hold nobody up. Only a
/// plan takes its time, on a thread that is not the server's; it ends when its client goes.
class Server {
 public:
  static constexpr std::size_t maxConnections = 16;
  /// A request must be there, and its answer taken, within this time.
  static constexpr sdk::Milliseconds patience{5'000};
  /// How long the main loop may take to answer.
  static constexpr sdk::Milliseconds loopPatience{2'000};

  /// Listens and starts the thread. Throws ListenError, or std::system_error where no thread can be
  /// had. `desk` and `clock` outlive the server.
  Server(ServerSettings const& settings, Desk& desk, sdk::Clock const& clock);
  /// Ends within a second once the desk is closed or the main loop answers it; else within
  /// loopPatience.
  ~Server();
  Server(Server const&) = delete;
  Server& operator=(Server const&) = delete;

 private:
  struct Client {
    platform::UniqueFd socket;
    Entrance entrance;
    sdk::BootTime deadline;
    RequestReader reader{};
    std::string reply{};
    std::size_t sent = 0;
    std::shared_ptr<PlanUnderWay> plan{};  ///< that it waits for; then the deadline is the plan's
    bool over = false;
  };

  void run();
  [[nodiscard]] std::vector<pollfd> watched() const;
  [[nodiscard]] int timeout() const;
  void acceptOn(int listener, Entrance entrance);
  void step(Client& client);
  void readFrom(Client& client);
  void beginPlan(Client& client);
  void followPlan(Client& client);
  void hurryPlan(Client& client);
  void writeTo(Client& client);
  void answer(Client& client, HttpReply const& reply);

  sdk::Clock const& clock_;
  std::unique_ptr<UnixListener> unix_{};
  platform::UniqueFd tcp_{};
  Routes routes_;
  std::list<Client> clients_{};
  platform::EventCancellation stop_{};
  std::thread thread_{};
};

}  // namespace kms_secretd::control
