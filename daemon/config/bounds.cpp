// SPDX-License-Identifier: Apache-2.0
#include "config/bounds.hpp"

#include "config/option_views.hpp"
#include "core/quantities.hpp"

namespace kms_secretd::config {

std::string leafOf(std::string const& path) {
  auto const dot = path.rfind('.');
  return dot == std::string::npos ? path : path.substr(dot + 1);
}

sdk::Options const& holderOf(sdk::Options const& options, std::string const& path) {
  auto const dot = path.rfind('.');
  return dot == std::string::npos ? options : tableOf(options, path.substr(0, dot));
}

void checkBounds(CheckedTable const& table, std::string const& path, DurationBounds bounds,
                 Findings& findings) {
  auto const& holder = holderOf(table.options, path);
  auto const leaf = leafOf(path);
  if (!holder.has(leaf)) return;
  auto const value = holder.duration(leaf);
  if (value >= bounds.least && value <= bounds.most) return;
  findings.error(table.originOf(path), shown(leaf) + " is " + core::durationText(value),
                 "it must lie between " + core::durationText(bounds.least) + " and " +
                     core::durationText(bounds.most));
}

void checkBounds(CheckedTable const& table, std::string const& path, IntegerBounds bounds,
                 Findings& findings) {
  auto const& holder = holderOf(table.options, path);
  auto const leaf = leafOf(path);
  if (!holder.has(leaf)) return;
  auto const value = holder.integer(leaf);
  if (value >= bounds.least && value <= bounds.most) return;
  findings.error(table.originOf(path), shown(leaf) + " is " + std::to_string(value),
                 "it must lie between " + std::to_string(bounds.least) + " and " +
                     std::to_string(bounds.most));
}

}  // namespace kms_secretd::config
