// SPDX-License-Identifier: Apache-2.0
#include "alicloud/json_document.hpp"

#include <set>
#include <utility>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include "alicloud/wiping_resource.hpp"

namespace kms_secretd::alicloud {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

// Builds a value as Boost's own parser does, but refuses an object's second member of one name
// (Boost keeps the last without a word).
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  explicit StrictHandler(json::storage_ptr const& storage) : stack_(storage) {
    stack_.reset(storage);
  }

  [[nodiscard]] json::value release() { return stack_.release(); }
  [[nodiscard]] bool foundDuplicate() const noexcept { return foundDuplicate_; }

  // Names and signatures from here on are what boost::json::basic_parser calls.
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    openObjects_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, error_code&) {
    openObjects_.pop_back();
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t count, error_code&) {
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code& error) {
    key_.append(part.data(), part.size());
    stack_.push_key(part);
    if (openObjects_.back().insert(std::exchange(key_, {})).second) return true;
    foundDuplicate_ = true;
    error = json::error::not_exact;  // any error stops the parser
    return false;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(string_view part, std::size_t, error_code&) {
    stack_.push_string(part);
    return true;
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code&) {
    stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, string_view, error_code&) {
    stack_.push_uint64(number);
    return true;
  }
  bool on_double(double number, string_view, error_code&) {
    stack_.push_double(number);
    return true;
  }
  bool on_bool(bool truth, error_code&) {
    stack_.push_bool(truth);
    return true;
  }
  bool on_null(error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  json::value_stack stack_;
  std::string key_;
  std::vector<std::set<std::string>> openObjects_;
  bool foundDuplicate_ = false;
};

JsonDocument refused(std::string problem) { return {.problem = std::move(problem)}; }

}  // namespace

json::storage_ptr wipingStorage() { return json::make_shared_resource<WipingResource>(); }

JsonDocument parseJson(std::string_view text, json::storage_ptr storage, JsonLimits const& limits) {
  if (text.size() > limits.maxBytes) return refused("larger than the limit");
  json::parse_options options;
  options.max_depth = limits.maxDepth;
  json::basic_parser<StrictHandler> parser(options, storage);
  error_code error;
  auto const used = parser.write_some(false, text.data(), text.size(), error);
  if (parser.handler().foundDuplicate()) return refused("the same member twice in one object");
  if (error == json::error::incomplete) return refused("truncated JSON");
  if (error == json::error::too_deep) return refused("nested too deeply");
  if (error || used != text.size()) return refused("not JSON");
  return {.root = parser.handler().release()};
}

}  // namespace kms_secretd::alicloud
