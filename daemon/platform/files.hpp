// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::platform {

/// Which file, in which state: unequal identities mean that the file was written or replaced.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modifiedNanoseconds = 0;  ///< since 1970
  std::int64_t changedNanoseconds = 0;   ///< of the inode; catches a reset modification time
  friend bool operator==(FileIdentity const&, FileIdentity const&) = default;
};

/// What stat says of a regular file.
struct FileFacts {
  FileIdentity identity{};
  ::uid_t owner = 0;
  ::gid_t group = 0;
  ::mode_t mode = 0;  ///< permission bits only
};

/// Facts of the regular file at `path` (links are followed). Fails with not_found,
/// permission_denied or internal; the message names the path and the remedy. Any thread, as all
/// functions here.
[[nodiscard]] sdk::Result<FileFacts> inspectFile(std::string const& path);

/// The whole file, at most `maxBytes`; a larger one is refused (invalid_request), as is anything
/// that is not a regular file. Never blocks on a FIFO. A file that is replaced while it is read is
/// read again, up to three times.
[[nodiscard]] sdk::Result<sdk::SecretBytes> readSecretFile(std::string const& path,
                                                           std::size_t maxBytes);

/// As readSecretFile, for files without secrets.
[[nodiscard]] sdk::Result<std::string> readTextFile(std::string const& path, std::size_t maxBytes);

/// Writes `content` beside `path`, syncs it and renames it over `path`: readers see the old file or
/// the new one. `mode` as for open, not narrowed by the umask. Nothing = done.
[[nodiscard]] std::optional<sdk::Failure> writeFileAtomically(std::string const& path,
                                                              std::string_view content,
                                                              ::mode_t mode);

}  // namespace kms_secretd::platform
