// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/serving.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/X509Certificate.h>
#include <Poco/StreamCopier.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace kms_secretd::fakes::kube {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto tick = 100ms;

std::string certificateName(HTTPServerRequest& request) {
  auto& socket = dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request).socket();
  if (!socket.secure()) return "";
  Poco::Net::SecureStreamSocket const secure(socket);
  if (!secure.havePeerCertificate()) return "";
  return secure.peerCertificate().commonName();
}

Request read(HTTPServerRequest& in) {
  Request request;
  request.method = in.getMethod();
  readTarget(request, in.getURI());
  request.accept = in.get("Accept", "");
  request.contentType = in.getContentType();
  request.authorization = in.get("Authorization", "");
  request.userAgent = in.get("User-Agent", "");
  request.certificateName = certificateName(in);
  Poco::StreamCopier::copyToString(in.stream(), request.body);
  return request;
}

/// Closes the connection at once, whatever was sent.
void drop(HTTPServerRequest& request) {
  auto socket = dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request).detachSocket();
  socket.setLinger(true, 0);
  socket.close();
}

Response spoiled(Fault const& fault, Response answer) {
  if (fault.kind == Fault::Kind::status) {
    Status status;
    status.code = fault.status;
    status.reason = fault.status == 429 ? "TooManyRequests" : "Fault";
    status.message = "a fault was asked for";
    answer.code = fault.status;
    answer.retryAfterSeconds = fault.retryAfterSeconds;
    answer.body = boost::json::serialize(status.json());
    answer.watch.reset();
  }
  if (fault.kind == Fault::Kind::garbage) {
    answer.code = 200;
    answer.body = "\x01<html>{\"kind\":";
    answer.watch.reset();
  }
  return answer;
}

class Handler final : public Poco::Net::HTTPRequestHandler {
 public:
  explicit Handler(Served& served) : served_(served) {}

  void handleRequest(HTTPServerRequest& in, HTTPServerResponse& out) override {
    try {
      serve(in, out);
    } catch (Poco::Exception const&) {
      // The client went away.
    }
  }

 private:
  void serve(HTTPServerRequest& in, HTTPServerResponse& out) {
    auto const request = read(in);
    if (request.path.starts_with("/double/")) {
      send(control(served_, request), out);
      return;
    }
    LoggedRequest entry{in.getMethod(),
                        in.getURI(),
                        request.accept,
                        request.contentType,
                        request.certificateName,
                        request.body,
                        0};
    auto const fault = served_.faults.hit(request.method, in.getURI());
    if (fault) {
      suffer(*fault, request, in, out, entry);
    } else {
      auto const answer = served_.api.handle(request);
      entry.code = answer.code;
      served_.remember(entry);
      send(answer, out);
    }
  }

  void suffer(Fault const& fault, Request const& request, HTTPServerRequest& in,
              HTTPServerResponse& out, LoggedRequest& entry) {
    bool const answers = fault.kind == Fault::Kind::delay || fault.kind == Fault::Kind::truncate;
    Response answer;
    if (fault.afterwards || answers) answer = served_.api.handle(request);
    served_.remember(entry);
    if (fault.kind == Fault::Kind::reset) return drop(in);
    if (fault.kind == Fault::Kind::hang) return hang(in);
    if (fault.kind == Fault::Kind::delay) pause(fault.delay);
    if (fault.kind == Fault::Kind::truncate) return truncate(answer, in, out);
    send(spoiled(fault, std::move(answer)), out);
  }

  void pause(std::chrono::milliseconds duration) {
    auto const end = steady_clock::now() + duration;
    while (!served_.stopping && steady_clock::now() < end) std::this_thread::sleep_for(tick);
  }

  void hang(HTTPServerRequest& in) {
    auto& socket = dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(in).socket();
    while (!served_.stopping) {
      // A client that went away makes the socket readable.
      if (socket.poll(Poco::Timespan(0, 100'000), Poco::Net::Socket::SELECT_READ)) break;
    }
    drop(in);
  }

  static void prepare(Response const& answer, HTTPServerResponse& out) {
    out.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.code));
    out.setContentType(answer.contentType);
    out.set("Cache-Control", "no-cache, private");
    if (answer.retryAfterSeconds > 0) {
      out.set("Retry-After", std::to_string(answer.retryAfterSeconds));
    }
  }

  void send(Response const& answer, HTTPServerResponse& out) {
    prepare(answer, out);
    if (answer.watch) {
      out.setChunkedTransferEncoding(true);
      stream(*answer.watch, out.send());
    } else {
      out.sendBuffer(answer.body.data(), answer.body.size());
    }
  }

  void truncate(Response const& answer, HTTPServerRequest& in, HTTPServerResponse& out) {
    prepare(answer, out);
    out.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
    auto& body = out.send();
    body.write(answer.body.data(), static_cast<std::streamsize>(answer.body.size() / 2));
    body.flush();
    drop(in);
  }

  void replay(WatchOrder& order, std::ostream& out) {
    auto const page = served_.store.list(order.query);
    auto const& items = std::get<Page>(page).items;
    for (auto const& secret : items) out << Api::watchLine(order, {0, std::nullopt, secret});
    order.since = std::stoull(std::get<Page>(page).resourceVersion);
  }

  /// The server tells a bookmark shortly before it ends a watch (seen at 2.8 s of 4).
  static steady_clock::time_point bookmarkTime(WatchOrder const& order,
                                               steady_clock::time_point end) {
    return order.timeout > 2s ? end - 1200ms : steady_clock::time_point::max();
  }

  void stream(WatchOrder order, std::ostream& out) {
    auto const end = steady_clock::now() + order.timeout;
    auto bookmark = order.bookmarks ? bookmarkTime(order, end) : steady_clock::time_point::max();
    if (order.replay) replay(order, out);
    out.flush();
    while (!served_.stopping && out.good() && steady_clock::now() < end) {
      auto const until = std::min({end, bookmark, steady_clock::now() + tick});
      auto const events = served_.store.eventsAfter(order.since, until);
      if (auto const* status = std::get_if<Status>(&events)) {
        out << Api::errorLine(*status) << std::flush;
        return;
      }
      for (auto const& event : std::get<std::vector<Event>>(events)) {
        out << Api::watchLine(order, event);
        order.since = event.revision;
      }
      if (steady_clock::now() >= bookmark) {
        out << Api::bookmarkLine(order, std::max(order.since, served_.store.revision()));
        bookmark = steady_clock::time_point::max();
      }
      out.flush();
    }
  }

  Served& served_;
};

}  // namespace

Poco::Net::HTTPRequestHandler* HandlerFactory::createRequestHandler(HTTPServerRequest const&) {
  return new Handler(served_);  // NOLINT: Poco's server owns and deletes it
}

}  // namespace kms_secretd::fakes::kube
