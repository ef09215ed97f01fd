// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "core/names.hpp"
#include "core/observed.hpp"
#include "kube/json_items.hpp"
#include "kube/observation_listener.hpp"
#include "kube/observed_store.hpp"
#include "kube/status.hpp"

namespace kms_secretd::kube {

/// Where what a watch reads goes to. All of it outlives the sinks.
struct WatchTarget {
  std::string const& cluster;
  std::string const& namespaceName;
  bool restricted = false;  ///< to our label: absence from it is no absence from the cluster
  ObservedStore& store;
  ObservationListener& listener;
};

/// Takes the pages of one list.
class ListSink final : public JsonItemSink {
 public:
  /// `tell`: a list before was whole, so that what differs now is news.
  ListSink(WatchTarget target, bool tell) : target_(target), tell_(tell) {}

  bool onItem(boost::json::object const& item) override;
  bool onListMetadata(boost::json::object const& metadata) override;
  /// Before each page.
  void beginPage() { continue_.clear(); }

  /// The token of the next page, empty after the last.
  [[nodiscard]] std::string const& continueToken() const noexcept { return continue_; }
  /// Where the list stands, to watch from; empty where no page said it.
  [[nodiscard]] std::string const& version() const noexcept { return version_; }
  /// The targets and the strays that were in it, by name.
  [[nodiscard]] std::set<std::string, std::less<>> const& seen() const noexcept { return seen_; }

 private:
  WatchTarget target_;
  bool tell_;
  std::string continue_{};
  std::string version_{};
  std::set<std::string, std::less<>> seen_{};
};

/// Takes the events of one watch.
class EventSink final : public JsonItemSink {
 public:
  /// `version`: the resourceVersion that the watch goes on from.
  EventSink(WatchTarget target, std::string version)
      : target_(target), version_(std::move(version)) {}

  bool onItem(boost::json::object const& event) override;

  /// Where the watch stands now.
  [[nodiscard]] std::string const& version() const noexcept { return version_; }
  /// True if an event or a bookmark came.
  [[nodiscard]] bool progressed() const noexcept { return progressed_; }
  /// What an ERROR event said, if one came.
  [[nodiscard]] std::optional<Status> const& error() const noexcept { return error_; }

 private:
  bool take(std::string_view type, boost::json::object const& metadata);
  bool takeObject(bool gone, std::string_view name, boost::json::object const& metadata);
  void changed(core::TargetId const& id, core::Observed const& observed);
  void deleted(core::TargetId const& id);

  WatchTarget target_;
  std::string version_;
  bool progressed_ = false;
  std::optional<Status> error_{};
};

}  // namespace kms_secretd::kube
