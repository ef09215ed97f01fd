// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

namespace kms_secretd::platform {

/// Sends one entry to systemd's journal; each field is "NAME=value". Without a journal the entry is
/// lost. Any thread.
void sendToJournal(std::span<std::string const> fields) noexcept;

/// True if standard error is connected to the journal (systemd's $JOURNAL_STREAM).
[[nodiscard]] bool standardErrorIsJournal() noexcept;

}  // namespace kms_secretd::platform
