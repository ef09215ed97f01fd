// SPDX-License-Identifier: Apache-2.0
#include "config/secret_place.hpp"

#include <algorithm>

#include "config/kubernetes_syntax.hpp"

namespace kms_secretd::config {

namespace {

using Kind = sdk::SecretRef::Kind;

/// NAME_MAX of the file systems that systemd keeps credentials in.
constexpr std::size_t maxCredentialName = 255;

bool isVariable(std::string_view name) {
  auto const letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  auto const digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || digit(c); });
}

bool isCredentialName(std::string_view name) {
  return !name.empty() && name.size() <= maxCredentialName && name != "." && name != ".." &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '/'; });
}

std::optional<PlaceFault> inlineFault(std::string const& text, std::string const& refusal) {
  if (!refusal.empty()) {
    return PlaceFault{"an inline secret is refused: " + refusal,
                      "or keep it elsewhere: { file = } or { credential = }"};
  }
  if (text.empty()) return PlaceFault{"the inline secret is empty", "write it, or use { file = }"};
  return std::nullopt;
}

}  // namespace

std::optional<Kind> secretKind(std::string_view key) noexcept {
  if (key == "file") return Kind::file;
  if (key == "credential") return Kind::credential;
  if (key == "env") return Kind::environment;
  if (key == "inline") return Kind::inline_text;
  return std::nullopt;
}

// What stands in the place of a path may be the secret itself, put there by mistake: not shown.
std::optional<PlaceFault> secretPlaceFault(sdk::SecretRef const& ref,
                                           std::string const& inlineRefusal) {
  switch (ref.kind) {
    case Kind::file:
      if (auto const fault = absolutePathFault(ref.value)) {
        return PlaceFault{"the text after file " + *fault, "write the path from the / on"};
      }
      return std::nullopt;
    case Kind::credential:
      if (isCredentialName(ref.value)) return std::nullopt;
      return PlaceFault{"the text after credential is no name of a systemd credential",
                        "write the name that LoadCredential= gives it, without a path"};
    case Kind::environment:
      if (isVariable(ref.value)) return std::nullopt;
      return PlaceFault{"the text after env is no name of a variable",
                        "write the name of the variable, not its content"};
    case Kind::inline_text:
      return inlineFault(ref.value, inlineRefusal);
  }
  return std::nullopt;
}

}  // namespace kms_secretd::config
