// SPDX-License-Identifier: Apache-2.0
// Alert rules, dashboard and documentation name metrics: those that are written, and no others.
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <CppUTest/TestHarness.h>

#include "control/metrics_text.hpp"
#include "unit/control/example.hpp"

using namespace kms_secretd::control;

namespace {

std::string fileText(std::string const& path) {
  std::ifstream file(std::string(KMS_SECRETD_SOURCE) + "/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> found(std::string const& text, char const* pattern) {
  std::regex const expression(pattern);
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

std::set<std::string> written() {
  return found(metricsText(exampleSnapshot()), "# TYPE kms_secretd_([a-z_]+)");
}

void checkNames(char const* path) {
  auto const names = written();
  auto const used = found(fileText(path), "kms_secretd_([a-z_]+)");
  CHECK_TRUE(used.size() > 5);
  for (auto name : used) {
    if (name.ends_with("_bucket")) name.resize(name.size() - std::string("_bucket").size());
    CHECK_TEXT(names.contains(name), (std::string(path) + ": " + name).c_str());
  }
}

}  // namespace

TEST_GROUP(Monitoring){};

TEST(Monitoring, AlertsAndDashboardNameMetricsThatAreWritten) {
  checkNames("packaging/monitoring/alerts.yaml");
  checkNames("packaging/monitoring/grafana-dashboard.json");
}

TEST(Monitoring, TheDocumentationListsEveryMetricAndNoOther) {
  auto const page = fileText("docs/operate.md");
  auto const table = page.substr(page.find("| metric |"));
  std::set<std::string> listed;
  for (auto const& cell : found(table, "\n\\| (`[^|]+`) \\|")) {
    for (auto const& name : found(cell, "`([a-z_]+)`")) listed.insert(name);
  }
  auto const names = written();
  for (auto const& name : names) CHECK_TEXT(listed.contains(name), name.c_str());
  for (auto const& name : listed) CHECK_TEXT(names.contains(name), name.c_str());
}
