// SPDX-License-Identifier: Apache-2.0
#include "platform/journal.hpp"

#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace kms_secretd::platform {

void sendToJournal(std::span<std::string const> fields) noexcept {
  std::vector<iovec> parts;
  parts.reserve(fields.size());
  for (auto const& field : fields) {
    parts.push_back({.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()});
  }
  sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
}

bool standardErrorIsJournal() noexcept {
  auto const* const stream = std::getenv("JOURNAL_STREAM");
  struct stat facts {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &facts) != 0) return false;
  return stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

}  // namespace kms_secretd::platform
