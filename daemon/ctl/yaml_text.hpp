// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace kms_secretd::ctl {

/// `value` as a YAML document in block style, which any YAML reader takes for the same value: a
/// text is written without quotes only where no reader could take it for anything else. Pure.
[[nodiscard]] std::string yamlText(boost::json::value const& value);

}  // namespace kms_secretd::ctl
