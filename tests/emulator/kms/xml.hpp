// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace kms_secretd::emulator {

/// The XML form that a client gets who did not ask for JSON: same names, lists as repeated
/// elements, `root` is `KMS` or `Error` (KMS protocol, one response per secret type).
std::string renderXml(std::string_view root, const boost::json::object& members);

}  // namespace kms_secretd::emulator
