// SPDX-License-Identifier: Apache-2.0
// The only file that sees Boost.Beast. Its assertions are off in every build: in 1.81 a peer can
// trip one by splitting an empty chunked body ("0\r\n", "\r", "\n"); without it the input is fine.
#define BOOST_DISABLE_ASSERTS
#include "platform/http_codec.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/serializer.hpp>
#include <limits>
#include <utility>

#include "platform/request_checks.hpp"
#include "platform/wiping_allocator.hpp"

namespace kms_secretd::platform {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using StringView = boost::beast::string_view;

constexpr int maxInterimReplies = 8;
constexpr std::array<std::string_view, 3> alwaysWanted{"date", "retry-after", "content-type"};

std::string_view view(StringView text) noexcept { return {text.data(), text.size()}; }

std::string lowerCase(StringView text) {
  std::string lower(text.data(), text.size());
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

/// One message: Beast's grammar, and our guards at its callbacks. Never used for two messages.
class MessageParser final : public http::basic_parser<false> {
 public:
  MessageParser(ReplyRules const& rules, BodySink& sink) : rules_(rules), sink_(sink) {
    header_limit(static_cast<std::uint32_t>(rules.maxHeaderBytes));
    if (rules.maxBodyBytes) {
      body_limit(static_cast<std::uint64_t>(*rules.maxBodyBytes));
    } else {
      body_limit(boost::none);
    }
    if (rules.withoutBody) skip(true);
  }

  [[nodiscard]] bool interim() const noexcept { return head_.status < 200; }
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] char const* refusal() const noexcept { return refusal_; }

 private:
  void refuse(char const* why, ErrorCode& error) {
    refusal_ = why;
    error = boost::system::errc::make_error_code(boost::system::errc::protocol_error);
  }
  void stop(ErrorCode& error) {
    stopped_ = true;
    error = boost::system::errc::make_error_code(boost::system::errc::operation_canceled);
  }
  [[nodiscard]] bool wanted(std::string const& name) const {
    auto const& extra = rules_.wantedHeaders;
    return std::find(alwaysWanted.begin(), alwaysWanted.end(), name) != alwaysWanted.end() ||
           std::find(extra.begin(), extra.end(), name) != extra.end();
  }

  void on_request_impl(http::verb, StringView, StringView, int, ErrorCode&) override {}

  void on_response_impl(int status, StringView, int, ErrorCode& error) override {
    head_.status = status;
    if (status < 100) return refuse("its status is below 100", error);
    if (status == 101) return refuse("it switches protocols, which nobody asked for", error);
  }

  void on_field_impl(http::field field, StringView name, StringView value,
                     ErrorCode& error) override {
    // Trailers come through the same callback: they must not pass for header fields.
    if (headDone_ || interim()) return;
    if (field == http::field::transfer_encoding && !boost::beast::iequals(value, "chunked")) {
      return refuse("its Transfer-Encoding is not just \"chunked\"", error);
    }
    if (field == http::field::content_encoding && !value.empty() &&
        !boost::beast::iequals(value, "identity")) {
      return refuse("its Content-Encoding is not identity, which was asked for", error);
    }
    std::string lower = lowerCase(name);
    if (wanted(lower)) head_.headers.push_back({std::move(lower), std::string(view(value))});
  }

  void on_header_impl(ErrorCode& error) override {
    headDone_ = true;
    if (interim()) return;
    if (need_eof() && !rules_.bodyToEof) {
      return refuse("its body has neither a length nor chunks, so a cut would go unseen", error);
    }
    if (!sink_.onHead(head_)) stop(error);
  }

  void on_body_init_impl(boost::optional<std::uint64_t> const&, ErrorCode&) override {}

  std::size_t on_body_impl(StringView body, ErrorCode& error) override {
    if (!body.empty() && !sink_.onChunk(view(body))) stop(error);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, StringView, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, StringView body, ErrorCode& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(ErrorCode&) override {}

  ReplyRules const& rules_;
  BodySink& sink_;
  sdk::HttpResponse head_{};
  char const* refusal_ = nullptr;
  bool headDone_ = false;
  bool stopped_ = false;
};

std::string problemOf(MessageParser const& parser, ErrorCode const& error) {
  std::string const start = "the reply is not acceptable HTTP/1.1: ";
  if (parser.refusal() != nullptr) return start + parser.refusal();
  if (error == http::error::header_limit) return "the reply's header is over the limit";
  if (error == http::error::body_limit) return "the reply's body is over the limit";
  return start + error.message();
}

using Fields = http::basic_fields<WipingAllocator<char>>;
using Message = http::request<http::empty_body, Fields>;

void addFields(sdk::HttpRequest const& request, std::string const& hostField, Message& message) {
  message.set(http::field::host, hostField);
  for (auto const& header : request.headers) {
    if (!isSetByTransport(header.name)) message.insert(header.name, header.value);
  }
  message.set(http::field::accept_encoding, "identity");
  bool const expected =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (expected || !request.body.empty()) {
    message.set(http::field::content_length, std::to_string(request.body.size()));
  }
}

}  // namespace

sdk::SecretBytes encodeRequest(sdk::HttpRequest const& request, std::string const& hostField) {
  Message message;
  message.version(11);
  message.method_string(request.method);
  message.target(request.target);
  addFields(request, hostField, message);
  http::request_serializer<http::empty_body, Fields> serializer(message);
  sdk::SecretBytes encoded;
  ErrorCode error;
  while (!serializer.is_done() && !error) {
    serializer.next(error, [&](ErrorCode&, auto const& buffers) {
      encoded.reserve(boost::beast::buffer_bytes(buffers) + request.body.size());
      for (auto const buffer : boost::beast::buffers_range_ref(buffers)) {
        encoded.append({static_cast<char const*>(buffer.data()), buffer.size()});
      }
      serializer.consume(boost::beast::buffer_bytes(buffers));
    });
  }
  encoded.append(request.body.reveal());
  return encoded;
}

class ReplyParser::Impl {
 public:
  Impl(ReplyRules rules, BodySink& sink)
      : rules_(std::move(rules)),
        sink_(sink),
        message_(std::make_unique<MessageParser>(rules_, sink_)) {}

