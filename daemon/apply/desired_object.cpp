// SPDX-License-Identifier: Apache-2.0
#include "apply/desired_object.hpp"

#include "core/marks.hpp"

namespace kms_secretd::apply {

namespace marks = core::marks;

ApplyRequest desiredObject(Performance const& performance) {
  auto const& definition = performance.definition;
  bool const owner = definition.creation == core::CreationPolicy::owner;
  ApplyRequest request;
  request.target = definition.id;
  request.fieldManager = marks::fieldManager(performance.instance);
  if (owner) request.type = definition.type;
  request.immutable = owner && definition.immutable;
  request.labels = marks::labels(definition, performance.instance);
  // Not over a label of the same name that the definition sets itself.
  if (owner && performance.plan.claimCreated) {
    request.labels.emplace(marks::managedByLabel, marks::managedByValue);
  }
  request.annotations = marks::annotations(definition, performance.rendered);
  request.data = performance.rendered.keys;
  return request;
}

std::vector<std::string> keysOf(ApplyRequest const& request) {
  std::vector<std::string> keys;
  for (auto const& [key, value] : request.data) keys.push_back(key);
  return keys;
}

}  // namespace kms_secretd::apply
