// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "ctl/screen.hpp"

// The daemon's documents as people read them. Pure.
namespace kms_secretd::ctl {

/// One screen: health, cluster, stores, counts, and what is not well, the failing ones first.
void showStatus(Screen& screen, boost::json::object const& status);
/// One row for each target.
void showList(Screen& screen, boost::json::object const& targets);
/// All that is known of one target. `now`: of the daemon.
void showTarget(Screen& screen, boost::json::object const& target);

/// True if the daemon is ready and all that it looked at is in sync.
[[nodiscard]] bool allWell(boost::json::object const& status);

/// An object member, or an empty one.
[[nodiscard]] boost::json::object const& objectIn(boost::json::object const& object,
                                                  std::string_view name);
/// An array member, or an empty one.
[[nodiscard]] boost::json::array const& arrayIn(boost::json::object const& object,
                                                std::string_view name);
/// A text member, or empty.
[[nodiscard]] std::string textOf(boost::json::object const& object, std::string_view name);
/// The id of a target: "namespace/name", with "cluster:" before it unless that is the default one.
[[nodiscard]] std::string idText(boost::json::object const& target);
/// A number member, or 0.
[[nodiscard]] std::int64_t numberOf(boost::json::object const& object, std::string_view name);
/// "3 h", "12 min", "4 days": about how long it is from one time to another; both as the daemon
/// writes them. Empty where one is none.
[[nodiscard]] std::string spanBetween(std::string const& from, std::string const& to);

}  // namespace kms_secretd::ctl
