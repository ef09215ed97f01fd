// SPDX-License-Identifier: Apache-2.0
#include "kube/observed_codec.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace kms_secretd::kube {
namespace {

constexpr std::size_t maxNames = 4096;
constexpr std::size_t maxNameBytes = 253;

enum ObjectFlag : std::uint32_t { exists = 1, terminating = 2, namespaceAbsent = 4 };
enum EntryFlag : std::uint32_t {
  apply = 1,
  type = 2,
  wholeData = 4,
  wholeLabels = 8,
  wholeAnnotations = 16
};

// Digests and uids are most of what is packed: written in hexadecimal, they take half the room as
// bytes. A uid has dashes at four places.
enum Form : std::size_t { plain = 0, hexadecimal = 1, dashed = 2 };
constexpr std::string_view hexDigits = "0123456789abcdef";
constexpr std::size_t uidSize = 36;
constexpr std::array<std::size_t, 4> dashes{8, 13, 18, 23};

bool isHexDigit(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

unsigned valueOf(char hexDigit) noexcept {
  return static_cast<unsigned>(hexDigit <= '9' ? hexDigit - '0' : hexDigit - 'a' + 10);
}

bool isHexadecimal(std::string_view text) noexcept {
  return text.size() % 2 == 0 && std::ranges::all_of(text, isHexDigit);
}

std::string withoutDashes(std::string_view text) {
  std::string bare(text);
  for (auto at = dashes.rbegin(); at != dashes.rend(); ++at) bare.erase(*at, 1);
  return bare;
}

bool isDashed(std::string_view text) {
  return text.size() == uidSize &&
         std::ranges::all_of(dashes, [&](auto at) { return text[at] == '-'; }) &&
         isHexadecimal(withoutDashes(text));
}

std::uint32_t flagIf(bool set, std::uint32_t flag) noexcept { return set ? flag : 0U; }

class Packer {
 public:
  Packer(NameTable& names, PackedNames const& packed) : names_(names), packed_(packed) {
    out_.reserve(ordinarySize);
  }

  void number(std::size_t value) {
    while (value >= 0x80) {
      out_ += static_cast<char>(value | 0x80U);
      value >>= 7U;
    }
    out_ += static_cast<char>(value);
  }
  void text(std::string const& value) {
    auto const form = isHexadecimal(value) ? hexadecimal : isDashed(value) ? dashed : plain;
    number(value.size() * 4 + form);
    if (form == plain) {
      out_ += value;
    } else {
      bytes(form == dashed ? withoutDashes(value) : value);
    }
  }
  void name(std::string const& value) {
    auto const known = names_.number(value);
    number(known);
    if (known == 0) text(value);
  }
  void names(std::vector<std::string> const& all) {
    number(all.size());
    for (auto const& each : all) name(each);
  }
  void heldNames(std::vector<std::string> const& all) {
    number(static_cast<std::size_t>(std::ranges::count_if(all, packed_.held)));
    for (auto const& each : all) {
      if (packed_.held(each)) name(each);
    }
  }
  /// `value` writes what a key leads to: text(), or name() where few values differ.
  void map(std::map<std::string, std::string> const& members,
           void (Packer::*value)(std::string const&)) {
    auto const said = [&](auto const& member) { return packed_.said(member.first); };
    number(static_cast<std::size_t>(std::ranges::count_if(members, said)));
    for (auto const& [key, text] : members) {
      if (!packed_.said(key)) continue;
      name(key);
      (this->*value)(text);
    }
  }
  void entry(core::ManagedEntry const& entry) {
    number(flagIf(entry.apply, apply) | flagIf(entry.type, type) |
           flagIf(entry.wholeData, wholeData) | flagIf(entry.wholeLabels, wholeLabels) |
           flagIf(entry.wholeAnnotations, wholeAnnotations));
    name(entry.manager);
    names(entry.dataKeys);
    heldNames(entry.labels);
    heldNames(entry.annotations);
  }
  [[nodiscard]] std::string take() {
    out_.shrink_to_fit();
    return std::move(out_);
  }

 private:
  void bytes(std::string_view digits) {
    for (; !digits.empty(); digits.remove_prefix(2)) {
      out_ += static_cast<char>(valueOf(digits[0]) << 4U | valueOf(digits[1]));
    }
  }

  static constexpr std::size_t ordinarySize = 256;

  NameTable& names_;
  PackedNames const& packed_;
  std::string out_{};
};

// Reads what Packer wrote in this process: no check is needed.
class Unpacker {
 public:
  Unpacker(std::string_view packed, NameTable const& names) : packed_(packed), names_(names) {}

  std::size_t number() {
    std::size_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      auto const byte = static_cast<unsigned char>(packed_.front());
      packed_.remove_prefix(1);
      value |= static_cast<std::size_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
  }
  std::string text() {
    auto const written = number();
    auto const size = written / 4;
    auto const form = written % 4;
    if (form == hexadecimal) return digits(size);
    if (form == dashed) {
      auto value = digits(size - dashes.size());
      for (auto const at : dashes) value.insert(at, 1, '-');
      return value;
    }
    std::string value(packed_.substr(0, size));
    packed_.remove_prefix(size);
    return value;
  }
  std::string name() {
    auto const known = number();
    return known == 0 ? text() : names_.name(static_cast<std::uint32_t>(known));
  }
  std::vector<std::string> names() {
    std::vector<std::string> all(number());
    for (auto& each : all) each = name();
    return all;
  }
  std::map<std::string, std::string> map(std::string (Unpacker::*value)()) {
    std::map<std::string, std::string> members;
    for (auto left = number(); left != 0; --left) {
      auto key = name();
      members.emplace(std::move(key), (this->*value)());
    }
    return members;
  }
  core::ManagedEntry entry() {
    auto const flags = number();
    core::ManagedEntry entry;
    entry.apply = (flags & apply) != 0;
    entry.type = (flags & type) != 0;
    entry.wholeData = (flags & wholeData) != 0;
    entry.wholeLabels = (flags & wholeLabels) != 0;
    entry.wholeAnnotations = (flags & wholeAnnotations) != 0;
    entry.manager = name();
    entry.dataKeys = names();
    entry.labels = names();
    entry.annotations = names();
    return entry;
  }

 private:
  std::string digits(std::size_t size) {
    std::string value;
    value.reserve(size);
    for (auto const c : packed_.substr(0, size / 2)) {
      auto const byte = static_cast<unsigned char>(c);
      value += hexDigits[byte >> 4U];
      value += hexDigits[byte & 0x0FU];
    }
    packed_.remove_prefix(size / 2);
    return value;
  }

  std::string_view packed_;
  NameTable const& names_;
};

}  // namespace

std::uint32_t NameTable::number(std::string_view name) {
  if (auto const known = numbers_.find(name); known != numbers_.end()) return known->second;
  if (names_.size() >= maxNames || name.size() > maxNameBytes) return 0;
  names_.emplace_back(name);
  auto const number = static_cast<std::uint32_t>(names_.size());
  numbers_.emplace(names_.back(), number);
  return number;
}

std::string packObserved(core::Observed const& observed, NameTable& names,
                         PackedNames const& packed) {
  Packer packer(names, packed);
  packer.number(flagIf(observed.exists, exists) | flagIf(observed.terminating, terminating) |
                flagIf(observed.namespaceAbsent, namespaceAbsent));
  packer.text(observed.uid);
  packer.map(observed.labels, &Packer::name);  // ours: few values differ
  packer.map(observed.annotations, &Packer::text);
  packer.number(observed.managed.size());
  for (auto const& entry : observed.managed) packer.entry(entry);
  return packer.take();
}

core::Observed unpackObserved(std::string_view packed, NameTable const& names) {
  Unpacker unpacker(packed, names);
  core::Observed observed;
  auto const flags = unpacker.number();
  observed.exists = (flags & exists) != 0;
  observed.terminating = (flags & terminating) != 0;
  observed.namespaceAbsent = (flags & namespaceAbsent) != 0;
  observed.uid = unpacker.text();
  observed.labels = unpacker.map(&Unpacker::name);
  observed.annotations = unpacker.map(&Unpacker::text);
  observed.managed.resize(unpacker.number());
  for (auto& entry : observed.managed) entry = unpacker.entry();
  return observed;
}

}  // namespace kms_secretd::kube
