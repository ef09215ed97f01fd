// SPDX-License-Identifier: Apache-2.0
// The lines of a watch.
#include <boost/json.hpp>

#include "fakes/kube_double/api.hpp"
#include "fakes/kube_double/api_internal.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

std::string line(char const* type, json::object object) {
  return json::serialize(json::object{{"type", type}, {"object", std::move(object)}}) + "\n";
}

}  // namespace

std::string Api::watchLine(WatchOrder const& order, Event const& event) {
  bool const before = event.before && order.query.selects(*event.before);
  bool const after = event.after && order.query.selects(*event.after);
  if (after) return line(before ? "MODIFIED" : "ADDED", shaped(*event.after, order.form));
  if (!before) return "";
  // Gone, or out of the selection: the last state that was selected, with the version of the
  // change.
  auto last = *event.before;
  last.resourceVersion = std::to_string(event.revision);
  return line("DELETED", shaped(last, order.form));
}

std::string Api::bookmarkLine(WatchOrder const& order, std::uint64_t revision) {
  json::object metadata{{"resourceVersion", std::to_string(revision)},
                        {"creationTimestamp", nullptr}};
  bool const partial = order.form == Form::partial;
  return line("BOOKMARK", {{"kind", partial ? "PartialObjectMetadata" : "Secret"},
                           {"apiVersion", partial ? "meta.k8s.io/v1" : "v1"},
                           {"metadata", std::move(metadata)}});
}

std::string Api::errorLine(Status const& status) { return line("ERROR", status.json()); }

}  // namespace kms_secretd::fakes::kube
