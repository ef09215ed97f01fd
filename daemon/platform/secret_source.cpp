// SPDX-License-Identifier: Apache-2.0
#include "platform/secret_source.hpp"

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "platform/clock.hpp"
#include "platform/file_mark.hpp"
#include "platform/files.hpp"
#include "platform/guarded.hpp"
#include "platform/keyed_digest.hpp"

namespace kms_secretd::platform {
namespace {

constexpr std::size_t maxSecretBytes = 1024 * 1024;

sdk::Failure failure(sdk::FailureKind kind, std::string message) {
  return {.kind = kind, .code = {}, .message = std::move(message)};
}

/// Counts how often a file's content changed without keeping it.
class Generations {
 public:
  /// Of what was read; `mark` was taken before.
  std::uint64_t of(sdk::SecretBytes const& bytes, std::optional<FileMark> const& mark) {
    auto const digest = digest_.of(bytes.reveal());
    auto seen = seen_.lock();
    if (seen->last != digest) {
      seen->last = digest;
      ++seen->count;
    }
    seen->mark = mark;
    return seen->count;
  }

  /// Nothing = only reading tells.
  std::optional<std::uint64_t> unread(std::string const& path) {
    auto seen = seen_.lock();
    if (!seen->mark || !seen->mark->holds(path)) return std::nullopt;
    return seen->count;
  }

 private:
  struct Seen {
    std::optional<KeyedDigest::Value> last{};
    std::optional<FileMark> mark{};
    std::uint64_t count = 0;
  };
  KeyedDigest digest_;
  Guarded<Seen> seen_{};
};

/// A file or a systemd credential, which is a file too; `label` names it in messages.
class FileSource final : public sdk::SecretSource {
 public:
  FileSource(std::string path, std::string label)
      : path_(std::move(path)), label_(std::move(label)) {}

  sdk::Result<sdk::SecretReading> read() noexcept override {
    auto const mark = FileMark::of(path_, SystemClock().wall());
    auto bytes = readSecretFile(path_, maxSecretBytes);
    if (!bytes) return named(std::move(bytes.failure()));
    if (bytes.value().empty()) {
      return failure(sdk::FailureKind::not_found, label_ + ": the file is empty; write the secret");
    }
    std::uint64_t const generation = generations_.of(bytes.value(), mark);
    return sdk::SecretReading{std::move(bytes).value(), generation};
  }

  sdk::Result<std::uint64_t> generation() noexcept override {
    if (auto const unread = generations_.unread(path_)) return *unread;
    return SecretSource::generation();
  }

 private:
  [[nodiscard]] sdk::Failure named(sdk::Failure found) const {
    // The SDK promises three kinds only; a directory or a giant is none that a retry would mend.
    if (found.kind == sdk::FailureKind::invalid_request) found.kind = sdk::FailureKind::internal;
    found.message = label_ + ": " + found.message;
    return found;
  }

  std::string path_;
  std::string label_;
  Generations generations_;
};

/// A variable of the daemon's environment; it cannot change while the daemon runs.
class EnvironmentSource final : public sdk::SecretSource {
 public:
  explicit EnvironmentSource(std::string name) : name_(std::move(name)) {}

  sdk::Result<sdk::SecretReading> read() noexcept override {
    char const* const value = std::getenv(name_.c_str());
    if (value == nullptr || *value == '\0') {
      return failure(sdk::FailureKind::not_found,
                     "the environment variable " + name_ +
                         " is not set or empty; set it in the unit and restart the daemon");
    }
    return sdk::SecretReading{sdk::SecretBytes(value), 1};
  }

 private:
  std::string name_;
};

/// Text from the configuration.
class InlineSource final : public sdk::SecretSource {
 public:
  explicit InlineSource(std::string_view text) : text_(text) {}
  sdk::Result<sdk::SecretReading> read() noexcept override {
    return sdk::SecretReading{text_.clone(), 1};
  }

 private:
  sdk::SecretBytes text_;
};

using Opened = sdk::Result<std::unique_ptr<sdk::SecretSource>>;

Opened openFile(std::string const& path) {
  if (path.empty() || path.front() != '/') {
    return failure(sdk::FailureKind::invalid_request,
                   "the secret's file \"" + path + "\" is not an absolute path");
  }
  return Opened(std::make_unique<FileSource>(path, "secret file"));
}

Opened openCredential(std::string const& name) {
  if (name.empty() || name.find('/') != std::string::npos || name == "." || name == "..") {
    return failure(sdk::FailureKind::invalid_request,
                   "\"" + name + "\" is no credential name; give it as in LoadCredential=");
  }
  char const* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || *directory == '\0') {
    return failure(sdk::FailureKind::not_found,
                   "there are no systemd credentials (CREDENTIALS_DIRECTORY is not set) for \"" +
                       name + "\"; add LoadCredential= to the unit or use { file = }");
  }
  return Opened(std::make_unique<FileSource>(std::string(directory) + "/" + name,
                                             "systemd credential \"" + name + "\""));
}

Opened openEnvironment(std::string const& name) {
  if (name.empty() || name.find('=') != std::string::npos) {
    return failure(sdk::FailureKind::invalid_request,
                   "\"" + name + "\" is no name of an environment variable");
  }
  return Opened(std::make_unique<EnvironmentSource>(name));
}

Opened openInline(std::string const& text) {
  if (text.empty()) {
    return failure(sdk::FailureKind::invalid_request, "the inline secret is empty");
  }
  return Opened(std::make_unique<InlineSource>(text));
}

Opened open(sdk::SecretRef const& ref) {
  switch (ref.kind) {
    case sdk::SecretRef::Kind::file:
      return openFile(ref.value);
    case sdk::SecretRef::Kind::credential:
      return openCredential(ref.value);
    case sdk::SecretRef::Kind::environment:
      return openEnvironment(ref.value);
    case sdk::SecretRef::Kind::inline_text:
      return openInline(ref.value);
  }
  return failure(sdk::FailureKind::invalid_request, "unknown kind of secret source");
}

}  // namespace

sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
    sdk::SecretRef const& ref) noexcept {
  try {
    return open(ref);
  } catch (std::exception const& error) {
    return failure(sdk::FailureKind::internal, error.what());
  }
}

}  // namespace kms_secretd::platform
