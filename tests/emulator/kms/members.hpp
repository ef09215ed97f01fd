// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include "emulator/kms/secret_store.hpp"
#include "emulator/settings.hpp"

namespace kms_secretd::emulator {

/// `{"VersionStage":["ACSCurrent"]}`: the OpenAPI's extra level around the list.
boost::json::object stagesMember(const Version& version);
/// `{"Tag":[{"TagKey":..,"TagValue":..}]}`.
boost::json::object tagsMember(const Secret& secret);
/// LastRotationDate, NextRotationDate, RotationInterval, AutomaticRotation where they apply
/// (KMS protocol, response members).
void addRotation(boost::json::object& into, const Secret& secret);
std::string arnOf(const Secret& secret, const Settings& settings);

}  // namespace kms_secretd::emulator
