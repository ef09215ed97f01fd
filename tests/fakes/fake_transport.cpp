// SPDX-License-Identifier: Apache-2.0
#include "fakes/fake_transport.hpp"

#include <algorithm>
#include <utility>

namespace kms_secretd::fakes {
namespace {

std::string lowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool isKept(std::string const& name, SentRequest const& request) {
  if (name == "date" || name == "retry-after" || name == "content-type") return true;
  auto const& wanted = request.wantedHeaders;
  return std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

SentRequest plain(sdk::HttpRequest const& request) {
  return {.method = request.method,
          .target = request.target,
          .headers = request.headers,
          .body = std::string(request.body.reveal()),
          .idempotent = request.idempotent,
          .wantedHeaders = request.wantedHeaders,
          .deadline = request.deadline,
          .cancellation = request.cancellation};
}

}  // namespace

std::string SentRequest::header(std::string_view name) const {
  for (auto const& each : headers) {
    if (lowerCase(each.name) == lowerCase(name)) return each.value;
  }
  return {};
}

sdk::HttpResponse responseOf(ScriptedReply const& reply, SentRequest const& request) {
  sdk::HttpResponse response;
  response.status = reply.status;
  response.body = sdk::SecretBytes(reply.body);
  for (auto const& header : reply.headers) {
    auto name = lowerCase(header.name);
    if (isKept(name, request)) response.headers.push_back({std::move(name), header.value});
  }
  return response;
}

void TransportScript::reply(ScriptedReply reply) {
  next([reply = std::move(reply)](SentRequest const& request) {
    return responseOf(reply, request);
  });
}

void TransportScript::fail(sdk::Failure failure) {
  next([failure = std::move(failure)](SentRequest const&) { return failure; });
}

void TransportScript::next(Handler handler) {
  std::lock_guard const lock(mutex_);
  handlers_.push_back(std::move(handler));
}

void TransportScript::otherwise(Handler handler) {
  std::lock_guard const lock(mutex_);
  otherwise_ = std::move(handler);
}

std::vector<SentRequest> TransportScript::sent() const {
  std::lock_guard const lock(mutex_);
  return sent_;
}

std::size_t TransportScript::count() const {
  std::lock_guard const lock(mutex_);
  return sent_.size();
}

TransportScript::Handler TransportScript::take(SentRequest const& request) {
  std::lock_guard const lock(mutex_);
  sent_.push_back(request);
  if (handlers_.empty()) return otherwise_;
  auto handler = std::move(handlers_.front());
  handlers_.pop_front();
  return handler;
}

sdk::Result<sdk::HttpResponse> TransportScript::answer(SentRequest request) {
  auto const handler = take(request);
  if (handler) return handler(request);
  return sdk::Failure{.kind = sdk::FailureKind::internal,
                      .message = "the test's script has no answer left"};
}

sdk::Result<sdk::HttpResponse> FakeTransport::send(sdk::HttpRequest const& request) noexcept {
  return script_->answer(plain(request));
}

}  // namespace kms_secretd::fakes
