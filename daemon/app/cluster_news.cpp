// SPDX-License-Identifier: Apache-2.0
#include "app/cluster_news.hpp"

#include <utility>

#include "report/key_words.hpp"

namespace kms_secretd::app {
namespace {

constexpr std::size_t mostNamespacesApart = 5;

}  // namespace

void ClusterNews::say(report::EventId id, std::string const& cluster, std::string const& text,
                      std::vector<report::LogField> fields) {
  fields.push_back({"KMS_SECRETD_CLUSTER", cluster});
  reporter_.event(id, core::ofCluster(cluster) + text, std::move(fields));
}

void ClusterNews::sayLeadership(ClusterLink& link) {
  auto* const leadership = link.leadership();
  if (leadership == nullptr) return;
  leadership->clearWake();
  for (auto const& news : leadership->takeNews()) say(news.id, link.name(), news.text);
}

void ClusterNews::sayWatch(ClusterLink& link) {
  if (link.watch() == nullptr) return;
  sayUnwatched(link.name(), link.watch()->problems());
}

void ClusterNews::sayUnwatched(std::string const& cluster,
                               std::map<std::string, std::string> const& problems) {
  auto& deaf = deaf_[cluster];
  std::vector<std::string> broken;
  std::vector<std::string> back;
  for (auto const& [name, why] : problems) {
    if (!deaf.contains(name)) broken.push_back(name);
  }
  for (auto const& name : deaf) {
    if (!problems.contains(name)) back.push_back(name);
  }
  deaf.insert(broken.begin(), broken.end());
  for (auto const& name : back) deaf.erase(name);
  sayOfNamespaces(
      report::EventId::watch_broken, cluster, broken, [&problems](std::string const& name) {
        return " are not watched, so a change made there is seen only at a Secret's next round: " +
               problems.at(name);
      });
  sayOfNamespaces(report::EventId::watch_back, cluster, back,
                  [](std::string const& /*name*/) { return " are watched again"; });
}

// An API server that goes takes all its watches along: then one line says it.
void ClusterNews::sayOfNamespaces(report::EventId id, std::string const& cluster,
                                  std::vector<std::string> const& names,
                                  std::function<std::string(std::string const&)> const& what) {
  if (names.size() > mostNamespacesApart) {
    say(id, cluster,
        "the Secrets of " + std::to_string(names.size()) + " namespaces (" +
            report::shortened(names) + ")" + what(names.front()));
    return;
  }
  for (auto const& name : names) {
    say(id, cluster, "the Secrets of namespace " + name + what(name),
        {{"KMS_SECRETD_NAMESPACE", name}});
  }
}

void ClusterNews::sayLogin(ClusterLink& link) {
  for (auto const& news : link.loginNews()) say(news.id, link.name(), news.text);
}

void ClusterNews::sayManners(ClusterLink& link) {
  for (auto& news : link.versionNews()) {
    reporter_.event(news.id, std::move(news.text), {{"KMS_SECRETD_CLUSTER", link.name()}});
  }
  for (auto const& news : link.eventNews()) say(news.id, link.name(), news.text);
}

void ClusterNews::saySilent(std::vector<schedule::ClusterState> const& clusters) {
  for (auto const& cluster : clusters) {
    auto const wasSilent = silent_.contains(cluster.name);
    if (cluster.breakerOpen == wasSilent) continue;
    if (cluster.breakerOpen) {
      silent_.insert(cluster.name);
      say(report::EventId::cluster_silent, cluster.name,
          "the API server does not answer; its Secrets stay as they are and it is probed every 5 "
          "to 60 s: check the network and the API server");
    } else {
      silent_.erase(cluster.name);
      say(report::EventId::cluster_back, cluster.name, "the API server answers again");
    }
  }
}

}  // namespace kms_secretd::app
