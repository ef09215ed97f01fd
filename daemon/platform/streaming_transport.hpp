// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <kms-secretd/transport.hpp>

namespace kms_secretd::platform {

/// Takes a reply as it comes. Called on the thread that called stream(), one call at a time.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// The head of the final reply, whatever its status, for the sink to take; `head.body` is empty.
  /// False ends the stream.
  virtual bool onHead(sdk::HttpResponse&& head) noexcept = 0;
  /// The next bytes of the body, already free of chunk framing, at most 16 KiB, cut anywhere; valid
  /// during the call only. False ends the stream.
  virtual bool onChunk(std::string_view bytes) noexcept = 0;
};

/// How a stream ended without a failure.
enum class StreamEnd {
  complete,         ///< the peer ended the body as HTTP wants it
  stopped_by_sink,  ///< the sink returned false
};

/// A transport that can also follow an endless reply (a Kubernetes watch).
class StreamingTransport : public sdk::Transport {
 public:
  /// Sends `request` and feeds the reply to `sink`. `request.deadline` bounds connecting, sending
  /// and the head; from then on each wait for the next bytes may last `idle` milliseconds. The body
  /// limit of the spec does not apply; nothing is kept. Failures as send(); a stream cut by the
  /// peer is unavailable, a silent one timed_out, a cancelled one internal. Never throws.
  virtual sdk::Result<StreamEnd> stream(sdk::HttpRequest const& request, sdk::Milliseconds idle,
                                        BodySink& sink) noexcept = 0;
};

}  // namespace kms_secretd::platform
