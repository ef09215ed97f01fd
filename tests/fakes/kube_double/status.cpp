// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/status.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

json::array causesJson(std::vector<Cause> const& causes) {
  json::array array;
  for (auto const& cause : causes) {
    array.push_back(
        json::object{{"reason", cause.reason}, {"message", cause.message}, {"field", cause.field}});
  }
  return array;
}

json::object detailsJson(Status const& status) {
  json::object details;
  if (!status.name.empty()) details["name"] = status.name;
  if (!status.kind.empty()) details["kind"] = status.kind;
  if (!status.causes.empty()) details["causes"] = causesJson(status.causes);
  if (status.retryAfterSeconds > 0) details["retryAfterSeconds"] = status.retryAfterSeconds;
  return details;
}

Status make(int code, std::string reason, std::string message) {
  Status status;
  status.code = code;
  status.reason = std::move(reason);
  status.message = std::move(message);
  return status;
}

Status about(Status status, std::string const& kind, std::string const& name) {
  status.kind = kind;
  status.name = name;
  return status;
}

}  // namespace

json::object Status::json() const {
  json::object metadata;
  if (!continueToken.empty()) metadata["continue"] = continueToken;
  json::object object{{"kind", "Status"},
                      {"apiVersion", "v1"},
                      {"metadata", std::move(metadata)},
                      {"status", "Failure"},
                      {"message", message}};
  if (!reason.empty()) object["reason"] = reason;
  auto details = detailsJson(*this);
  if (!details.empty()) object["details"] = std::move(details);
  object["code"] = code;
  return object;
}

Status notFound(std::string const& kind, std::string const& name) {
  return about(make(404, "NotFound", kind + " \"" + name + "\" not found"), kind, name);
}

Status badRequest(std::string const& message) { return make(400, "BadRequest", message); }

Status internalError(std::string const& message) { return make(500, "", message); }

Status alreadyExists(std::string const& kind, std::string const& name) {
  return about(make(409, "AlreadyExists", kind + " \"" + name + "\" already exists"), kind, name);
}

Status conflict(std::string const& kind, std::string const& name, std::string const& why) {
  return about(make(409, "Conflict",
                    "Operation cannot be fulfilled on " + kind + " \"" + name + "\": " + why),
               kind, name);
}

Status invalid(std::string const& name, std::vector<Cause> const& causes) {
  std::string list;
  for (auto const& cause : causes) {
    auto const text = cause.field + ": " + cause.message;
    list += (list.empty() ? "" : ", ") + text;
  }
  if (causes.size() > 1) list = "[" + list + "]";
  auto status =
      about(make(422, "Invalid", "Secret \"" + name + "\" is invalid: " + list), "Secret", name);
  status.causes = causes;
  return status;
}

Status namespaceTerminating(std::string const& namespaceName, std::string const& name) {
  auto status = about(make(403, "Forbidden",
                           "secrets \"" + name +
                               "\" is forbidden: unable to create new content "
                               "in namespace " +
                               namespaceName + " because it is being terminated"),
                      "secrets", name);
  status.causes = {{"NamespaceTerminating", "metadata.namespace",
                    "namespace " + namespaceName + " is being terminated"}};
  return status;
}

Status unauthorized() { return make(401, "Unauthorized", "Unauthorized"); }

}  // namespace kms_secretd::fakes::kube
