// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/streaming_transport.hpp"

namespace kms_secretd::contract {

/// One request that the daemon's client sent.
struct SentRequest {
  std::string method{};
  std::string target{};
  std::string accept{};
  std::string contentType{};
  std::string body{};
};

/// What went over the wire, whatever server is there. Thread-safe.
class Wire {
 public:
  void add(SentRequest request);
  [[nodiscard]] std::vector<SentRequest> sent() const;
  void forget();

 private:
  mutable std::mutex mutex_;
  std::vector<SentRequest> sent_;
};

/// Hands on to `inner` and writes into `wire`, which outlives it.
class RecordingTransport final : public platform::StreamingTransport {
 public:
  RecordingTransport(std::unique_ptr<platform::StreamingTransport> inner, Wire& wire)
      : inner_(std::move(inner)), wire_(wire) {}

  sdk::Result<sdk::HttpResponse> send(sdk::HttpRequest const& request) noexcept override;
  sdk::Result<platform::StreamEnd> stream(sdk::HttpRequest const& request, sdk::Milliseconds idle,
                                          platform::BodySink& sink) noexcept override;

 private:
  std::unique_ptr<platform::StreamingTransport> inner_;
  Wire& wire_;
};

}  // namespace kms_secretd::contract
