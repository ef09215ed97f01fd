// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include "emulator/faults/fault_book.hpp"

namespace kms_secretd::emulator {

/// Reads a rule as README.md describes it; throws BadInput.
FaultRule parseFault(const boost::json::value& json);

/// Conditions and counts of a rule.
boost::json::object describeFault(const FaultRule& rule);

}  // namespace kms_secretd::emulator
