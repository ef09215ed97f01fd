// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "kube/json_items.hpp"
#include "platform/streaming_transport.hpp"

namespace kms_secretd::kube {

/// Feeds the body of a 200 to a JSON reader as it comes; keeps the first 64 KiB of any other reply,
/// which hold its Status. One thread.
class ReplySink final : public platform::BodySink {
 public:
  /// `items` outlives the sink. `onGood` is called at the head of a 200.
  ReplySink(JsonItems& items, std::function<void()> onGood)
      : items_(items), onGood_(std::move(onGood)) {}

  bool onHead(sdk::HttpResponse&& head) noexcept override;
  bool onChunk(std::string_view bytes) noexcept override;

  /// Status and headers, and the body unless it is a 200; status 0 = no head came.
  [[nodiscard]] sdk::HttpResponse const& response() const noexcept { return response_; }
  /// True if the reader refused the body.
  [[nodiscard]] bool refused() const noexcept { return refused_; }

 private:
  JsonItems& items_;
  std::function<void()> onGood_;
  sdk::HttpResponse response_{};
  bool refused_ = false;
};

}  // namespace kms_secretd::kube
