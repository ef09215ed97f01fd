// SPDX-License-Identifier: Apache-2.0
#include "kube/watch_sinks.hpp"

#include <optional>

#include <boost/json/serialize.hpp>

#include "core/marks.hpp"
#include "kube/json_read.hpp"
#include "kube/object_meta.hpp"

namespace kms_secretd::kube {

namespace json = boost::json;

namespace {

core::TargetId idOf(WatchTarget const& target, std::string_view name) {
  return {
      .cluster = target.cluster, .namespaceName = target.namespaceName, .name = std::string(name)};
}

bool isOurs(json::object const& metadata, std::string const& instance) {
  auto const* const labels = objectOf(metadata, "labels");
  return labels != nullptr && textOf(*labels, core::marks::instanceLabel) == instance;
}

// A Secret that is no target. True if it is a stray, and was recorded.
bool takeStray(WatchTarget const& target, std::string_view name, json::object const& metadata) {
  auto const ours = isOurs(metadata, target.store.instance());
  auto const observed = ours ? observedOf(metadata) : std::nullopt;
  if (observed) {
    target.store.recordStray(target.namespaceName, name, *observed);
  } else {
    target.store.forgetStray(target.namespaceName, name);
  }
  return observed.has_value();
}

}  // namespace

bool ListSink::onItem(json::object const& item) {
  auto const* const metadata = metadataOf(item);
  if (metadata == nullptr) return false;
  auto const name = textOf(*metadata, "name");
  if (!target_.store.isTarget(target_.namespaceName, name)) {
    if (takeStray(target_, name, *metadata)) seen_.emplace(name);
    return true;
  }
  auto const observed = observedOf(*metadata);
  if (!observed) return false;
  auto const id = idOf(target_, name);
  seen_.emplace(name);
  if (target_.store.recordListed(id, *observed) == Change::changed && tell_) {
    target_.listener.onObserved(id, *observed);
  }
  return true;
}

bool ListSink::onListMetadata(json::object const& metadata) {
  continue_ = textOf(metadata, "continue");
  if (version_.empty()) version_ = textOf(metadata, "resourceVersion");
  return true;
}

bool EventSink::onItem(json::object const& event) {
  auto const type = textOf(event, "type");
  auto const* const object = objectOf(event, "object");
  if (object == nullptr) return false;
  if (type == "ERROR") {
    error_ = parseStatus(json::serialize(*object));
    return false;
  }
  auto const* const metadata = metadataOf(*object);
  return metadata != nullptr && take(type, *metadata);
}

bool EventSink::take(std::string_view type, json::object const& metadata) {
  auto const version = textOf(metadata, "resourceVersion");
  if (version.empty()) return false;
  auto const name = textOf(metadata, "name");
  if (type != "BOOKMARK" && !takeObject(type == "DELETED", name, metadata)) return false;
  version_ = version;
  progressed_ = true;
  return true;
}

bool EventSink::takeObject(bool gone, std::string_view name, json::object const& metadata) {
  if (!target_.store.isTarget(target_.namespaceName, name)) {
    if (gone) {
      target_.store.forgetStray(target_.namespaceName, name);
    } else {
      takeStray(target_, name, metadata);
    }
    return true;
  }
  auto const observed = observedOf(metadata);
  if (!observed) return false;
  auto const id = idOf(target_, name);
  if (gone) {
    deleted(id);
  } else {
    changed(id, *observed);
  }
  return true;
}

void EventSink::changed(core::TargetId const& id, core::Observed const& observed) {
  if (target_.store.record(id, observed) == Change::changed) {
    target_.listener.onObserved(id, observed);
  }
}

void EventSink::deleted(core::TargetId const& id) {
  target_.store.forget(id);
  if (!target_.restricted) target_.store.recordListed(id, core::Observed{});
  target_.listener.onGone(id);
}

}  // namespace kms_secretd::kube
