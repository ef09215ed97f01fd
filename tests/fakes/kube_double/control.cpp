// SPDX-License-Identifier: Apache-2.0
// The double's own resources under /double/: for tests in other processes.
#include <boost/json.hpp>

#include "fakes/kube_double/api_internal.hpp"
#include "fakes/kube_double/serving.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

std::string textAt(json::object const& from, char const* name) {
  auto const* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

int numberAt(json::object const& from, char const* name, int otherwise) {
  auto const* value = from.if_contains(name);
  return value != nullptr && value->is_int64() ? static_cast<int>(value->as_int64()) : otherwise;
}

std::set<std::string> setAt(json::object const& from, char const* name) {
  std::set<std::string> texts;
  auto const* value = from.if_contains(name);
  if (value == nullptr || !value->is_array()) return texts;
  for (auto const& each : value->as_array()) {
    if (each.is_string()) texts.emplace(each.as_string());
  }
  return texts;
}

Response done() { return answer(200, json::object{{"ok", true}}); }

Response addFault(Served& served, json::object const& body) {
  auto const kind = Faults::kindNamed(textAt(body, "kind"));
  if (!kind) return answer(badRequest("kind: status, reset, garbage, truncate, delay or hang"));
  Fault fault;
  fault.kind = *kind;
  fault.method = textAt(body, "method");
  fault.pathContains = textAt(body, "path_contains");
  fault.skip = numberAt(body, "skip", 0);
  fault.times = numberAt(body, "times", 1);
  fault.status = numberAt(body, "status", 500);
  fault.retryAfterSeconds = numberAt(body, "retry_after_seconds", 0);
  fault.delay = std::chrono::milliseconds(numberAt(body, "delay_ms", 0));
  auto const* afterwards = body.if_contains("afterwards");
  fault.afterwards = afterwards != nullptr && afterwards->is_bool() && afterwards->as_bool();
  served.faults.add(fault);
  return done();
}

Response setUser(Served& served, json::object const& body) {
  auto const user = textAt(body, "user");
  if (user.empty()) return answer(badRequest("user: a name"));
  if (auto const token = textAt(body, "token"); !token.empty()) {
    served.access.addToken(token, user);
  }
  std::vector<Rule> rules;
  if (auto const* given = body.if_contains("rules"); given != nullptr && given->is_array()) {
    for (auto const& each : given->as_array()) {
      if (!each.is_object()) continue;
      auto const& rule = each.as_object();
      rules.push_back({setAt(rule, "verbs"), setAt(rule, "resources"), setAt(rule, "namespaces"),
                       setAt(rule, "names")});
    }
  }
  served.access.setRules(user, std::move(rules));
  return done();
}

Response requestsOf(Served const& served) {
  json::array list;
  std::scoped_lock const lock(served.logMutex);
  for (auto const& entry : served.log) {
    list.push_back(json::object{{"method", entry.method},
                                {"target", entry.target},
                                {"accept", entry.accept},
                                {"content_type", entry.contentType},
                                {"user", entry.user},
                                {"code", entry.code}});
  }
  return answer(200, json::object{{"requests", std::move(list)}});
}

Response post(Served& served, std::string const& what, json::object const& body) {
  if (what == "faults") return addFault(served, body);
  if (what == "users") return setUser(served, body);
  if (what == "expire-tokens") {
    served.access.expireTokens(textAt(body, "user"));
    return done();
  }
  if (what == "compact") {
    served.store.compact();
    return done();
  }
  return answer(notFound("double", what));
}

}  // namespace

Response control(Served& served, Request const& request) {
  auto const what = request.path.substr(std::string("/double/").size());
  if (request.method == "POST") {
    boost::system::error_code error;
    auto const body = json::parse(request.body.empty() ? "{}" : request.body, error);
    if (error || !body.is_object()) return answer(badRequest("the body is no JSON object"));
    return post(served, what, body.as_object());
  }
  if (request.method == "DELETE" && what == "faults") {
    served.faults.clear();
    return done();
  }
  if (request.method == "DELETE" && what == "requests") {
    std::scoped_lock const lock(served.logMutex);
    served.log.clear();
    return done();
  }
  if (request.method == "GET" && what == "requests") return requestsOf(served);
  return answer(notFound("double", what));
}

}  // namespace kms_secretd::fakes::kube
