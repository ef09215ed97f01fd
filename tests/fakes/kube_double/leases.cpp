// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/leases.hpp"

#include "fakes/kube_double/object.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

constexpr char const* resource = "leases.coordination.k8s.io";
constexpr char const* modified =
    "the object has been modified; please apply your changes to the latest version and try again";

Status ofLeases(Status status) {
  status.kind = "leases";
  return status;
}

std::variant<json::object, Status> read(std::string const& body) {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  if (error || !value.is_object()) return badRequest("the body is no JSON object");
  auto& lease = value.as_object();
  if (!lease.contains("metadata") || !lease["metadata"].is_object()) {
    lease["metadata"] = json::object{};
  }
  return std::move(lease);
}

std::string textIn(json::object const& lease, char const* name) {
  auto const* value = lease.at("metadata").as_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

Status noVersion(std::string const& name) {
  Cause const cause{"FieldValueInvalid", "metadata.resourceVersion",
                    "Invalid value: 0x0: must be specified for an update"};
  auto status = invalid(name, {cause});
  status.message =
      std::string(resource) + " \"" + name + "\" is invalid: " + cause.field + ": " + cause.message;
  return ofLeases(std::move(status));
}

}  // namespace

Leases::Result Leases::get(Place const& place) const {
  std::scoped_lock const lock(mutex_);
  auto const at = leases_.find(place);
  if (at == leases_.end()) return ofLeases(notFound(resource, place.second));
  return at->second;
}

Leases::Result Leases::create(std::string const& namespaceName, std::string const& body) {
  auto lease = read(body);
  if (auto* status = std::get_if<Status>(&lease)) return std::move(*status);
  auto& given = std::get<json::object>(lease);
  Place const place{namespaceName, textIn(given, "name")};
  std::scoped_lock const lock(mutex_);
  if (leases_.contains(place)) return ofLeases(alreadyExists(resource, place.second));
  return made(place, std::move(given));
}

json::object Leases::made(Place const& place, json::object lease) {
  auto& metadata = lease["metadata"].as_object();
  metadata["uid"] = "lease-" + std::to_string(revision_);
  metadata["creationTimestamp"] = nowText();
  return stored(place, std::move(lease));
}

Leases::Result Leases::replace(Place const& place, std::string const& body) {
  auto lease = read(body);
  if (auto* status = std::get_if<Status>(&lease)) return std::move(*status);
  auto& given = std::get<json::object>(lease);
  std::scoped_lock const lock(mutex_);
  auto const at = leases_.find(place);
  if (at == leases_.end()) return made(place, std::move(given));
  auto const version = textIn(given, "resourceVersion");
  if (version.empty()) return noVersion(place.second);
  if (version != textIn(at->second, "resourceVersion")) {
    return ofLeases(conflict(resource, place.second, modified));
  }
  // What changes nothing makes no new version.
  if (given == at->second) return at->second;
  auto& metadata = given["metadata"].as_object();
  for (auto const* name : {"uid", "creationTimestamp"}) metadata[name] = textIn(at->second, name);
  return stored(place, std::move(given));
}

json::object Leases::stored(Place const& place, json::object lease) {
  lease["kind"] = "Lease";
  lease["apiVersion"] = "coordination.k8s.io/v1";
  auto& metadata = lease["metadata"].as_object();
  metadata["name"] = place.second;
  metadata["namespace"] = place.first;
  metadata["resourceVersion"] = std::to_string(++revision_);
  return leases_[place] = std::move(lease);
}

}  // namespace kms_secretd::fakes::kube
