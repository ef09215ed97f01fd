// SPDX-License-Identifier: Apache-2.0
// Secrets and tokens of the API.
#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "fakes/kube_double/api.hpp"
#include "fakes/kube_double/api_internal.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

bool isTrue(std::string const& text) { return text == "true" || text == "1"; }

Response writtenAnswer(Store::Result<Written> const& result, Form form, int okCode) {
  if (auto const* status = std::get_if<Status>(&result)) return answer(*status);
  auto const& written = std::get<Written>(result);
  return answer(written.created ? 201 : okCode, shaped(written.secret, form));
}

template <class T>
std::optional<T> numberOf(std::string const& text) {
  T number{};
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "a=b" of a selector; more than that the double does not do.
void readSelectors(Request const& request, ListQuery& query) {
  auto const label = request.parameter("labelSelector");
  if (auto const equals = label.find('='); equals != std::string::npos) {
    query.labelName = label.substr(0, equals);
    auto value = label.substr(equals + 1);
    if (value.starts_with('=')) value.erase(0, 1);
    query.labelValue = value;
  }
  std::string const byName = "metadata.name=";
  auto const field = request.parameter("fieldSelector");
  if (field.starts_with(byName)) query.name = field.substr(byName.size());
}

DeletePreconditions preconditionsOf(std::string const& body, bool& dryRun) {
  DeletePreconditions preconditions;
  boost::system::error_code error;
  auto const value = json::parse(body.empty() ? "{}" : body, error);
  if (error || !value.is_object()) return preconditions;
  auto const& options = value.as_object();
  if (options.contains("dryRun")) dryRun = true;
  auto const* given = options.if_contains("preconditions");
  if (given == nullptr || !given->is_object()) return preconditions;
  auto const text = [&](char const* name) {
    auto const* member = given->as_object().if_contains(name);
    return member != nullptr && member->is_string() ? std::string(member->as_string()) : "";
  };
  preconditions.uid = text("uid");
  preconditions.resourceVersion = text("resourceVersion");
  return preconditions;
}

Status unsupportedMedia() {
  Status status;
  status.code = 415;
  status.reason = "UnsupportedMediaType";
  status.message = "415: Unsupported Media Type";
  return status;
}

/// The field manager of a request that names none: the client's name before the version.
std::string managerOf(Request const& request) {
  auto const given = request.parameter("fieldManager");
  if (!given.empty() || request.contentType == "application/apply-patch+yaml") return given;
  return request.userAgent.substr(0, request.userAgent.find('/'));
}

std::int64_t expirationOf(std::string const& body) {
  boost::system::error_code error;
  auto const value = json::parse(body, error);
  if (error || !value.is_object()) return 3600;
  auto const* spec = value.as_object().if_contains("spec");
  auto const* fields = spec != nullptr ? spec->if_object() : nullptr;
  auto const* seconds = fields != nullptr ? fields->if_contains("expirationSeconds") : nullptr;
  return seconds != nullptr && seconds->is_int64() ? seconds->as_int64() : 3600;
}

std::string timeText(std::chrono::system_clock::time_point when) {
  auto const seconds = std::chrono::system_clock::to_time_t(when);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

}  // namespace

Response Api::handleSecret(std::string const& user, Request const& request, Route const& route) {
  auto const form = formOf(request.accept);
  if (auto const* status = std::get_if<Status>(&form)) return answer(*status);
  Write write;
  write.name = {route.namespaceName, route.name};
  write.body = request.body;
  write.manager = managerOf(request);
  write.force = isTrue(request.parameter("force"));
  write.dryRun = request.parameter("dryRun") == "All";
  if (request.method == "GET") {
    auto const found = store_.get(write.name);
    if (auto const* status = std::get_if<Status>(&found)) return answer(*status);
    return answer(200, shaped(std::get<Secret>(found), std::get<Form>(form)));
  }
  if (request.method == "PUT") {
    return writtenAnswer(store_.replace(write), std::get<Form>(form), 200);
  }
  if (request.method == "PATCH") return patchSecret(user, request, write);
  if (request.method == "DELETE") return removeSecret(request, route);
  return answer(badRequest("the double does not do " + request.method));
}

Response Api::patchSecret(std::string const& user, Request const& request, Write const& write) {
  auto const form = std::get<Form>(formOf(request.accept));
  if (request.contentType == "application/merge-patch+json") {
    return writtenAnswer(store_.patch(write), form, 200);
  }
  if (request.contentType != "application/apply-patch+yaml") return answer(unsupportedMedia());
  if (write.manager.empty()) {
    Status status;
    status.code = 422;
    status.reason = "Invalid";
    status.kind = "PatchOptions";
    status.message =
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is "
        "required for apply patch";
    status.causes = {
        {"FieldValueRequired", "fieldManager", "Required value: is required for apply patch"}};
    return answer(status);
  }
  // An apply that creates needs the right to create as well.
  bool const absent = std::holds_alternative<Status>(store_.get(write.name));
  if (absent &&
      access_.whyForbidden({user, "create", "secrets", write.name.first, write.name.second})) {
    Status status;
    status.code = 403;
    status.reason = "Forbidden";
    status.kind = "secrets";
    status.name = write.name.second;
    status.message = "secrets \"" + write.name.second + "\" is forbidden: ";
    return answer(status);
  }
  return writtenAnswer(store_.apply(write), form, 200);
}

Response Api::removeSecret(Request const& request, Route const& route) {
  bool dryRun = request.parameter("dryRun") == "All";
  auto const preconditions = preconditionsOf(request.body, dryRun);
  auto const result = store_.remove({route.namespaceName, route.name}, preconditions, dryRun);
  if (auto const* status = std::get_if<Status>(&result)) return answer(*status);
  auto const& written = std::get<Written>(result);
  if (!written.deleted) {
    return answer(200, shaped(written.secret, std::get<Form>(formOf(request.accept))));
  }
  return answer(200, json::object{{"kind", "Status"},
                                  {"apiVersion", "v1"},
                                  {"metadata", json::object{}},
                                  {"status", "Success"},
                                  {"details", json::object{{"name", route.name},
                                                           {"kind", "secrets"},
                                                           {"uid", written.secret.uid}}}});
}

Response Api::handleSecrets(Request const& request, Route const& route) {
  auto const form = formOf(request.accept);
  if (auto const* status = std::get_if<Status>(&form)) return answer(*status);
  if (request.method == "GET") {
    return isTrue(request.parameter("watch")) ? watch(request, route) : list(request, route);
  }
  if (request.method != "POST" || route.namespaceName.empty()) {
    return answer(badRequest("the double does not do " + request.method + " here"));
  }
  Write write;
  write.name.first = route.namespaceName;
  write.body = request.body;
  write.manager = managerOf(request);
  write.dryRun = request.parameter("dryRun") == "All";
  return writtenAnswer(store_.create(write), std::get<Form>(form), 201);
}

Response Api::list(Request const& request, Route const& route) {
  ListQuery query;
  query.namespaceName = route.namespaceName;
  readSelectors(request, query);
  query.limit = numberOf<std::size_t>(request.parameter("limit")).value_or(0);
  query.continueToken = request.parameter("continue");
  auto const result = store_.list(query);
  if (auto const* status = std::get_if<Status>(&result)) return answer(*status);
  auto const& page = std::get<Page>(result);
  auto const form = std::get<Form>(formOf(request.accept));
  json::object metadata{{"resourceVersion", page.resourceVersion}};
  if (!page.continueToken.empty()) metadata["continue"] = page.continueToken;
  if (form == Form::table) {
    auto table = tableJson(page.items, page.resourceVersion);
    table["metadata"] = std::move(metadata);
    return answer(200, table);
  }
  json::array items;
  for (auto const& secret : page.items) items.push_back(shaped(secret, form));
  bool const partial = form == Form::partial;
  json::object body{{"kind", partial ? "PartialObjectMetadataList" : "SecretList"},
                    {"apiVersion", partial ? "meta.k8s.io/v1" : "v1"}};
  body["metadata"] = std::move(metadata);
  body["items"] = page.items.empty() && partial ? json::value(nullptr) : std::move(items);
  return answer(200, body);
}

Response Api::watch(Request const& request, Route const& route) {
  WatchOrder order;
  order.query.namespaceName = route.namespaceName;
  readSelectors(request, order.query);
  order.form = std::get<Form>(formOf(request.accept));
  order.bookmarks = isTrue(request.parameter("allowWatchBookmarks"));
  auto const since = request.parameter("resourceVersion");
  order.replay = since.empty() || since == "0";
  if (!order.replay) {
    auto const number = numberOf<std::uint64_t>(since);
    if (!number) return answer(internalError("resourceVersion: Invalid value: \"" + since + "\""));
    order.since = *number;
  }
  if (auto const seconds = numberOf<std::int64_t>(request.parameter("timeoutSeconds"))) {
    order.timeout = std::chrono::seconds(*seconds);
  }
  Response response;
  response.watch = std::move(order);
  return response;
}

Response Api::requestToken(Request const& request, Route const& route) {
  {
    std::scoped_lock const lock(accountsMutex_);
    if (!accounts_.contains({route.namespaceName, route.name})) {
      return answer(notFound("serviceaccounts", route.name));
    }
  }
  auto const seconds = expirationOf(request.body);
  if (seconds < 600) {
    Status status;
    status.code = 422;
    status.reason = "Invalid";
    status.kind = "TokenRequest";
    status.message =
        "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid "
        "value: " +
        std::to_string(seconds) + ": may not specify a duration less than 10 minutes";
    status.causes = {{"FieldValueInvalid", "spec.expirationSeconds",
                      "may not specify a duration less than 10 minutes"}};
    return answer(status);
  }
  auto const end = std::chrono::system_clock::now() + std::chrono::seconds(seconds);
  auto const user = "system:serviceaccount:" + route.namespaceName + ":" + route.name;
  json::object status{{"token", access_.issueToken(user, end)},
                      {"expirationTimestamp", timeText(end)}};
  return answer(201, json::object{{"kind", "TokenRequest"},
                                  {"apiVersion", "authentication.k8s.io/v1"},
                                  {"metadata", json::object{{"creationTimestamp", nullptr}}},
                                  {"spec", json::object{{"expirationSeconds", seconds}}},
                                  {"status", std::move(status)}});
}

}  // namespace kms_secretd::fakes::kube
