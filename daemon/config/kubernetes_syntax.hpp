// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kms_secretd::config {

/// What is wrong with a text, as the end of a sentence ("is longer than 63 characters"); nothing if
/// it is well formed. The rules are those of the Kubernetes API server (apimachinery's validation).
using Fault = std::optional<std::string>;

/// An RFC 1123 label: namespaces, the instance.
[[nodiscard]] Fault labelFault(std::string_view text);
/// An RFC 1123 subdomain: names of Secrets.
[[nodiscard]] Fault subdomainFault(std::string_view text);
/// A key of a Secret's data.
[[nodiscard]] Fault dataKeyFault(std::string_view text);
/// The type of a Secret: what the API server takes.
[[nodiscard]] Fault secretTypeFault(std::string_view text);
/// Why a type is refused unless [daemon] allows it: it mints credentials, or takes them.
[[nodiscard]] Fault tokenTypeFault(std::string_view text);
/// The key of a label or an annotation; the names that kms-secretd keeps for itself are refused.
[[nodiscard]] Fault metadataKeyFault(std::string_view text);
/// The name of a change that is held until it is approved.
[[nodiscard]] Fault approvalFault(std::string_view text);
/// The value of a label.
[[nodiscard]] Fault labelValueFault(std::string_view text);
/// The name of a store: letters, digits, "-" and "_".
[[nodiscard]] Fault storeNameFault(std::string_view text);
/// A name as a backend takes it: any text without control characters and blanks around it.
[[nodiscard]] Fault sourceNameFault(std::string_view text);
/// An absolute path.
[[nodiscard]] Fault absolutePathFault(std::string_view text);
/// A numeric address and a port: "127.0.0.1:9469", "[::1]:9469".
[[nodiscard]] Fault listenFault(std::string_view text);

/// The type that was probably meant, where `type` looks like one of Kubernetes' own and is none.
[[nodiscard]] std::optional<std::string> probableType(std::string_view type);

}  // namespace kms_secretd::config
