// SPDX-License-Identifier: Apache-2.0
#include "app/doctor/finding.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/json.hpp>

namespace kms_secretd::app::doctor {
namespace {

constexpr std::array<std::string_view, 12> order{
    "configuration", "files",      "memory", "dns",    "tls",   "clock",
    "identity",      "permission", "api",    "rights", "quota", "encryption"};

std::ptrdiff_t rankOf(std::string_view check) {
  return std::ranges::find(order, check) - order.begin();
}

}  // namespace

char const* nameOf(Level level) noexcept {
  switch (level) {
    case Level::good:
      return "good";
    case Level::hint:
      return "hint";
    case Level::warning:
      return "warning";
    case Level::bad:
      return "bad";
  }
  return "bad";
}

std::vector<Finding> Findings::sorted() const {
  auto findings = all_;
  std::ranges::stable_sort(findings, {}, [](auto const& each) { return rankOf(each.check); });
  return findings;
}

std::string jsonText(std::vector<Finding> const& findings) {
  boost::json::array checks;
  for (auto const& finding : findings) {
    checks.push_back(boost::json::object{{"check", finding.check},
                                         {"level", nameOf(finding.level)},
                                         {"what", finding.what},
                                         {"do", finding.remedy}});
  }
  return boost::json::serialize(boost::json::object{{"checks", std::move(checks)}}) + "\n";
}

}  // namespace kms_secretd::app::doctor
