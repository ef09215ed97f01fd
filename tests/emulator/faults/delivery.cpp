// SPDX-License-Identifier: Apache-2.0
#include "emulator/faults/delivery.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <algorithm>
#include <cstdio>
#include <limits>
#include <random>

namespace kms_secretd::emulator {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kForever{std::numeric_limits<int>::max()};
// Long enough for loopback to carry the last bytes over before the RST overtakes them.
constexpr milliseconds kBeforeReset{20};
constexpr milliseconds kHelloLimit{5000};
constexpr std::size_t kBlock = 65536;

std::int64_t sizeOf(const Reply& reply) { return static_cast<std::int64_t>(reply.body.size()); }

std::string whole(const Reply& reply) {
  return renderHead(reply, contentLengthHeader(sizeOf(reply))) + reply.body;
}

// The bytes of a fault, or a default, bounded by what there is.
std::size_t portion(const Fault& fault, std::size_t fallback, std::size_t most) {
  const auto wanted = fault.bytes < 0 ? fallback : static_cast<std::size_t>(fault.bytes);
  return std::min(wanted, most);
}

// Always the same bytes: tests that fail can be repeated.
std::string noise(std::size_t size) {
  std::minstd_rand engine(20160120);
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(engine() >> 8U);
  return out;
}

// The end of a reply that was written as a whole; true if the connection goes on.
bool done(Outlet& outlet, const Reply& reply, bool sent) {
  if (reply.close) outlet.stream.finish();
  return sent && !reply.close;
}

bool reset(Outlet& outlet, const Reply& reply, const Fault& fault) {
  const std::string bytes = whole(reply);
  const std::size_t head = bytes.size() - reply.body.size();
  std::size_t sent = 0;
  if (fault.at == "headers") sent = head;
  if (fault.at == "body") sent = head + reply.body.size() / 2;
  if (sent != 0) {
    outlet.stream.write(std::string_view(bytes).substr(0, sent));
    outlet.wire.pause(kBeforeReset);
  }
  outlet.wire.resetOnClose();
  return false;
}

bool truncate(Outlet& outlet, const Reply& reply, const Fault& fault) {
  const std::size_t kept = portion(fault, reply.body.size() / 2, reply.body.size());
  outlet.stream.write(renderHead(reply, contentLengthHeader(sizeOf(reply))));
  outlet.stream.write(std::string_view(reply.body).substr(0, kept));
  // "fin" ends the TCP stream without TLS close_notify, as a killed process does.
  if (fault.at == "fin") {
    outlet.wire.finish();
  } else {
    outlet.stream.finish();
  }
  return false;
}

bool wrongLength(Outlet& outlet, const Reply& reply, const Fault& fault) {
  const std::int64_t declared = sizeOf(reply) + fault.delta;
  const bool sent = outlet.stream.write(renderHead(reply, contentLengthHeader(declared))) &&
                    outlet.stream.write(reply.body);
  if (!fault.close.value_or(fault.delta > 0)) return sent;
  outlet.stream.finish();
  return false;
}

bool drip(Outlet& outlet, const Reply& reply, const Fault& fault) {
  const std::string bytes = whole(reply);
  std::size_t at = fault.at == "body" ? bytes.size() - reply.body.size() : 0;
  if (!outlet.stream.write(std::string_view(bytes).substr(0, at))) return false;
  const std::size_t step = std::max<std::size_t>(1, portion(fault, 1, bytes.size()));
  for (; at < bytes.size(); at += step) {
    if (!outlet.stream.write(std::string_view(bytes).substr(at, step))) return false;
    if (!outlet.wire.pause(milliseconds(fault.intervalMs))) return false;
  }
  return done(outlet, reply, true);
}

bool garbage(Outlet& outlet, const Reply& reply, const Fault& fault) {
  Reply changed = reply;
  changed.body = noise(portion(fault, 512, 1U << 26U));
  if (fault.at == "body") return deliver(outlet, changed);
  outlet.stream.write(changed.body);
  outlet.stream.finish();
  return false;
}

bool hugeHead(Outlet& outlet, const Reply& reply, const Fault& fault) {
  Reply changed = reply;
  const std::string filler(1000, 'h');
  const std::size_t lines = portion(fault, 1U << 20U, 1U << 28U) / filler.size() + 1;
  for (std::size_t i = 0; i < lines; ++i) {
    changed.headers.emplace_back("X-Filler-" + std::to_string(i), filler);
  }
  return deliver(outlet, changed);
}

// Valid JSON all the way, so that only a limit on the size can refuse it.
bool hugeBody(Outlet& outlet, const Reply& reply, const Fault& fault) {
  constexpr std::string_view before = R"({"SecretData":")";
  constexpr std::string_view after = R"("})";
  const std::int64_t size = std::max<std::int64_t>(fault.bytes < 0 ? 64 << 20 : fault.bytes, 32);
  const std::string block(kBlock, 'x');
  auto left = static_cast<std::size_t>(size) - before.size() - after.size();
  if (!outlet.stream.write(renderHead(reply, contentLengthHeader(size)))) return false;
  if (!outlet.stream.write(before)) return false;
  while (left > 0) {
    const std::size_t now = std::min(left, block.size());
    if (!outlet.stream.write(std::string_view(block).substr(0, now))) return false;
    left -= now;
  }
  return done(outlet, reply, outlet.stream.write(after));
}

