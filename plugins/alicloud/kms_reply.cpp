// SPDX-License-Identifier: Apache-2.0
#include "alicloud/kms_reply.hpp"

#include <stdexcept>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "alicloud/base64.hpp"
#include "alicloud/json_document.hpp"
#include "alicloud/redaction.hpp"

namespace kms_secretd::alicloud {
namespace {

namespace json = boost::json;

// Thrown by the readers below and caught in parseSecretValue(): twelve members would otherwise be
// twelve early returns.
class BrokenReply : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] void broken(std::string_view member, std::string const& what) {
  throw BrokenReply("its " + std::string(member) + ' ' + what);
}

json::value const* memberOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string_view viewOf(json::value const& value, std::string_view name) {
  auto const* text = value.if_string();
  if (text == nullptr) broken(name, "is not a string");
  return {text->data(), text->size()};
}

std::string_view optionalText(json::object const& object, std::string_view name) {
  auto const* value = memberOf(object, name);
  return value == nullptr ? std::string_view{} : viewOf(*value, name);
}

std::string_view requiredText(json::object const& object, std::string_view name) {
  auto const* value = memberOf(object, name);
  if (value == nullptr) broken(name, "is missing");
  return viewOf(*value, name);
}

sdk::DataType dataTypeOf(json::object const& reply) {
  auto const type = dataTypeNamed(optionalText(reply, "SecretDataType"));
  if (!type) broken("SecretDataType", "is neither text nor binary");
  return *type;
}

sdk::SecretBytes valueOf(json::object const& reply, sdk::DataType type) {
  auto bytes = secretDataOf(requiredText(reply, "SecretData"), type);
  if (!bytes) broken("SecretData", std::string(notBase64));
  return std::move(*bytes);
}

// {"VersionStages":{"VersionStage":["ACSCurrent"]}}: an object around the list.
std::vector<std::string> stagesOf(json::object const& reply) {
  auto const* outer = memberOf(reply, "VersionStages");
  if (outer == nullptr) return {};
  if (!outer->is_object()) broken("VersionStages", "is not an object");
  auto const* list = memberOf(outer->get_object(), "VersionStage");
  if (list == nullptr) return {};
  if (!list->is_array()) broken("VersionStages", "holds no list");
  std::vector<std::string> stages;
  for (auto const& stage : list->get_array()) stages.emplace_back(viewOf(stage, "VersionStages"));
  return stages;
}

std::string requiredVersionId(json::object const& reply) {
  auto const id = requiredText(reply, "VersionId");
  if (id.empty()) broken("VersionId", "is empty");
  return std::string(id);
}

SecretValueReply replyOf(json::object const& reply) {
  auto const type = dataTypeOf(reply);
  return {.secretName = std::string(optionalText(reply, "SecretName")),
          .secret = {.value = valueOf(reply, type),
                     .dataType = type,
                     .versionId = requiredVersionId(reply),
                     .stages = stagesOf(reply),
                     .secretType = std::string(optionalText(reply, "SecretType")),
                     .nextRotation = std::string(optionalText(reply, "NextRotationDate")),
                     .rotationState = std::string(optionalText(reply, "AutomaticRotation")),
                     .extendedConfig = sdk::SecretBytes(optionalText(reply, "ExtendedConfig")),
                     .requestId = plainIdentifier(optionalText(reply, "RequestId"))}};
}

sdk::Failure invalid(std::string fragment) {
  return {.kind = sdk::FailureKind::invalid_response, .message = std::move(fragment)};
}

}  // namespace

std::optional<sdk::DataType> dataTypeNamed(std::string_view name) noexcept {
  if (name.empty() || name == "text") return sdk::DataType::text;
  if (name == "binary") return sdk::DataType::binary;
  return std::nullopt;
}

std::optional<sdk::SecretBytes> secretDataOf(std::string_view text, sdk::DataType type) {
  if (type == sdk::DataType::text) return sdk::SecretBytes(text);
  return decodeBase64(text);
}

sdk::Result<SecretValueReply> parseSecretValue(std::string_view body, json::storage_ptr storage) {
  auto const document = parseJson(body, std::move(storage));
  if (!document.ok()) return invalid("it is " + document.problem);
  if (!document.root.is_object()) return invalid("it is JSON but not an object");
  try {
    return replyOf(document.root.get_object());
  } catch (BrokenReply const& error) {
    return invalid(error.what());
  }
}

}  // namespace kms_secretd::alicloud
