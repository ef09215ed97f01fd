// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ctl/approve.hpp"
#include "ctl/client.hpp"
#include "ctl/make_login.hpp"
#include "ctl/plan.hpp"
#include "ctl/sync.hpp"

namespace kms_secretd::ctl {

/// What the command line says, whatever the command.
struct Options {
  std::string socket{};     ///< of the daemon
  std::string daemon{};     ///< its program
  std::string config{};     ///< its configuration
  std::string pluginDir{};  ///< its plugins; empty = the installed ones
  std::string output = "table";
  std::string target{};
  std::string cluster{};  ///< rbac: only this one; empty = all
  std::string shell{};
  std::vector<std::string> files{};  ///< whatever there may be several of
  bool showValues = false;
  SyncWish sync{};
  ApproveWish approve{};
  PlanWish plan{};
  LoginWish login{};
  bool fromCluster = false;     ///< import: from login.admin's cluster
  std::string namespaceName{};  ///< import: only of this one

  [[nodiscard]] Client client() const { return Client(socket); }
};

// One function for each command; the exit code. All may throw Unreachable.
[[nodiscard]] int runStatus(Options const& options);
[[nodiscard]] int runList(Options const& options);
[[nodiscard]] int runDescribe(Options const& options);
[[nodiscard]] int runValidate(Options const& options);
[[nodiscard]] int runRbac(Options const& options);
[[nodiscard]] int runRender(Options const& options);
[[nodiscard]] int runDoctor(Options const& options);
[[nodiscard]] int runPlan(Options const& options);
[[nodiscard]] int runKubeconfig(Options const& options);
[[nodiscard]] int runImport(Options const& options);
[[nodiscard]] int runVersion(Options const& options);

}  // namespace kms_secretd::ctl
