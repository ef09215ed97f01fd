// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <kms-secretd/backend.hpp>

namespace kms_secretd::backends {

inline constexpr std::size_t maxValueBytes = 1024 * 1024;  ///< what a Secret can hold at most
inline constexpr std::size_t maxIdBytes = 256;
inline constexpr std::size_t maxStages = 32;
inline constexpr std::size_t maxMessageBytes = 1024;
inline constexpr sdk::Milliseconds maxRetryAfter{24 * 3600 * 1000};

/// A backend's answer as the daemon may use it: nothing in it is trusted. A value over a limit, an
/// id that is not printable or an unknown data type becomes a failure (invalid_response) that names
/// secret and limit; texts of failures are made printable and cut, a kind that does not exist
/// becomes internal. `name` is the secret's. Any thread.
[[nodiscard]] sdk::Result<sdk::FetchedSecret> guardResult(sdk::Result<sdk::FetchedSecret> result,
                                                          std::string const& name);

/// The same for what probe() found; secrets that were not asked for are left out.
[[nodiscard]] sdk::Result<sdk::ProbeReport> guardReport(sdk::Result<sdk::ProbeReport> result,
                                                        sdk::ProbeRequest const& request);

}  // namespace kms_secretd::backends
