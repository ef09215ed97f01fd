// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "fakes/fake_transport.hpp"
#include "platform/streaming_transport.hpp"
#include "platform/wait.hpp"

namespace kms_secretd::kube::test {

/// What a server streams, in order; outlives its transports. With nothing left a list is empty, and
/// a watch waits for its cancellation, as quiet ones do. Any thread.
class StreamScript {
 public:
  using Handler =
      std::function<sdk::Result<platform::StreamEnd>(sdk::HttpRequest const&, platform::BodySink&)>;

  void next(Handler handler) {
    std::lock_guard const lock(mutex_);
    handlers_.push_back(std::move(handler));
  }
  /// A whole reply, cut into pieces of `piece` bytes.
  void reply(int status, std::string body, std::size_t piece = 7) {
    next([status, body = std::move(body), piece](auto const&, platform::BodySink& sink) {
      return feed(status, body, piece, sink);
    });
  }
  /// A reply that breaks off with a failure.
  void cut(std::string body, sdk::Failure failure) {
    next([body = std::move(body), failure = std::move(failure)](
             auto const&, platform::BodySink& sink) -> sdk::Result<platform::StreamEnd> {
      static_cast<void>(feed(200, body, 1000, sink));
      return failure;
    });
  }

  [[nodiscard]] std::vector<std::string> targets() const {
    std::lock_guard const lock(mutex_);
    return targets_;
  }
  [[nodiscard]] std::vector<std::string> accepts() const {
    std::lock_guard const lock(mutex_);
    return accepts_;
  }

  sdk::Result<platform::StreamEnd> run(sdk::HttpRequest const& request, platform::BodySink& sink) {
    if (auto handler = take(request)) return handler(request, sink);
    bool const isWatch = request.target.find("watch=1") != std::string::npos;
    return isWatch ? wait(request, sink) : feed(200, emptyList, 16'384, sink);
  }

  /// A reply that never comes to its end.
  void hang() {
    next([](auto const& request, platform::BodySink& sink) { return wait(request, sink); });
  }

  static sdk::Result<platform::StreamEnd> feed(int status, std::string const& body,
                                               std::size_t piece, platform::BodySink& sink) {
    sdk::HttpResponse head;
    head.status = status;
    if (!sink.onHead(std::move(head))) return platform::StreamEnd::stopped_by_sink;
    for (std::size_t at = 0; at < body.size(); at += piece) {
      if (!sink.onChunk(std::string_view(body).substr(at, piece))) {
        return platform::StreamEnd::stopped_by_sink;
      }
    }
    return platform::StreamEnd::complete;
  }

 private:
  static constexpr auto emptyList =
      R"({"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"10"},"items":[]})";

  static sdk::Result<platform::StreamEnd> wait(sdk::HttpRequest const& request,
                                               platform::BodySink& sink) {
    static_cast<void>(feed(200, "", 1, sink));
    while (!request.cancellation->requested()) std::this_thread::yield();
    return sdk::Failure{.kind = sdk::FailureKind::internal, .code = platform::cancelledCode};
  }
  Handler take(sdk::HttpRequest const& request) {
    std::lock_guard const lock(mutex_);
    targets_.push_back(request.target);
    for (auto const& header : request.headers) {
      if (header.name == "Accept") accepts_.push_back(header.value);
    }
    if (handlers_.empty()) return {};
    auto handler = std::move(handlers_.front());
    handlers_.pop_front();
    return handler;
  }

  mutable std::mutex mutex_;
  std::deque<Handler> handlers_;
  std::vector<std::string> targets_;
  std::vector<std::string> accepts_;
};

/// A transport without sockets that streams from a script.
class StreamingFake final : public platform::StreamingTransport {
 public:
  StreamingFake(std::shared_ptr<fakes::TransportScript> replies,
                std::shared_ptr<StreamScript> streams)
      : inner_(std::move(replies)), streams_(std::move(streams)) {}
  sdk::Result<sdk::HttpResponse> send(sdk::HttpRequest const& request) noexcept override {
    return inner_.send(request);
  }
  sdk::Result<platform::StreamEnd> stream(sdk::HttpRequest const& request, sdk::Milliseconds,
                                          platform::BodySink& sink) noexcept override {
    return streams_->run(request, sink);
  }

 private:
  fakes::FakeTransport inner_;
  std::shared_ptr<StreamScript> streams_;
};

}  // namespace kms_secretd::kube::test
