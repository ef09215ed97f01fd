// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/api.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "fakes/kube_double/api_internal.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

std::vector<std::string> segmentsOf(std::string const& path) {
  std::vector<std::string> segments;
  std::size_t from = 1;
  while (from <= path.size()) {
    auto const end = std::min(path.find('/', from), path.size());
    segments.push_back(path.substr(from, end - from));
    from = end + 1;
  }
  return segments;
}

Response namespaceAnswer(int code, std::string const& name, std::string const& phase) {
  return answer(code, json::object{{"kind", "Namespace"},
                                   {"apiVersion", "v1"},
                                   {"metadata", json::object{{"name", name}}},
                                   {"status", json::object{{"phase", phase}}}});
}

std::string nameInBody(std::string const& body) {
  boost::system::error_code error;
  auto const value = json::parse(body, error);
  if (error) return "";
  auto const* object = value.if_object();
  auto const* metadata = object != nullptr ? object->if_contains("metadata") : nullptr;
  auto const* fields = metadata != nullptr ? metadata->if_object() : nullptr;
  auto const* name = fields != nullptr ? fields->if_contains("name") : nullptr;
  return name != nullptr && name->is_string() ? std::string(name->as_string()) : "";
}

Response plain(std::string const& path) {
  if (path == "/readyz" || path == "/healthz" || path == "/livez") {
    Response response;
    response.body = "ok";
    response.contentType = "text/plain";
    return response;
  }
  if (path == "/version") {
    return answer(
        200,
        json::object{{"major", "1"}, {"minor", "20"}, {"gitVersion", "v1.20.2-kube-api-double"}});
  }
  Status status;
  status.code = 404;
  status.reason = "NotFound";
  status.message = "the server could not find the requested resource";
  return answer(status);
}

}  // namespace

Response answer(Status const& status) {
  auto response = answer(status.code, status.json());
  response.retryAfterSeconds = status.retryAfterSeconds;
  return response;
}

Response answer(int code, json::value const& body) {
  Response response;
  response.code = code;
  response.body = json::serialize(body) + "\n";
  return response;
}

std::variant<Form, Status> formOf(std::string const& accept) {
  if (accept.empty() || accept.find("*/*") == 0) return Form::full;
  if (accept.starts_with("application/json")) {
    auto const first = accept.substr(0, accept.find(','));
    if (first.find("as=PartialObjectMetadata") != std::string::npos) return Form::partial;
    if (first.find("as=Table") != std::string::npos) return Form::table;
    return Form::full;
  }
  Status status;
  status.code = 406;
  status.reason = "NotAcceptable";
  status.message = "406: Not Acceptable";
  return status;
}

json::object shaped(Secret const& secret, Form form) {
  if (form == Form::partial) return partialJson(secret);
  if (form == Form::table) return tableJson({secret}, secret.resourceVersion);
  return fullJson(secret);
}

Wish Api::Route::wish(std::string const& user, Request const& request) const {
  Wish wish{user, "", kind == Kind::secrets ? "secrets" : "namespaces", namespaceName, name};
  if (kind == Kind::accounts) wish.resource = "serviceaccounts";
  if (kind == Kind::leases) wish.resource = "leases";
  if (!subresource.empty()) wish.resource += "/" + subresource;
  if (request.method == "GET") {
    bool const watching = request.parameter("watch") == "true" || request.parameter("watch") == "1";
    wish.verb = !name.empty() ? "get" : watching ? "watch" : "list";
  } else {
    wish.verb = request.method == "POST"    ? "create"
                : request.method == "PUT"   ? "update"
                : request.method == "PATCH" ? "patch"
                                            : "delete";
  }
  if (kind == Kind::namespaces) wish.namespaceName = name;
  return wish;
}

