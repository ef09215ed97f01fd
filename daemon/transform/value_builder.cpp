// SPDX-License-Identifier: Apache-2.0
#include "transform/value_builder.hpp"

#include <algorithm>

namespace kms_secretd::transform {
namespace {

constexpr char const* tooDeep = "it is nested deeper than 64 levels";
constexpr std::size_t fewMembers = 16;  // looking at each is faster than a set
constexpr char const* tooMany = "it has more than 100000 values";

bool isObject(Value const& value) { return value.is(Kind::object); }

bool mayMerge(Value const& value) {
  return isObject(value) ||
         (value.is(Kind::array) && std::ranges::all_of(value.elements(), isObject));
}

}  // namespace

ValueBuilder::Refusal ValueBuilder::charge(std::size_t nodes) {
  nodes_ += nodes;
  return nodes_ > maxDocumentNodes ? tooMany : nullptr;
}

ValueBuilder::Refusal ValueBuilder::begin(bool object) {
  if (frames_.size() >= maxDocumentDepth) return tooDeep;
  frames_.emplace_back().object = object;
  return charge(1);
}

bool ValueBuilder::has(Frame& frame, std::string const& name) {
  if (frame.members.size() < fewMembers) {
    return std::ranges::find(frame.members, name, &Value::Member::name) != frame.members.end();
  }
  for (auto i = frame.names.size(); i < frame.members.size(); ++i) {
    frame.names.insert(frame.members[i].name);
  }
  return frame.names.contains(name);
}

ValueBuilder::Refusal ValueBuilder::name(std::string name) {
  auto& frame = frames_.back();
  if (has(frame, name)) return "a member stands here for the second time";
  frame.name = std::move(name);
  return nullptr;
}

ValueBuilder::Refusal ValueBuilder::mergeNext() {
  auto& frame = frames_.back();
  if (frame.hasMerged) return "a member stands here for the second time";
  frame.merges = frame.hasMerged = true;
  return nullptr;
}

ValueBuilder::Refusal ValueBuilder::add(BuiltValue value) {
  if (auto const* why = charge(value.nodes)) return why;
  return place(std::move(value));
}

// Puts a value that was paid for where the builder stands.
ValueBuilder::Refusal ValueBuilder::place(BuiltValue value) {
  if (frames_.size() + value.depth > maxDocumentDepth) return tooDeep;
  last_ = std::move(value);
  if (frames_.empty()) return nullptr;
  auto& frame = frames_.back();
  frame.nodes += last_.nodes;
  frame.depth = std::max(frame.depth, last_.depth + 1);
  return placeIn(frame, last_.value);
}

ValueBuilder::Refusal ValueBuilder::placeIn(Frame& frame, Value const& value) {
  if (frame.merges) {
    if (!mayMerge(value)) return "only mappings can be merged";
    frame.merges = false;
    frame.merged.push_back(value);
  } else if (frame.object) {
    frame.members.push_back({std::move(*frame.name), value});
    frame.name.reset();
  } else {
    frame.elements.push_back(value);
  }
  return nullptr;
}

void ValueBuilder::mergeInto(Frame& frame, Value const& source) {
  if (source.is(Kind::array)) {
    for (auto const& each : source.elements()) mergeInto(frame, each);
    return;
  }
  for (auto const& member : source.members()) {
    if (!has(frame, member.name)) frame.members.push_back(member);
  }
}

ValueBuilder::Refusal ValueBuilder::end() {
  auto frame = std::move(frames_.back());
  frames_.pop_back();
  for (auto const& source : frame.merged) mergeInto(frame, source);
  auto value = frame.object ? Value::object(std::move(frame.members))
                            : Value::array(std::move(frame.elements));
  return place({std::move(value), frame.nodes, frame.depth});
}

bool ValueBuilder::wantsName() const noexcept {
  return !frames_.empty() && frames_.back().object && !frames_.back().name &&
         !frames_.back().merges;
}

}  // namespace kms_secretd::transform
