// SPDX-License-Identifier: Apache-2.0
#include "kube/json_items.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

#include "kube/json_read.hpp"

namespace kms_secretd::kube {

namespace json = boost::json;

namespace {

constexpr std::size_t maxShownKey = 16;  // "metadata" and "items" fit; nothing else is compared

// The parser's events: those inside of a wanted object build it, the others only count the depth.
class Handler {
 public:
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = 2 * 1024 * 1024;
  static constexpr std::size_t max_key_size = 64 * 1024;

  Handler(JsonItems::Shape shape, JsonItemSink& sink, std::size_t maxItemBytes)
      : shape_(shape), sink_(sink), maxItemBytes_(maxItemBytes) {}

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
  bool on_number_part(json::string_view text, json::error_code& ec) {
    return charge(text.size(), ec);
  }

  bool on_object_begin(json::error_code& ec) {
    if (!collecting_ && startsHere()) begin();
    ++depth_;
    key_.clear();
    return charge(16, ec);
  }
  bool on_object_end(std::size_t members, json::error_code& ec) {
    --depth_;
    if (!collecting_) return true;
    stack_.push_object(members);
    return depth_ > base_ || deliver(ec);
  }
  bool on_array_begin(json::error_code& ec) {
    inItems_ = inItems_ || (depth_ == 1 && key_ == "items");
    ++depth_;
    return charge(16, ec);
  }
  bool on_array_end(std::size_t elements, json::error_code&) {
    --depth_;
    if (depth_ == 1) inItems_ = false;
    if (collecting_) stack_.push_array(elements);
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, json::error_code& ec) {
    noteKey(part);
    if (collecting_) stack_.push_chars(part);
    return charge(part.size(), ec);
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    noteKey(part);
    keyDone_ = true;
    if (collecting_) stack_.push_key(part);
    return charge(part.size() + 16, ec);
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code& ec) {
    if (collecting_) stack_.push_chars(part);
    return charge(part.size(), ec);
  }
  bool on_string(json::string_view part, std::size_t, json::error_code& ec) {
    if (collecting_) stack_.push_string(part);
    return charge(part.size() + 16, ec);
  }
  bool on_int64(std::int64_t value, json::string_view, json::error_code& ec) {
    if (collecting_) stack_.push_int64(value);
    return charge(16, ec);
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code& ec) {
    if (collecting_) stack_.push_uint64(value);
    return charge(16, ec);
  }
  bool on_double(double value, json::string_view, json::error_code& ec) {
    if (collecting_) stack_.push_double(value);
    return charge(16, ec);
  }
  bool on_bool(bool value, json::error_code& ec) {
    if (collecting_) stack_.push_bool(value);
    return charge(16, ec);
  }
  bool on_null(json::error_code& ec) {
    if (collecting_) stack_.push_null();
    return charge(16, ec);
  }

  [[nodiscard]] bool between() const noexcept { return depth_ == 0; }

 private:
  [[nodiscard]] bool startsHere() const noexcept {
    if (shape_ == JsonItems::Shape::stream) return depth_ == 0;
    return (depth_ == 1 && key_ == "metadata") || (depth_ == 2 && inItems_);
  }

  void begin() {
    collecting_ = true;
    base_ = depth_;
    size_ = 0;
    stack_.reset(memory_.emplace().storage());
  }

  // Only the keys of the outermost object matter.
  void noteKey(json::string_view part) {
    if (depth_ != 1) return;
    if (keyDone_) key_.clear();
    keyDone_ = false;
    if (key_.size() + part.size() <= maxShownKey) {
      key_.append(part.data(), part.size());
    } else {
      key_ = "(long)";
    }
  }

  bool charge(std::size_t bytes, json::error_code& ec) {
    size_ += collecting_ ? bytes : 0;
    if (size_ <= maxItemBytes_) return true;
    ec = json::error::object_too_large;
    return false;
  }

  bool deliver(json::error_code& ec) {
    collecting_ = false;
    bool const goesOn = handOut(stack_.release());
    memory_.reset();
    if (!goesOn) ec = json::error::extra_data;  // any: the sink knows why
    return goesOn;
  }

  bool handOut(json::value const& item) {
    bool const own = shape_ == JsonItems::Shape::list && depth_ == 1;
    auto const& object = item.get_object();
    return own ? sink_.onListMetadata(object) : sink_.onItem(object);
  }

  JsonItems::Shape shape_;
  JsonItemSink& sink_;
  std::size_t maxItemBytes_;
  std::optional<DocumentMemory> memory_{};  // of the item that is being collected
  json::value_stack stack_{};
  std::string key_{};
  std::size_t depth_ = 0;
  std::size_t base_ = 0;
  std::size_t size_ = 0;
  bool keyDone_ = true;
  bool inItems_ = false;
  bool collecting_ = false;
};

json::parse_options options() {
  json::parse_options wanted;
  wanted.max_depth = 64;
  return wanted;
}

}  // namespace

struct JsonItems::Reader {
  Shape shape;
  json::basic_parser<Handler> parser;
  bool listEnded = false;

  Reader(Shape wanted, JsonItemSink& sink, std::size_t maxItemBytes)
      : shape(wanted), parser(options(), wanted, sink, maxItemBytes) {}

  // Reads up to the end of one document; 0 = refused.
  std::size_t some(std::string_view bytes) {
    json::error_code ec;
    auto const used = parser.write_some(true, bytes.data(), bytes.size(), ec);
    if (ec) return 0;
    if (parser.done()) {
      listEnded = true;
      if (shape == Shape::stream) parser.reset();
    }
    return used;
  }
};

JsonItems::JsonItems(Shape shape, JsonItemSink& sink, std::size_t maxItemBytes)
    : reader_(std::make_unique<Reader>(shape, sink, maxItemBytes)) {}

JsonItems::~JsonItems() = default;

bool JsonItems::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (reader_->shape == Shape::list && reader_->listEnded) {
      return bytes.find_first_not_of(" \t\r\n") == std::string_view::npos;
    }
    auto const used = reader_->some(bytes);
    if (used == 0) return false;
    bytes.remove_prefix(used);
  }
  return true;
}

bool JsonItems::whole() const noexcept {
  if (reader_->shape == Shape::list) return reader_->listEnded;
  return reader_->parser.handler().between();
}

}  // namespace kms_secretd::kube
