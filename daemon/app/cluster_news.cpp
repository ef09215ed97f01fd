// SPDX-License-Identifier: Apache-2.0
#include "app/cluster_news.hpp"

#include <utility>

namespace kms_secretd::app {

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
  auto& deaf = deaf_[link.name()];
  auto const problems = link.watch()->problems();
  for (auto const& [name, why] : problems) {
    if (!deaf.insert(name).second) continue;
    std::string text = "the Secrets of namespace " + name;
    text += " are not watched, so a change made there is seen only at a Secret's next round: ";
    text += why;
    say(report::EventId::watch_broken, link.name(), text, {{"KMS_SECRETD_NAMESPACE", name}});
  }
  for (auto const& name : std::set(deaf)) {
    if (problems.contains(name)) continue;
    deaf.erase(name);
    say(report::EventId::watch_back, link.name(),
        "the Secrets of namespace " + name + " are watched again",
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
