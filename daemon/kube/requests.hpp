// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/host.hpp>
#include <kms-secretd/secret_bytes.hpp>
#include <kms-secretd/transport.hpp>

#include "apply/kube_api.hpp"
#include "core/names.hpp"

namespace kms_secretd::kube {

/// What replies are asked for: metadata, never a whole Secret. No plain application/json stands
/// behind them as a second choice: a server that knows neither answers 406 instead of values.
inline constexpr char const* acceptMetadata =
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
inline constexpr char const* acceptMetadataList =
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
inline constexpr char const* acceptTable = "application/json;as=Table;v=v1;g=meta.k8s.io";

/// `text` as one segment of a path or a value of a query: everything but RFC 3986's unreserved
/// characters is percent-encoded. Any thread and pure, as all here.
[[nodiscard]] std::string escaped(std::string_view text);

/// "/api/v1/namespaces/NS/secrets", and "/NAME" where there is one.
[[nodiscard]] std::string secretsPath(std::string const& namespaceName, std::string const& name);

/// A GET of one Secret as Table with metadata in its row.
[[nodiscard]] sdk::HttpRequest tableRequest(core::TargetId const& target);
/// A GET of one Secret's metadata.
[[nodiscard]] sdk::HttpRequest metadataRequest(core::TargetId const& target);
/// A server-side apply. The values go straight into the wiped body.
[[nodiscard]] sdk::HttpRequest applyRequest(apply::ApplyRequest const& request);
/// A merge patch of one Secret under our field manager.
[[nodiscard]] sdk::HttpRequest mergePatchRequest(apply::KeyChange const& change,
                                                 sdk::SecretBytes&& body);
/// The body that removes keys from data.
[[nodiscard]] sdk::SecretBytes removeKeysBody(apply::KeyChange const& change);
/// The body that replaces metadata.managedFields by `managedFields` (JSON).
[[nodiscard]] sdk::SecretBytes managedFieldsBody(apply::KeyChange const& change,
                                                 std::string_view managedFields);
/// A DELETE with uid and resourceVersion as preconditions, whichever are given.
[[nodiscard]] sdk::HttpRequest deleteRequest(apply::KeyChange const& change);
/// A TokenRequest; lifetimes under 10 minutes become 10 minutes, the least a server takes.
[[nodiscard]] sdk::HttpRequest tokenRequest(sdk::ServiceAccountTokenRequest const& request);

}  // namespace kms_secretd::kube
