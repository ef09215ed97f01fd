// SPDX-License-Identifier: Apache-2.0
#include "platform/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "platform/unique_fd.hpp"

namespace kms_secretd::platform {
namespace {

constexpr std::size_t pieceSize = 4 * 1024;  // secrets are small, and all of it is wiped
constexpr int attempts = 3;

sdk::FailureKind kindOf(int error) noexcept {
  if (error == ENOENT || error == ENOTDIR) return sdk::FailureKind::not_found;
  if (error == EACCES || error == EPERM) return sdk::FailureKind::permission_denied;
  return sdk::FailureKind::internal;
}

std::string remedyFor(int error) {
  if (error == ENOENT || error == ENOTDIR) return "create it or correct the path";
  if (error == EACCES || error == EPERM) {
    return "allow the daemon's user to read the file and to enter its directories";
  }
  if (error == EMFILE || error == ENFILE) return "raise LimitNOFILE";
  if (error == ENOSPC || error == EDQUOT) return "free some space";
  if (error == EROFS) return "write to a directory that the unit may write to";
  return "check the file system";
}

sdk::Failure failed(std::string const& path, char const* doing, int error) {
  return {.kind = kindOf(error),
          .code = {},
          .message = std::string("cannot ") + doing + " " + path + ": " +
                     std::generic_category().message(error) + "; " + remedyFor(error)};
}

sdk::Failure notRegular(std::string const& path, ::mode_t mode) {
  char const* const what = S_ISDIR(mode) ? "a directory" : "not a regular file";
  return {.kind = sdk::FailureKind::invalid_request,
          .code = {},
          .message = path + " is " + what + "; give the path of a regular file"};
}

sdk::Failure tooLarge(std::string const& path, std::size_t maxBytes) {
  return {.kind = sdk::FailureKind::invalid_request,
          .code = {},
          .message = path + " is larger than the " + std::to_string(maxBytes) +
                     " bytes allowed; check that it is the right file"};
}

std::int64_t nanoseconds(timespec const& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileFacts factsOf(struct ::stat const& status) noexcept {
  return {.identity = {.device = status.st_dev,
                       .inode = status.st_ino,
                       .size = static_cast<std::uint64_t>(status.st_size),
                       .modifiedNanoseconds = nanoseconds(status.st_mtim),
                       .changedNanoseconds = nanoseconds(status.st_ctim)},
          .owner = status.st_uid,
          .group = status.st_gid,
          .mode = status.st_mode & 07777};
}

sdk::Result<FileFacts> inspectOpen(int fd, std::string const& path) {
  struct ::stat status {};
  if (::fstat(fd, &status) != 0) return failed(path, "inspect", errno);
  if (!S_ISREG(status.st_mode)) return notRegular(path, status.st_mode);
  return factsOf(status);
}

// Reads to the end of `fd`, whatever size was announced: files in /proc announce none.
std::optional<sdk::Failure> readAll(int fd, std::string const& path, std::size_t maxBytes,
                                    sdk::SecretBytes& into) {
  sdk::SecretBytes piece;
  piece.resize(pieceSize);
  for (;;) {
    ssize_t const got = ::read(fd, piece.writable(), pieceSize);
    if (got == 0) return std::nullopt;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "read", errno);
    into.append(piece.reveal().substr(0, static_cast<std::size_t>(got)));
    if (into.size() > maxBytes) return tooLarge(path, maxBytes);
  }
}

struct Attempt {
  sdk::SecretBytes bytes{};
  bool steady = false;  ///< nobody wrote to the file meanwhile
};

sdk::Result<Attempt> readOnce(std::string const& path, std::size_t maxBytes) {
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return failed(path, "open", errno);
  auto const before = inspectOpen(file.get(), path);
  if (!before) return before.failure();
  if (before.value().identity.size > maxBytes) return tooLarge(path, maxBytes);
  Attempt attempt;
  attempt.bytes.reserve(before.value().identity.size);
  if (auto failure = readAll(file.get(), path, maxBytes, attempt.bytes)) return *std::move(failure);
  auto const after = inspectOpen(file.get(), path);
  if (!after) return after.failure();
  attempt.steady = before.value().identity == after.value().identity;
  return attempt;
}

std::optional<sdk::Failure> writeAll(int fd, std::string const& path, std::string_view content) {
  while (!content.empty()) {
    ssize_t const written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path, "write", errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return std::nullopt;
}

std::optional<sdk::Failure> fill(int fd, std::string const& path, std::string_view content,
                                 ::mode_t mode) {
  if (auto failure = writeAll(fd, path, content)) return failure;
  if (::fchmod(fd, mode) != 0) return failed(path, "set the mode of", errno);
  if (::fsync(fd) != 0) return failed(path, "sync", errno);
  return std::nullopt;
}

// Without it the rename itself may be lost in a crash; a failure costs only that.
void syncDirectoryOf(std::string const& path) noexcept {
  auto const slash = path.rfind('/');
  std::string const directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  UniqueFd const opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened) [[maybe_unused]]
    auto const ignored = ::fsync(opened.get());
}

}  // namespace

sdk::Result<FileFacts> inspectFile(std::string const& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) return failed(path, "inspect", errno);
  if (!S_ISREG(status.st_mode)) return notRegular(path, status.st_mode);
  return factsOf(status);
}

sdk::Result<sdk::SecretBytes> readSecretFile(std::string const& path, std::size_t maxBytes) {
  for (int attempt = 1;; ++attempt) {
    auto read = readOnce(path, maxBytes);
    if (!read) return read.failure();
    if (read.value().steady || attempt == attempts) return std::move(read.value().bytes);
  }
}

sdk::Result<std::string> readTextFile(std::string const& path, std::size_t maxBytes) {
  auto const bytes = readSecretFile(path, maxBytes);
  if (!bytes) return bytes.failure();
  return std::string(bytes.value().reveal());
}

std::optional<sdk::Failure> writeFileAtomically(std::string const& path, std::string_view content,
                                                ::mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  UniqueFd file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) return failed(path, "create a file beside", errno);
  auto failure = fill(file.get(), path, content, mode);
  if (!failure && ::rename(temporary.c_str(), path.c_str()) != 0) {
    failure = failed(path, "replace", errno);
  }
  if (failure) {
    ::unlink(temporary.c_str());
  } else {
    syncDirectoryOf(path);
  }
  return failure;
}

}  // namespace kms_secretd::platform
