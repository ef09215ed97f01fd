// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kms_secretd::emulator {

/// Decoded parameters in the order of the wire.
using Params = std::vector<std::pair<std::string, std::string>>;

/// Keeps `A-Z a-z 0-9 - _ . ~`, everything else becomes `%XX` (KMS protocol, V3 signing, "enc").
std::string percentEncode(std::string_view text);

/// Undoes percent-encoding, `+` is a space; nothing if a `%` is not followed by two hex digits.
std::optional<std::string> percentDecode(std::string_view text);

/// Parses `a=b&c=d` of a query or of a form body; nothing if the encoding is broken.
std::optional<Params> parseParams(std::string_view text);

/// The first parameter of that name, or null.
const std::string* findParam(const Params& params, std::string_view name);

/// Sorted by name and encoded: `enc(name)=enc(value)` joined by `&`.
std::string canonicalParams(Params params);

std::string toLower(std::string_view text);
/// Without spaces and tabs at both ends.
std::string_view trim(std::string_view text);
/// Pieces between separators; an empty text has one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace kms_secretd::emulator
