// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kms_secretd::tests {

/// The line after which the generated part of docs/troubleshoot.md begins, and the one that ends
/// it.
inline constexpr char const* eventsBegin =
    "<!-- generated from daemon/report/events.cpp by events-doc: begin -->\n";
inline constexpr char const* eventsEnd = "<!-- generated: end -->\n";

/// systemd/kms-secretd.catalog: what `journalctl -x` says below a line of each event.
[[nodiscard]] std::string journalCatalogue();

/// docs/troubleshoot.md with its table of events made anew. Throws std::runtime_error where the
/// marks are missing.
[[nodiscard]] std::string withEvents(std::string const& page);

}  // namespace kms_secretd::tests
