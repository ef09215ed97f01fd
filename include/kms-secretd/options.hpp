// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kms_secretd::sdk {

/// What an option may hold. Append only.
enum class OptionType : std::uint8_t {
  string,       ///< text
  boolean,      ///< true or false
  integer,      ///< 64-bit signed
  duration,     ///< text such as "120s", "5m", "1h30m", "250ms"
  size,         ///< text such as "512KiB", "1MiB", or a plain number of bytes
  enumeration,  ///< one of `choices`
  secret,      ///< where a secret comes from: { file = }, { credential = }, { env = }, { inline = }
  list,        ///< list of text
  table,       ///< nested options (`members`)
  table_list,  ///< list of nested options (`members`)
};

/// Declares one option: whoever reads an option declares it. Plain data: crosses the boundary in
/// the plugin's descriptor; validation and the reference page are made from it. All pointers have
/// static lifetime.
struct OptionDeclaration {
  char const* name;            ///< the TOML key, snake_case
  OptionType type;             ///< what it may hold
  bool required;               ///< must be given; then `defaultText` is null
  char const* defaultText;     ///< as one would write it in TOML (text without quotes); null = none
  char const* help;            ///< one line for the reference page
  char const* const* choices;  ///< enumeration: null-terminated list; else null
  OptionDeclaration const* members;  ///< table and table_list: the nested options; else null
  std::uint32_t memberCount;         ///< number of `members`
};

/// Where a secret comes from; the host reads it, see Host::openSecretSource.
struct SecretRef {
  enum class Kind : std::uint8_t { file, credential, environment, inline_text };
  Kind kind = Kind::file;
  std::string value{};  ///< path, credential name, variable name, or the text itself

  friend bool operator==(SecretRef const&, SecretRef const&) = default;
};

class OptionValue;

/// Option values after validation: every declared option with a default is present, types are
/// those declared. Immutable once handed out; copies are cheap enough for start-up.
class Options {
 public:
  /// Sets or replaces one value (the host and tests do; a backend only reads).
  void set(std::string name, OptionValue value);
  /// The value of `name`, or null if it was not given and has no default.
  [[nodiscard]] OptionValue const* find(std::string_view name) const noexcept;
  /// All of them, by name.
  [[nodiscard]] std::map<std::string, OptionValue, std::less<>> const& values() const noexcept {
    return values_;
  }
  /// True if `name` was given or has a default.
  [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }

  /// Typed access. The option must be declared with that type (a bug otherwise); where it is
  /// absent the value-initialised value is returned.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] std::int64_t integer(std::string_view name) const;  ///< also sizes, in bytes
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view name) const;
  [[nodiscard]] SecretRef secret(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  [[nodiscard]] Options table(std::string_view name) const;
  [[nodiscard]] std::vector<Options> tables(std::string_view name) const;

  friend bool operator==(Options const&, Options const&);

 private:
  template <class T>
  [[nodiscard]] T get(std::string_view name) const;
  std::map<std::string, OptionValue, std::less<>> values_;
};

/// One value of any option type (enumerations are text; a table is a list of one).
class OptionValue {
 public:
  using Variant = std::variant<std::string, bool, std::int64_t, std::chrono::milliseconds,
                               SecretRef, std::vector<std::string>, std::vector<Options>>;
  OptionValue(Variant value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  /// The value as the variant that it is.
  [[nodiscard]] Variant const& variant() const noexcept { return value_; }
  friend bool operator==(OptionValue const&, OptionValue const&) = default;

 private:
  Variant value_;
};

inline bool operator==(Options const& a, Options const& b) { return a.values_ == b.values_; }

inline void Options::set(std::string name, OptionValue value) {
  values_.insert_or_assign(std::move(name), std::move(value));
}

inline OptionValue const* Options::find(std::string_view name) const noexcept {
  auto const at = values_.find(name);
  return at == values_.end() ? nullptr : &at->second;
}

template <class T>
T Options::get(std::string_view name) const {
  auto const* value = find(name);
  if (value == nullptr) return T{};
  auto const* typed = std::get_if<T>(&value->variant());
  assert(typed != nullptr && "option read with another type than declared");
  return typed == nullptr ? T{} : *typed;
}

inline std::string Options::text(std::string_view name) const { return get<std::string>(name); }
inline bool Options::boolean(std::string_view name) const { return get<bool>(name); }
inline std::int64_t Options::integer(std::string_view name) const {
  return get<std::int64_t>(name);
}
inline std::chrono::milliseconds Options::duration(std::string_view name) const {
  return get<std::chrono::milliseconds>(name);
}
inline SecretRef Options::secret(std::string_view name) const { return get<SecretRef>(name); }
inline std::vector<std::string> Options::list(std::string_view name) const {
  return get<std::vector<std::string>>(name);
}
inline std::vector<Options> Options::tables(std::string_view name) const {
  return get<std::vector<Options>>(name);
}
inline Options Options::table(std::string_view name) const {
  auto all = tables(name);
  return all.empty() ? Options{} : std::move(all.front());
}

}  // namespace kms_secretd::sdk
