// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <system_error>

#include <kms-secretd/plugin.hpp>

namespace {
using namespace kms_secretd::sdk;
constexpr OptionDeclaration fileOptions[] = {
    {"directory", OptionType::string, true, nullptr,
     "Absolute path; the name of a secret is a path beneath it.", nullptr, nullptr, 0}};

struct Opened {
  ~Opened() { ::close(fd); }
  int fd;
};

/// Only what a change of the configuration would mend is invalid_request; doubt is unavailable.
FailureKind kindOf(int error) {
  if (error == ENOENT || error == ENOTDIR) return FailureKind::not_found;
  if (error == EACCES) return FailureKind::permission_denied;
  auto const never = error == EXDEV || error == ELOOP || error == ENAMETOOLONG || error == ENXIO;
  return never ? FailureKind::invalid_request : FailureKind::unavailable;
}

/// Equal texts = the same file, unchanged.
std::string versionOf(struct stat const& facts) {
  return std::to_string(facts.st_mtim.tv_sec) + "." + std::to_string(facts.st_mtim.tv_nsec) + "-" +
         std::to_string(facts.st_size) + "-" + std::to_string(facts.st_ino);
}

/// Each secret is a file beneath one directory: one version, no stages. Any thread.
class FileBackend final : public Backend {
 public:
  FileBackend(Options const& options, Host& host)
      : clock_(host.clock()), directory_(options.text("directory")) {
    if (!directory_.starts_with('/')) throw OptionError("directory", "must be an absolute path");
  }
  Result<FetchedSecret> fetch(FetchRequest const& request) noexcept override {
    return guarded([&] { return read(request); });
  }

 private:
  Result<FetchedSecret> read(FetchRequest const& request) const {
    auto const fail = [&](FailureKind kind, std::string const& why) {
      return Failure{.kind = kind, .message = directory_ + "/" + request.name + ": " + why};
    };
    if (clock_.boot() >= request.deadline) return fail(FailureKind::timed_out, "out of time");
    if (request.name.find('\0') != std::string::npos || !request.versionStage.empty())
      return fail(FailureKind::invalid_request, "files have no stages, and no NUL in their names");
    Opened const root{::open(directory_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (root.fd < 0) return fail(FailureKind::unavailable, "the directory cannot be opened");
    open_how how{O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    auto const opened = ::syscall(SYS_openat2, root.fd, request.name.c_str(), &how, sizeof how);
    if (opened < 0) return fail(kindOf(errno), std::system_category().message(errno));
    Opened const file{static_cast<int>(opened)};
    struct stat facts {};
    if (::fstat(file.fd, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size > 1 << 20)
      return fail(FailureKind::invalid_request, "must be a regular file of at most 1 MiB");
    FetchedSecret secret{.versionId = versionOf(facts)};
    if (!request.versionId.empty() && request.versionId != secret.versionId)
      return fail(FailureKind::not_found, "the file has another version now");
    secret.value.resize(static_cast<std::size_t>(facts.st_size));
    auto const got = ::pread(file.fd, secret.value.writable(), secret.value.size(), 0);
    if (got != facts.st_size || ::fstat(file.fd, &facts) || versionOf(facts) != secret.versionId)
      return fail(FailureKind::unavailable, "changed while it was read; write files by rename");
    return secret;
  }
  Clock const& clock_;
  std::string directory_;
};
}  // namespace

KMS_SECRETD_PLUGIN(FileBackend, "file", "1.0.0", 64, fileOptions);
