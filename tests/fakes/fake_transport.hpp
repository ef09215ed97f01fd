// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/transport.hpp>

namespace kms_secretd::fakes {

/// A request as it arrived, in plain strings.
struct SentRequest {
  std::string method{};
  std::string target{};
  std::vector<sdk::HttpHeader> headers{};
  std::string body{};
  bool idempotent = true;
  std::vector<std::string> wantedHeaders{};
  sdk::BootTime deadline{};
  sdk::Cancellation const* cancellation = nullptr;

  /// The first value of a header, whatever the case of its name; empty if there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// A reply as plain values; names of headers in any case.
struct ScriptedReply {
  int status = 200;
  std::string body{};
  std::vector<sdk::HttpHeader> headers{};
};

/// What a peer answers, in order, and what it was asked. Lives in the test and outlives its
/// transports. Any thread. With nothing left to answer it fails every request as `internal`, so
/// that a loop shows as a count and not as a hang.
class TransportScript {
 public:
  using Handler = std::function<sdk::Result<sdk::HttpResponse>(SentRequest const&)>;

  /// Answers the next unanswered request with this reply.
  void reply(ScriptedReply reply);
  /// Answers the next unanswered request with this failure.
  void fail(sdk::Failure failure);
  /// Answers the next unanswered request by a function.
  void next(Handler handler);
  /// Answers every request for which nothing else is scripted.
  void otherwise(Handler handler);

  /// All requests so far.
  [[nodiscard]] std::vector<SentRequest> sent() const;
  /// How many requests came.
  [[nodiscard]] std::size_t count() const;

 private:
  friend class FakeTransport;
  sdk::Result<sdk::HttpResponse> answer(SentRequest request);
  Handler take(SentRequest const& request);

  mutable std::mutex mutex_;
  std::deque<Handler> handlers_;
  Handler otherwise_;
  std::vector<SentRequest> sent_;
};

/// A reply as a transport hands it out: names in lower case, only the wanted ones and the three
/// that are always kept.
[[nodiscard]] sdk::HttpResponse responseOf(ScriptedReply const& reply, SentRequest const& request);

/// A Transport that opens no socket.
class FakeTransport final : public sdk::Transport {
 public:
  explicit FakeTransport(std::shared_ptr<TransportScript> script) : script_(std::move(script)) {}
  sdk::Result<sdk::HttpResponse> send(sdk::HttpRequest const& request) noexcept override;

 private:
  /// Shared with the FakeHost: a backend under test may outlive either.
  std::shared_ptr<TransportScript> script_;
};

}  // namespace kms_secretd::fakes
