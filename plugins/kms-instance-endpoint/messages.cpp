// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/messages.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "alicloud/redaction.hpp"
#include "kms-instance-endpoint/utf8.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

using protozero::pbf_wire_type;

// Field numbers of KMS protocol 5.4.
namespace request_field {
constexpr protozero::pbf_tag_type secretName = 1;
constexpr protozero::pbf_tag_type versionStage = 2;
constexpr protozero::pbf_tag_type versionId = 3;
constexpr protozero::pbf_tag_type fetchExtendedConfig = 4;
}  // namespace request_field

enum class Field : protozero::pbf_tag_type {
  secret_name = 1,
  secret_type,
  secret_data,
  secret_data_type,
  version_stages,
  version_id,
  create_time,
  request_id,
  last_rotation_date,
  next_rotation_date,
  extended_config,
  automatic_rotation,
  rotation_interval,
};

constexpr std::array<char const*, 14> fieldNames{"",
                                                 "SecretName",
                                                 "SecretType",
                                                 "SecretData",
                                                 "SecretDataType",
                                                 "VersionStages",
                                                 "VersionId",
                                                 "CreateTime",
                                                 "RequestId",
                                                 "LastRotationDate",
                                                 "NextRotationDate",
                                                 "ExtendedConfig",
                                                 "AutomaticRotation",
                                                 "RotationInterval"};

namespace error_field {
constexpr protozero::pbf_tag_type code = 2;
constexpr protozero::pbf_tag_type message = 3;
constexpr protozero::pbf_tag_type requestId = 4;
}  // namespace error_field

// Thrown by the readers below and caught in decodeSecretValue().
class BrokenReply : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] void broken(std::string_view field, std::string_view what) {
  throw BrokenReply("its " + std::string(field) + ' ' + std::string(what));
}

// The text fields of a reply, as views into its body.
class ReplyFields {
 public:
  explicit ReplyFields(std::string_view body) {
    protozero::pbf_reader reader(body.data(), body.size());
    while (reader.next()) take(reader);
  }

  [[nodiscard]] std::string_view text(Field field) const { return texts_.at(indexOf(field)); }
  [[nodiscard]] std::string_view required(Field field) const {
    if (!seen_.at(indexOf(field))) broken(fieldNames.at(indexOf(field)), "is missing");
    return text(field);
  }
  [[nodiscard]] std::vector<std::string> const& stages() const noexcept { return stages_; }

 private:
  static std::size_t indexOf(Field field) { return static_cast<std::size_t>(field); }

  void take(protozero::pbf_reader& reader) {
    auto const index = static_cast<std::size_t>(reader.tag());
    if (index >= fieldNames.size()) return reader.skip();
    auto const* name = fieldNames.at(index);
    if (reader.wire_type() != pbf_wire_type::length_delimited) broken(name, "is not a text");
    auto const view = reader.get_view();
    std::string_view const value(view.data(), view.size());
    if (!isUtf8(value)) broken(name, "is not UTF-8");
    if (index == indexOf(Field::version_stages)) {
      stages_.emplace_back(value);
      return;
    }
    // Which of two values is meant is a guess, and a wrong one would be written into a Secret.
    if (std::exchange(seen_.at(index), true)) broken(name, "is there twice");
    texts_.at(index) = value;
  }

  std::array<std::string_view, fieldNames.size()> texts_{};
  std::array<bool, fieldNames.size()> seen_{};
  std::vector<std::string> stages_;
};

sdk::DataType dataTypeOf(ReplyFields const& reply) {
  auto const type = alicloud::dataTypeNamed(reply.text(Field::secret_data_type));
  if (!type) broken("SecretDataType", "is neither text nor binary");
  return *type;
}

sdk::SecretBytes valueOf(ReplyFields const& reply, sdk::DataType type) {
  auto bytes = alicloud::secretDataOf(reply.required(Field::secret_data), type);
  if (!bytes) broken("SecretData", alicloud::notBase64);
  return std::move(*bytes);
}

std::string versionIdOf(ReplyFields const& reply) {
  auto const id = reply.required(Field::version_id);
  if (id.empty()) broken("VersionId", "is empty");
  return std::string(id);
}

alicloud::SecretValueReply replyOf(ReplyFields const& reply) {
  auto const type = dataTypeOf(reply);
  return {.secretName = std::string(reply.text(Field::secret_name)),
          .secret = {.value = valueOf(reply, type),
                     .dataType = type,
                     .versionId = versionIdOf(reply),
                     .stages = reply.stages(),
                     .secretType = std::string(reply.text(Field::secret_type)),
                     .nextRotation = std::string(reply.text(Field::next_rotation_date)),
                     .rotationState = std::string(reply.text(Field::automatic_rotation)),
                     .extendedConfig = sdk::SecretBytes(reply.text(Field::extended_config)),
                     .requestId = alicloud::plainIdentifier(reply.text(Field::request_id))}};
}

sdk::Failure invalid(std::string fragment) {
  return {.kind = sdk::FailureKind::invalid_response, .message = std::move(fragment)};
}

// A text field of an Error; anything else under that number makes it no Error.
std::string errorText(protozero::pbf_reader& reader) {
  if (reader.wire_type() != pbf_wire_type::length_delimited) {
    throw protozero::unknown_pbf_wire_type_exception();
  }
  return reader.get_string();
}

alicloud::RpcError errorOf(std::string_view body, int status) {
  alicloud::RpcError error{.status = status};
  protozero::pbf_reader reader(body.data(), body.size());
  while (reader.next()) {
    switch (reader.tag()) {
      case error_field::code:
        error.code = alicloud::plainIdentifier(errorText(reader));
        break;
      case error_field::message:
        error.message = errorText(reader);
        break;
      case error_field::requestId:
        error.requestId = alicloud::plainIdentifier(errorText(reader));
        break;
      default:
        reader.skip();
    }
  }
  return error;
}

}  // namespace

std::string encodeGetSecretValue(sdk::FetchRequest const& request) {
  std::string body;
  protozero::pbf_writer writer(body);
  writer.add_string(request_field::secretName, request.name);
  if (!request.versionStage.empty()) {
    writer.add_string(request_field::versionStage, request.versionStage);
  }
  if (!request.versionId.empty()) writer.add_string(request_field::versionId, request.versionId);
  if (request.extendedConfig) writer.add_bool(request_field::fetchExtendedConfig, true);
  return body;
}

sdk::Result<alicloud::SecretValueReply> decodeSecretValue(std::string_view body) {
  try {
    return replyOf(ReplyFields(body));
  } catch (BrokenReply const& error) {
    return invalid(error.what());
  } catch (protozero::exception const&) {
    return invalid("it is truncated, or no protobuf at all");
  }
}

std::optional<alicloud::RpcError> decodeError(std::string_view body, int status) {
  try {
    auto error = errorOf(body, status);
    if (error.code.empty()) return std::nullopt;
    return error;
  } catch (protozero::exception const&) {
    return std::nullopt;
  }
}

}  // namespace kms_secretd::kms_instance_endpoint
