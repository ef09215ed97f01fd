// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "control/view.hpp"

namespace kms_secretd::control {

/// The Content-Type of the format.
inline constexpr char const* metricsType = "text/plain; version=0.0.4; charset=utf-8";

/// Prometheus' text format, made at scrape time: what no longer is defined has no series. The names
/// are an interface: they are listed in docs/operate.md and never change. Pure; any thread.
[[nodiscard]] std::string metricsText(Snapshot const& snapshot);

}  // namespace kms_secretd::control
