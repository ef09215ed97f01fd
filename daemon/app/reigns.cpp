// SPDX-License-Identifier: Apache-2.0
#include "app/reigns.hpp"

namespace kms_secretd::app {

void Reigns::begin(std::string const& cluster) {
  reigns_.emplace(cluster, std::make_shared<platform::EventCancellation>());
}

void Reigns::end(std::string const& cluster) {
  auto const reign = reigns_.find(cluster);
  if (reign == reigns_.end()) return;
  reign->second->request();
  reigns_.erase(reign);
}

void Reigns::endAll() {
  for (auto const& [cluster, reign] : reigns_) reign->request();
  reigns_.clear();
}

}  // namespace kms_secretd::app
