// SPDX-License-Identifier: Apache-2.0
// A few lines of protobuf by hand: the emulator shares no code, and no library, with what it tests.
#include "emulator/instance/messages.hpp"

#include <array>
#include <cstdint>

namespace kms_secretd::emulator {
namespace {

constexpr std::uint64_t kVarint = 0;
constexpr std::uint64_t kLengthDelimited = 2;

constexpr std::array<std::string_view, 13> kResponseFields = {
    "SecretName",       "SecretType",       "SecretData",     "SecretDataType",
    "VersionStages",    "VersionId",        "CreateTime",     "RequestId",
    "LastRotationDate", "NextRotationDate", "ExtendedConfig", "AutomaticRotation",
    "RotationInterval"};

// Reads from the front of a message; broken once, broken for ever.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  bool more() const { return good_ && !rest_.empty(); }
  bool good() const { return good_; }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned int shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = bytes(1);
      if (!good_) return 0;
      const auto bits = static_cast<unsigned char>(byte.front());
      value |= static_cast<std::uint64_t>(bits & 0x7FU) << shift;
      if ((bits & 0x80U) == 0) return value;
    }
    good_ = false;
    return 0;
  }

  std::string_view bytes(std::uint64_t count) {
    if (!good_ || count > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return out;
  }

  void skip(std::uint64_t wireType) {
    switch (wireType) {
      case kVarint:
        varint();
        break;
      case 1:
        bytes(8);
        break;
      case kLengthDelimited:
        bytes(varint());
        break;
      case 5:
        bytes(4);
        break;
      default:
        good_ = false;
    }
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

void addVarint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80U);
    value >>= 7U;
  }
  out += static_cast<char>(value);
}

void addText(std::string& out, std::uint64_t field, std::string_view text) {
  addVarint(out, field << 3U | kLengthDelimited);
  addVarint(out, text.size());
  out += text;
}

std::string_view nameOfText(std::uint64_t field) {
  if (field == 1) return "SecretName";
  if (field == 2) return "VersionStage";
  return field == 3 ? "VersionId" : "";
}

bool readField(Reader& reader, Params& params) {
  const std::uint64_t tag = reader.varint();
  const std::uint64_t field = tag >> 3U;
  const std::uint64_t wireType = tag & 7U;
  if (field == 0) return false;
  const std::string_view name = nameOfText(field);
  if (!name.empty()) {
    if (wireType != kLengthDelimited) return false;
    params.emplace_back(name, reader.bytes(reader.varint()));
  } else if (field == 4) {
    if (wireType != kVarint) return false;
    params.emplace_back("FetchExtendedConfig", reader.varint() != 0 ? "true" : "false");
  } else {
    reader.skip(wireType);
  }
  return reader.good();
}

}  // namespace

std::optional<Params> decodeGetSecretValue(std::string_view body) {
  Params params;
  Reader reader(body);
  while (reader.more()) {
    if (!readField(reader, params)) return std::nullopt;
  }
  return params;
}

std::string encodeSecretValue(const boost::json::object& members) {
  std::string out;
  for (std::size_t i = 0; i < kResponseFields.size(); ++i) {
    const boost::json::value* value = members.if_contains(kResponseFields[i]);
    if (value == nullptr) continue;
    if (value->is_string()) {
      addText(out, i + 1, value->get_string());
    } else {  // VersionStages: flat here, an object around a list in JSON
      for (const auto& stage : value->at("VersionStage").as_array()) {
        addText(out, i + 1, stage.as_string());
      }
    }
  }
  return out;
}

std::string encodeError(const ApiError& error, const std::string& requestId) {
  std::string out;
  addVarint(out, 1U << 3U | kVarint);
  addVarint(out, static_cast<std::uint64_t>(error.status));
  addText(out, 2, error.code);
  addText(out, 3, error.message);
  addText(out, 4, requestId);
  return out;
}

}  // namespace kms_secretd::emulator
