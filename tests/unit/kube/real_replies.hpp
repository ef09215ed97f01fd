// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Replies as kube-apiserver 1.20.2 gave them (descriptions shortened).
namespace kms_secretd::kube::test {

inline constexpr std::string_view metadataReply = R"({
  "kind": "PartialObjectMetadata",
  "apiVersion": "meta.k8s.io/v1",
  "metadata": {
    "name": "db",
    "namespace": "payments",
    "uid": "95a9dc72-9121-4855-8fc7-a74a241b6503",
    "resourceVersion": "203",
    "creationTimestamp": "2026-11-24T01:34:13Z",
    "labels": {
      "kms-secretd.io/instance": "default"
    },
    "annotations": {
      "kms-secretd.io/keys": "a,b"
    },
    "managedFields": [
      {
        "manager": "kms-secretd/default",
        "operation": "Apply",
        "apiVersion": "v1",
        "time": "2026-11-24T01:34:13Z",
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:data":{"f:a":{},"f:b":{}},"f:metadata":{"f:annotations":{"f:kms-secretd.io/keys":{}},"f:labels":{"f:kms-secretd.io/instance":{}}},"f:type":{}}
      }
    ]
  }
})";

inline constexpr std::string_view tableReply = R"({
  "kind": "Table",
  "apiVersion": "meta.k8s.io/v1",
  "metadata": {
    "resourceVersion": "203"
  },
  "columnDefinitions": [
    {"name": "Name", "type": "string", "format": "name", "description": "...", "priority": 0},
    {"name": "Type", "type": "string", "format": "", "description": "...", "priority": 0},
    {"name": "Data", "type": "string", "format": "", "description": "...", "priority": 0},
    {"name": "Age", "type": "string", "format": "", "description": "...", "priority": 0}
  ],
  "rows": [
    {
      "cells": [
        "db",
        "Opaque",
        2,
        "0s"
      ],
      "object": {"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"db","namespace":"payments","uid":"95a9dc72-9121-4855-8fc7-a74a241b6503","resourceVersion":"203","creationTimestamp":"2026-11-24T01:34:13Z","labels":{"kms-secretd.io/instance":"default"},"annotations":{"kms-secretd.io/keys":"a,b"},"managedFields":[{"manager":"kms-secretd/default","operation":"Apply","apiVersion":"v1","time":"2026-11-24T01:34:13Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{},"f:b":{}},"f:metadata":{"f:annotations":{"f:kms-secretd.io/keys":{}},"f:labels":{"f:kms-secretd.io/instance":{}}},"f:type":{}}}]}}
    }
  ]
})";

inline constexpr std::string_view conflictReply = R"({
  "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
  "message": "Apply failed with 2 conflicts: conflicts with \"kms-secretd/default\":\n- .data.a\n- .data.b",
  "reason": "Conflict",
  "details": {
    "causes": [
      {"reason": "FieldManagerConflict", "message": "conflict with \"kms-secretd/default\"", "field": ".data.a"},
      {"reason": "FieldManagerConflict", "message": "conflict with \"kubectl\" with subresource \"status\" using v1", "field": ".data.b"}
    ]
  },
  "code": 409
})";

inline constexpr std::string_view modifiedReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Operation cannot be fulfilled on secrets \"db\": the object has been modified; please apply your changes to the latest version and try again","reason":"Conflict","details":{"name":"db","kind":"secrets"},"code":409})";

inline constexpr std::string_view uidReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Secret \"db\" is invalid: metadata.uid: Invalid value: \"1111\": field is immutable","reason":"Invalid","details":{"name":"db","kind":"Secret","causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \"1111\": field is immutable","field":"metadata.uid"},{"reason":"FieldValueInvalid","message":"Invalid value: \"1111\": field is immutable","field":"metadata.uid"}]},"code":422})";

inline constexpr std::string_view typeReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Secret \"db\" is invalid: type: Invalid value: \"kms/x\": field is immutable","reason":"Invalid","details":{"name":"db","kind":"Secret","causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \"kms/x\": field is immutable","field":"type"}]},"code":422})";

inline constexpr std::string_view immutableReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Secret \"db\" is invalid: data: Forbidden: field is immutable when `immutable` is set","reason":"Invalid","details":{"name":"db","kind":"Secret","causes":[{"reason":"FieldValueForbidden","message":"Forbidden: field is immutable when `immutable` is set","field":"data"}]},"code":422})";

inline constexpr std::string_view badKeyReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Secret \"db\" is invalid: data[a/b]: Invalid value: \"a/b\": a valid config key must consist of","reason":"Invalid","details":{"name":"db","kind":"Secret","causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \"a/b\": a valid config key must consist of","field":"data[a/b]"}]},"code":422})";

inline constexpr std::string_view noNamespaceReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"namespaces \"payments\" not found","reason":"NotFound","details":{"name":"payments","kind":"namespaces"},"code":404})";

inline constexpr std::string_view noSecretReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"db\" not found","reason":"NotFound","details":{"name":"db","kind":"secrets"},"code":404})";

inline constexpr std::string_view forbiddenReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"db\" is forbidden: User \"kms-secretd\" cannot patch resource \"secrets\" in API group \"\" in the namespace \"payments\"","reason":"Forbidden","details":{"name":"db","kind":"secrets"},"code":403})";

inline constexpr std::string_view anonymousReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"db\" is forbidden: User \"system:anonymous\" cannot get resource \"secrets\" in API group \"\" in the namespace \"payments\"","reason":"Forbidden","details":{"name":"db","kind":"secrets"},"code":403})";

inline constexpr std::string_view terminatingNamespaceReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"db\" is forbidden: unable to create new content in namespace payments because it is being terminated","reason":"Forbidden","details":{"name":"db","kind":"secrets","causes":[{"reason":"NamespaceTerminating","message":"namespace payments is being terminated","field":"metadata.namespace"}]},"code":403})";

inline constexpr std::string_view unauthorizedReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401})";

inline constexpr std::string_view deletedReply =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"db","kind":"secrets","uid":"95a9dc72-9121-4855-8fc7-a74a241b6503"}})";

}  // namespace kms_secretd::kube::test