Response Api::handle(Request const& request) {
  auto const user = access_.authenticate(request.authorization, request.certificateName);
  if (auto const* status = std::get_if<Status>(&user)) return answer(*status);
  auto const segments = segmentsOf(request.path);
  Route route;
  std::vector<std::string> const leases{"apis", "coordination.k8s.io", "v1", "namespaces"};
  bool const ofLeases = segments.size() >= 6 && segments[5] == "leases" &&
                        std::equal(leases.begin(), leases.end(), segments.begin());
  if (!ofLeases && (segments.size() < 3 || segments[0] != "api" || segments[1] != "v1")) {
    return plain(request.path);
  }
  if (ofLeases) {
    route.kind = Route::Kind::leases;
    route.namespaceName = segments[4];
    if (segments.size() > 6) route.name = segments[6];
  } else if (segments[2] == "secrets" && segments.size() == 3) {
    route.kind = Route::Kind::secrets;
  } else if (segments[2] == "namespaces" && segments.size() <= 4) {
    route.kind = Route::Kind::namespaces;
    if (segments.size() == 4) route.name = segments[3];
  } else if (segments[2] == "namespaces") {
    route.namespaceName = segments[3];
    if (segments[4] == "secrets") route.kind = Route::Kind::secrets;
    if (segments[4] == "serviceaccounts") route.kind = Route::Kind::accounts;
    if (segments.size() > 5) route.name = segments[5];
    if (segments.size() > 6) route.subresource = segments[6];
  }
  return handleAs(std::get<std::string>(user), request, route);
}

Response Api::handleAs(std::string const& user, Request const& request, Route const& route) {
  if (route.kind == Route::Kind::none) return plain(request.path);
  if (auto why = access_.whyForbidden(route.wish(user, request))) return answer(*why);
  if (route.kind == Route::Kind::namespaces) return handleNamespaces(request, route);
  if (route.kind == Route::Kind::leases) return handleLeases(request, route);
  if (route.kind == Route::Kind::accounts) return handleAccounts(request, route);
  return route.name.empty() ? handleSecrets(request, route) : handleSecret(user, request, route);
}

Response Api::handleNamespaces(Request const& request, Route const& route) {
  auto const name = route.name.empty() ? nameInBody(request.body) : route.name;
  Store::Result<std::string> result = std::string();
  int code = 200;
  if (request.method == "GET" && !route.name.empty()) {
    result = store_.namespacePhase(name);
  } else if (request.method == "POST" && route.name.empty()) {
    result = store_.createNamespace(name);
    code = 201;
  } else if (request.method == "DELETE") {
    result = store_.deleteNamespace(name);
  } else {
    result = badRequest("the double does not do that with namespaces");
  }
  if (auto const* status = std::get_if<Status>(&result)) return answer(*status);
  return namespaceAnswer(code, name, std::get<std::string>(result));
}

Response Api::handleLeases(Request const& request, Route const& route) {
  Leases::Result result = badRequest("the double does not do that with leases");
  bool const creates = request.method == "POST" && route.name.empty();
  if (request.method == "GET" && !route.name.empty()) {
    result = leases_.get({route.namespaceName, route.name});
  } else if (creates) {
    auto const phase = store_.namespacePhase(route.namespaceName);
    if (auto const* status = std::get_if<Status>(&phase)) return answer(*status);
    result = leases_.create(route.namespaceName, request.body);
  } else if (request.method == "PUT") {
    result = leases_.replace({route.namespaceName, route.name}, request.body);
  }
  if (auto const* status = std::get_if<Status>(&result)) return answer(*status);
  return answer(creates ? 201 : 200, std::get<json::object>(result));
}

Response Api::handleAccounts(Request const& request, Route const& route) {
  if (request.method != "POST") return plain(request.path);
  if (route.subresource == "token") return requestToken(request, route);
  auto const name = nameInBody(request.body);
  std::scoped_lock const lock(accountsMutex_);
  if (!accounts_.emplace(route.namespaceName, name).second) {
    return answer(alreadyExists("serviceaccounts", name));
  }
  return answer(201, json::object{{"kind", "ServiceAccount"},
                                  {"apiVersion", "v1"},
                                  {"metadata", json::object{{"name", name}}}});
}

}  // namespace kms_secretd::fakes::kube
