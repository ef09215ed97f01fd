// SPDX-License-Identifier: Apache-2.0
#include "recording.hpp"

#include <utility>

namespace kms_secretd::contract {
namespace {

SentRequest recordOf(sdk::HttpRequest const& request) {
  SentRequest sent;
  sent.method = request.method;
  sent.target = request.target;
  sent.body = request.body.reveal();
  for (auto const& [name, value] : request.headers) {
    if (name == "Accept") sent.accept = value;
    if (name == "Content-Type") sent.contentType = value;
  }
  return sent;
}

}  // namespace

void Wire::add(SentRequest request) {
  std::scoped_lock const lock(mutex_);
  sent_.push_back(std::move(request));
}

std::vector<SentRequest> Wire::sent() const {
  std::scoped_lock const lock(mutex_);
  return sent_;
}

void Wire::forget() {
  std::scoped_lock const lock(mutex_);
  sent_.clear();
}

sdk::Result<sdk::HttpResponse> RecordingTransport::send(sdk::HttpRequest const& request) noexcept {
  wire_.add(recordOf(request));
  return inner_->send(request);
}

sdk::Result<platform::StreamEnd> RecordingTransport::stream(sdk::HttpRequest const& request,
                                                            sdk::Milliseconds idle,
                                                            platform::BodySink& sink) noexcept {
  wire_.add(recordOf(request));
  return inner_->stream(request, idle, sink);
}

}  // namespace kms_secretd::contract
