// SPDX-License-Identifier: Apache-2.0
// The only file that sees Boost.Beast. Its assertions are off in every build: in 1.81 a peer can
// trip one by splitting an empty chunked body ("0\r\n", "\r", "\n"); without it the input is fine.
#define BOOST_DISABLE_ASSERTS
#include "platform/http_codec.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <limits>
#include <utility>

namespace kms_secretd::platform {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using StringView = boost::beast::string_view;

constexpr int maxInterimReplies = 8;
constexpr std::size_t usualHeaders = 4;  // kept of a reply
std::string_view view(StringView text) noexcept { return {text.data(), text.size()}; }

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

  [[nodiscard]] bool interim() const noexcept { return status_ < 200; }
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
  /// The name by which a field is kept, in lower case; empty = it is not wanted.
  [[nodiscard]] std::string_view keptName(http::field field, StringView name) const {
    switch (field) {
      case http::field::date:
        return "date";
      case http::field::retry_after:
        return "retry-after";
      case http::field::content_type:
        return "content-type";
      default:
        break;
    }
    auto const& extra = rules_.wantedHeaders;
    auto const found = std::ranges::find_if(extra, [name](std::string const& each) {
      return boost::beast::iequals(name, StringView(each.data(), each.size()));
    });
    return found == extra.end() ? std::string_view{} : *found;
  }

  void on_request_impl(http::verb, StringView, StringView, int, ErrorCode&) override {}

  void on_response_impl(int status, StringView, int, ErrorCode& error) override {
    status_ = head_.status = status;
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
    auto const kept = keptName(field, name);
    if (kept.empty()) return;
    if (head_.headers.empty()) head_.headers.reserve(usualHeaders);
    head_.headers.push_back({std::string(kept), std::string(view(value))});
  }

  void on_header_impl(ErrorCode& error) override {
    headDone_ = true;
    if (interim()) return;
    if (need_eof() && !rules_.bodyToEof) {
      return refuse("its body has neither a length nor chunks, so a cut would go unseen", error);
    }
    if (!sink_.onHead(std::move(head_))) stop(error);
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
  sdk::HttpResponse head_{};  // gone once the sink has it
  int status_ = 0;
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

}  // namespace

class ReplyParser::Impl {
 public:
  Impl(ReplyRules rules, BodySink& sink) : rules_(rules), sink_(sink) {
    message_.emplace(rules_, sink_);
  }

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
    message_.emplace(rules_, sink_);
  }

  ReplyRules const rules_;
  BodySink& sink_;
  std::optional<MessageParser> message_{};  // always there; replaced, as none reads two messages
  std::size_t headerBytes_ = 0;
  int interimReplies_ = 0;
  bool needsMore_ = false;
};

ReplyParser::ReplyParser(ReplyRules rules, BodySink& sink)
    : impl_(std::make_unique<Impl>(rules, sink)) {}
ReplyParser::~ReplyParser() = default;

std::size_t ReplyParser::consume(std::string_view offered) { return impl_->consume(offered); }
bool ReplyParser::endOfInput() { return impl_->endOfInput(); }
bool ReplyParser::done() const noexcept { return impl_->done(); }
bool ReplyParser::stopped() const noexcept { return impl_->stopped(); }
bool ReplyParser::headDone() const noexcept { return impl_->headDone(); }
bool ReplyParser::keepAlive() const noexcept { return impl_->keepAlive(); }

}  // namespace kms_secretd::platform
