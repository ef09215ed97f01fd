// SPDX-License-Identifier: Apache-2.0
#include "control/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

namespace kms_secretd::control {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds longestSleep = 60s;

std::string ownName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

// True if nobody is at the other end any more; a peer that only has no more to say is still there.
bool gone(int socket) {
  pollfd peer{.fd = socket, .events = 0, .revents = 0};
  return ::poll(&peer, 1, 0) > 0 && (peer.revents & (POLLHUP | POLLERR)) != 0;
}

bool wouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Server::Server(ServerSettings const& settings, Desk& desk, sdk::Clock const& clock)
    : clock_(clock), routes_(desk, ownName(), loopPatience) {
  if (!settings.socket.empty()) unix_ = std::make_unique<UnixListener>(settings.socket);
  if (!settings.metricsListen.empty()) tcp_ = listenTcp(settings.metricsListen);
  if (unix_ || tcp_) thread_ = std::thread([this] { run(); });
}

Server::~Server() {
  stop_.request();
  if (thread_.joinable()) thread_.join();
  for (auto const& client : clients_) {
    if (client.plan) client.plan->end();
  }
}

void Server::run() {
  while (!stop_.requested()) {
    auto descriptors = watched();
    ::poll(descriptors.data(), descriptors.size(), timeout());
    if (stop_.requested()) break;
    for (auto& client : clients_) step(client);
    std::erase_if(clients_, [](Client const& client) { return client.over; });
    if (unix_) acceptOn(unix_->fd(), Entrance::socket);
    if (tcp_) acceptOn(tcp_.get(), Entrance::metrics);
  }
}

// While all places are taken nobody is accepted: who comes waits in the kernel's queue.
std::vector<pollfd> Server::watched() const {
  std::vector<pollfd> descriptors{{.fd = stop_.wakeFd(), .events = POLLIN, .revents = 0}};
  auto const add = [&](int fd, short events) {
    descriptors.push_back({.fd = fd, .events = events, .revents = 0});
  };
  auto const room = clients_.size() < maxConnections;
  if (unix_ && room) add(unix_->fd(), POLLIN);
  if (tcp_ && room) add(tcp_.get(), POLLIN);
  for (auto const& client : clients_) {
    if (client.plan) {
      add(client.plan->wakeFd(), POLLIN);
      add(client.socket.get(), 0);  // only its end
      continue;
    }
    add(client.socket.get(), client.reply.empty() ? POLLIN : POLLOUT);
  }
  return descriptors;
}

int Server::timeout() const {
  auto const now = clock_.boot();
  auto wake = now + longestSleep;
  for (auto const& client : clients_) wake = std::min(wake, client.deadline);
  return static_cast<int>(std::max<std::int64_t>(0, (wake - now).count()));
}

void Server::acceptOn(int listener, Entrance entrance) {
  while (clients_.size() < maxConnections) {
    auto socket = acceptFrom(listener);
    if (!socket) return;
    auto const fd = socket.get();
    clients_.push_back(
        {.socket = std::move(socket), .entrance = entrance, .deadline = clock_.boot() + patience});
    if (entrance == Entrance::socket && !peerAllowed(fd)) {
      answer(clients_.back(), errorReply(403,
                                         "only root, the daemon's user and members of its "
                                         "group may talk to it"));
    }
  }
}

void Server::step(Client& client) {
  if (client.plan) return followPlan(client);
  if (client.reply.empty()) readFrom(client);
  if (!client.reply.empty() && !client.over) writeTo(client);
  if (client.over || clock_.boot() < client.deadline) return;
  if (client.reply.empty()) {
    answer(client, errorReply(408, "the request did not come within 5 seconds"));
    writeTo(client);
  }
  client.over = true;
}

void Server::readFrom(Client& client) {
  std::array<char, 4096> bytes{};
  auto const got = ::recv(client.socket.get(), bytes.data(), bytes.size(), 0);
  if (got < 0 && wouldBlock()) return;
  if (got <= 0) {
    client.over = true;
    return;
  }
  client.reader.feed({bytes.data(), static_cast<std::size_t>(got)});
  if (auto const& refusal = client.reader.refusal()) return answer(client, *refusal);
  if (!client.reader.done()) return;
  auto const& request = client.reader.request();
  if (Routes::asksForPlan(request, client.entrance)) return beginPlan(client);
  answer(client, routes_.answer(request, client.entrance));
}

void Server::beginPlan(Client& client) {
  auto begun = routes_.beginPlan(client.reader.request());
  if (auto const* reply = std::get_if<HttpReply>(&begun)) return answer(client, *reply);
  auto& plan = std::get<PlanBegun>(begun);
  client.plan = std::move(plan.plan);
  client.deadline = clock_.boot() + plan.longest;
}

void Server::followPlan(Client& client) {
  if (auto const document = client.plan->document()) {
    client.plan.reset();
    return answer(client, document->empty() ? errorReply(500, "the plan broke off; ask again")
                                            : HttpReply{.status = 200, .body = *document});
  }
  if (gone(client.socket.get())) {
    client.plan->end();
    client.over = true;
  } else if (clock_.boot() >= client.deadline) {
    hurryPlan(client);
  }
}

// What is known when its time is over is still answered, if it comes soon.
void Server::hurryPlan(Client& client) {
  auto const asked = client.plan->ending().requested();
  client.plan->end();
  client.deadline = clock_.boot() + patience;
  if (!asked) return;
  client.plan.reset();
  answer(client, errorReply(503, "the plan does not come to an end"));
}

void Server::answer(Client& client, HttpReply const& reply) {
  client.reply = encodeReply(reply);
  // A slow question at the desk is not the client's fault.
  client.deadline = clock_.boot() + patience;
}

void Server::writeTo(Client& client) {
  auto const rest = std::string_view(client.reply).substr(client.sent);
  auto const put = ::send(client.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
  if (put < 0) {
    client.over = !wouldBlock();
    return;
  }
  client.sent += static_cast<std::size_t>(put);
  if (client.sent < client.reply.size()) return;
  // Bytes that were never read would turn the close into a reset, and the reply would be lost.
  ::shutdown(client.socket.get(), SHUT_WR);
  std::array<char, 4096> rubbish{};
  for (int i = 0; i < 16; ++i) {
    if (::recv(client.socket.get(), rubbish.data(), rubbish.size(), 0) <= 0) break;
  }
  client.over = true;
}

}  // namespace kms_secretd::control
