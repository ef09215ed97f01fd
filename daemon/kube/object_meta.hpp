// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "core/observed.hpp"

namespace kms_secretd::kube {

/// What metadata says of an object; nothing where it names no uid or no resourceVersion. Unknown
/// members are ignored, and kubectl's last-applied-configuration is left out, for it holds values.
/// Any thread, as all here; pure.
[[nodiscard]] std::optional<core::Observed> observedOf(boost::json::object const& metadata);

/// The metadata of a document of kind PartialObjectMetadata (meta.k8s.io/v1), or null: any other
/// kind is refused, a full Secret first of all.
[[nodiscard]] boost::json::object const* metadataOf(boost::json::object const& document);

/// Reads a PartialObjectMetadata reply.
[[nodiscard]] std::optional<core::Observed> parseObjectMetadata(std::string_view json);

/// Reads the reply to a dry run: a new object was stored nowhere and so has no resourceVersion
/// (seen on 1.20.2).
[[nodiscard]] std::optional<core::Observed> parseDryRunMetadata(std::string_view json);

/// Reads a Table reply (meta.k8s.io/v1) of one Secret: metadata from the row's object, type and
/// number of data keys from the columns "Type" and "Data" (seen on 1.20.2: Name, Type, Data, Age;
/// Data is a number). A row without those columns leaves them unknown.
[[nodiscard]] std::optional<core::Observed> parseTable(std::string_view json);

}  // namespace kms_secretd::kube