  std::size_t consume(std::string_view offered) {
    std::size_t total = 0;
    while (!done() && total < offered.size()) {
      std::size_t const used = put(offered.substr(total));
      total += used;
      if (needsMore_) break;
      if (message_->is_done() && message_->interim()) nextMessage();
    }
    return total;
  }

  bool endOfInput() {
    if (!message_->is_header_done() || message_->interim()) return false;
    ErrorCode error;
    message_->put_eof(error);
    return !error;
  }

  [[nodiscard]] bool done() const noexcept {
    return stopped() || (message_->is_done() && !message_->interim());
  }
  [[nodiscard]] bool stopped() const noexcept { return message_->stopped(); }
  [[nodiscard]] bool headDone() const noexcept {
    return message_->is_header_done() && !message_->interim();
  }
  [[nodiscard]] bool keepAlive() const noexcept {
    return !stopped() && headDone() && message_->is_done() && message_->keep_alive();
  }

 private:
  std::size_t put(std::string_view offered) {
    bool const inHeader = !message_->is_header_done();
    // Stop at the end of the header, so that its bytes can be counted.
    message_->eager(!inHeader);
    ErrorCode error;
    std::size_t const used =
        message_->put(boost::asio::const_buffer(offered.data(), offered.size()), error);
    needsMore_ = error == http::error::need_more;
    if (inHeader) countHeader(used, message_->is_header_done() ? 0 : offered.size() - used);
    if (error && !needsMore_ && !message_->stopped()) {
      throw ProtocolError(problemOf(*message_, error));
    }
    return used;
  }

  // Beast's own limit counts the bytes of one put() only: a peer could go on for ever.
  void countHeader(std::size_t used, std::size_t waiting) {
    headerBytes_ += used;
    if (headerBytes_ + waiting > rules_.maxHeaderBytes) {
      throw ProtocolError("the reply's header is over the limit");
    }
  }

  void nextMessage() {
    if (++interimReplies_ > maxInterimReplies) {
      throw ProtocolError("the reply never comes: too many interim (1xx) replies");
    }
    message_ = std::make_unique<MessageParser>(rules_, sink_);
  }

  ReplyRules const rules_;
  BodySink& sink_;
  std::unique_ptr<MessageParser> message_;
  std::size_t headerBytes_ = 0;
  int interimReplies_ = 0;
  bool needsMore_ = false;
};

ReplyParser::ReplyParser(ReplyRules rules, BodySink& sink)
    : impl_(std::make_unique<Impl>(std::move(rules), sink)) {}
ReplyParser::~ReplyParser() = default;

std::size_t ReplyParser::consume(std::string_view offered) { return impl_->consume(offered); }
bool ReplyParser::endOfInput() { return impl_->endOfInput(); }
bool ReplyParser::done() const noexcept { return impl_->done(); }
bool ReplyParser::stopped() const noexcept { return impl_->stopped(); }
bool ReplyParser::headDone() const noexcept { return impl_->headDone(); }
bool ReplyParser::keepAlive() const noexcept { return impl_->keepAlive(); }

}  // namespace kms_secretd::platform