bool chunked(Outlet& outlet, const Reply& reply, const Fault& fault) {
  const std::size_t step = std::max<std::size_t>(1, portion(fault, 64, kBlock));
  std::string out = renderHead(reply, "Transfer-Encoding: chunked");
  for (std::size_t at = 0; at < reply.body.size(); at += step) {
    const std::string piece = reply.body.substr(at, step);
    char size[20];
    out.append(size,
               static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", piece.size())));
    out += piece + "\r\n";
  }
  return done(outlet, reply, outlet.stream.write(out + "0\r\n\r\n"));
}

void awaitHello(Wire& wire) {
  char hello[4096];
  if (wire.await(POLLIN, kHelloLimit) != Wire::Wait::ready) return;
  [[maybe_unused]] const auto count = ::recv(wire.fd(), hello, sizeof hello, 0);
}

void sendRaw(Wire& wire, std::string_view bytes) {
  PlainStream(wire).write(bytes);
  wire.finish();
}

}  // namespace

bool deliver(Outlet& outlet, const Reply& reply) {
  return done(outlet, reply, outlet.stream.write(whole(reply)));
}

bool deliverFaulty(Outlet& outlet, const Reply& reply, const Fault& fault) {
  if (fault.delayMs > 0 && !outlet.wire.pause(milliseconds(fault.delayMs))) return false;
  switch (fault.kind) {
    case FaultKind::reset:
      return reset(outlet, reply, fault);
    case FaultKind::truncate:
      return truncate(outlet, reply, fault);
    case FaultKind::length:
      return wrongLength(outlet, reply, fault);
    case FaultKind::drip:
      return drip(outlet, reply, fault);
    case FaultKind::garbage:
      return garbage(outlet, reply, fault);
    case FaultKind::huge:
      return fault.at == "headers" ? hugeHead(outlet, reply, fault)
                                   : hugeBody(outlet, reply, fault);
    case FaultKind::chunked:
      return chunked(outlet, reply, fault);
    case FaultKind::blackHole:
      outlet.wire.pause(kForever);
      return false;
    case FaultKind::closeIdle:
      deliver(outlet, reply);
      outlet.stream.finish();
      return false;
    case FaultKind::error:
    case FaultKind::body:
    case FaultKind::redirect:
    case FaultKind::latency:
    case FaultKind::tls:
      break;
  }
  return deliver(outlet, reply);
}

void failConnection(Wire& wire, const Fault& fault) {
  if (fault.delayMs > 0 && !wire.pause(milliseconds(fault.delayMs))) return;
  if (fault.at == "reset") wire.resetOnClose();
  if (fault.at == "silence") wire.pause(kForever);
  if (fault.at == "hello" || fault.at == "alert" || fault.at == "garbage") awaitHello(wire);
  if (fault.at == "alert") sendRaw(wire, std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));
  if (fault.at == "garbage") sendRaw(wire, "this is not TLS\r\n");
}

}  // namespace kms_secretd::emulator
