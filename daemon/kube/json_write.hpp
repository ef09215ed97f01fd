// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::kube {

/// Writes compact JSON straight into wiped memory: a value becomes base64 in its final place, no
/// string in between. The caller calls in an order that makes JSON (a bug otherwise). What it
/// writes is YAML 1.1 too, for a server reads an apply body as YAML: characters that YAML folds or
/// refuses are escaped, the others stay as they are, and no surrogate pair is written.
/// One thread.
class JsonWriter {
 public:
  /// Makes room for `expected` bytes, so that a good guess is the only allocation.
  explicit JsonWriter(std::size_t expected) { out_.reserve(expected); }

  JsonWriter& beginObject();
  JsonWriter& endObject();
  JsonWriter& beginArray();
  JsonWriter& endArray();
  /// A member's name; its value follows.
  JsonWriter& key(std::string_view name);
  /// Text; bytes that are not UTF-8 become U+FFFD.
  JsonWriter& text(std::string_view value);
  JsonWriter& number(long long value);
  JsonWriter& null();
  /// Bytes as base64 text.
  JsonWriter& base64(std::string_view bytes);
  /// JSON that is written already.
  JsonWriter& raw(std::string_view json);
  /// key() and text() in one.
  JsonWriter& member(std::string_view name, std::string_view value);

  /// What was written; the writer is spent.
  [[nodiscard]] sdk::SecretBytes take() { return std::move(out_); }

 private:
  void separate();
  void quoted(std::string_view value);

  sdk::SecretBytes out_;
  bool needsComma_ = false;
};

}  // namespace kms_secretd::kube
