// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/cluster_link.hpp"
#include "report/reporter.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::app {

/// Says what is new of the clusters: each thing once, with the cluster's name. Main thread.
class ClusterNews {
 public:
  /// `reporter` outlives it.
  explicit ClusterNews(report::Reporter& reporter) : reporter_(reporter) {}

  /// Who works, of several daemons.
  void sayLeadership(ClusterLink& link);
  /// Which namespaces are not watched, and which are again.
  void sayWatch(ClusterLink& link);
  /// The same of a cluster whose unwatched namespaces are those of `problems`, with the reason.
  /// More than five at once are one line.
  void sayUnwatched(std::string const& cluster, std::map<std::string, std::string> const& problems);
  /// The login's ends and renewals.
  void sayLogin(ClusterLink& link);
  /// Whether the server is too old, and where no Events can be written.
  void sayManners(ClusterLink& link);
  /// Which clusters do not answer, and which do again.
  void saySilent(std::vector<schedule::ClusterState> const& clusters);

 private:
  void say(report::EventId id, std::string const& cluster, std::string const& text,
           std::vector<report::LogField> fields = {});
  void sayOfNamespaces(report::EventId id, std::string const& cluster,
                       std::vector<std::string> const& names,
                       std::function<std::string(std::string const&)> const& what);

  report::Reporter& reporter_;
  std::map<std::string, std::set<std::string>> deaf_{};  // namespaces, by cluster
  std::set<std::string> silent_{};
};

}  // namespace kms_secretd::app
