// SPDX-License-Identifier: Apache-2.0
#include "kube/object_meta.hpp"
#include "kube/status.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {

void feed(std::string_view input) {
  (void)kube::parseObjectMetadata(input);
  (void)kube::parseTable(input);
  if (auto const status = kube::parseStatus(input)) (void)status->conflicts();
}

std::vector<std::string_view> seeds() {
  return {R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a",
"namespace":"n","uid":"u","resourceVersion":"7","labels":{"l":"v"},"managedFields":[{"manager":"m",
"operation":"Apply","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{".":{},
"f:k":{}},"f:metadata":{"f:labels":{"f:l":{}}}}}]}})",
          R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","columnDefinitions":[{"name":"Name"},
{"name":"Type"},{"name":"Data"},{"name":"Age"}],"rows":[{"cells":["a","Opaque",1,"1s"],
"object":{"kind":"PartialObjectMetadata","metadata":{"name":"a","uid":"u"}}}]})",
          R"({"kind":"Status","status":"Failure","reason":"Conflict","code":409,"message":"m",
"details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"x\" using v1",
"field":".data.k"}]}})"};
}

}  // namespace kms_secretd::fuzz
