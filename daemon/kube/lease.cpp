// SPDX-License-Identifier: Apache-2.0
#include "kube/lease.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include <boost/json/serialize.hpp>

#include "kube/json_read.hpp"
#include "kube/requests.hpp"

namespace kms_secretd::kube {
namespace {

namespace json = boost::json;

constexpr char const* apiVersion = "coordination.k8s.io/v1";

std::int64_t numberOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains({name.data(), name.size()});
  auto const* number = value == nullptr ? nullptr : value->if_int64();
  return number == nullptr ? 0 : *number;
}

core::LeaseRecord recordOf(json::object const& document) {
  core::LeaseRecord record;
  auto const* const spec = objectOf(document, "spec");
  if (spec == nullptr) return record;
  record.holder = textOf(*spec, "holderIdentity");
  record.duration = std::chrono::seconds(numberOf(*spec, "leaseDurationSeconds"));
  record.acquireTime = textOf(*spec, "acquireTime");
  record.renewTime = textOf(*spec, "renewTime");
  record.transitions = numberOf(*spec, "leaseTransitions");
  return record;
}

// A member of the right kind, whatever stood there.
json::object& objectIn(json::object& parent, char const* name) {
  auto& value = parent[name];
  if (!value.is_object()) value = json::object{};
  return value.as_object();
}

json::object documentOf(core::LeasePlace const& place, Lease const& lease) {
  auto document = lease.document;
  document["apiVersion"] = apiVersion;
  document["kind"] = "Lease";
  auto& metadata = objectIn(document, "metadata");
  metadata["name"] = place.name;
  metadata["namespace"] = place.namespaceName;
  // The server counts who set what by itself; sending it back costs only bytes.
  metadata.erase("managedFields");
  if (!lease.resourceVersion.empty()) metadata["resourceVersion"] = lease.resourceVersion;
  json::object annotations;
  for (auto const& [name, value] : lease.annotations) annotations[name] = value;
  metadata["annotations"] = std::move(annotations);
  auto& spec = objectIn(document, "spec");
  auto const& record = lease.record;
  spec["holderIdentity"] = record.holder;
  spec["leaseDurationSeconds"] =
      std::chrono::duration_cast<std::chrono::seconds>(record.duration).count();
  spec["leaseTransitions"] = record.transitions;
  // The server refuses a time that is an empty text.
  if (!record.acquireTime.empty()) spec["acquireTime"] = record.acquireTime;
  if (!record.renewTime.empty()) spec["renewTime"] = record.renewTime;
  return document;
}

std::string pathOf(core::LeasePlace const& place) {
  return "/apis/coordination.k8s.io/v1/namespaces/" + escaped(place.namespaceName) + "/leases";
}

}  // namespace

std::optional<Lease> parseLease(std::string_view text) {
  auto document = parseJson(text);
  auto* const object = document ? document->if_object() : nullptr;
  if (object == nullptr || textOf(*object, "kind") != "Lease") return std::nullopt;
  auto const* const metadata = objectOf(*object, "metadata");
  if (metadata == nullptr) return std::nullopt;
  Lease lease;
  lease.resourceVersion = textOf(*metadata, "resourceVersion");
  if (lease.resourceVersion.empty()) return std::nullopt;
  if (auto const* const annotations = objectOf(*metadata, "annotations")) {
    for (auto const& each : *annotations) {
      if (auto const* value = each.value().if_string()) {
        lease.annotations.emplace(view(each.key()), view(*value));
      }
    }
  }
  lease.record = recordOf(*object);
  lease.document = std::move(*object);
  return lease;
}

sdk::HttpRequest readLeaseRequest(core::LeasePlace const& place) {
  sdk::HttpRequest request;
  request.method = "GET";
  request.target = pathOf(place) + "/" + escaped(place.name);
  request.headers.push_back({.name = "Accept", .value = "application/json"});
  return request;
}

sdk::HttpRequest writeLeaseRequest(core::LeasePlace const& place, Lease const& lease) {
  bool const isNew = lease.resourceVersion.empty();
  sdk::HttpRequest request;
  request.method = isNew ? "POST" : "PUT";
  request.target = isNew ? pathOf(place) : pathOf(place) + "/" + escaped(place.name);
  request.headers.push_back({.name = "Accept", .value = "application/json"});
  request.headers.push_back({.name = "Content-Type", .value = "application/json"});
  auto const text = json::serialize(documentOf(place, lease));
  request.body = sdk::SecretBytes(text);
  // Sent twice it would meet its own first copy and look like somebody else's.
  request.idempotent = false;
  return request;
}

std::string microTime(sdk::WallTime time) {
  auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
  auto const days = std::chrono::floor<std::chrono::days>(seconds);
  std::chrono::year_month_day const date{days};
  std::chrono::hh_mm_ss const clock{seconds - days};
  auto const micros = std::chrono::duration_cast<std::chrono::microseconds>(time - seconds).count();
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(micros));
  return text.data();
}

}  // namespace kms_secretd::kube
