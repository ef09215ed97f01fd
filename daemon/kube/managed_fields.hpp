// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "apply/kube_api.hpp"
#include "core/observed.hpp"

namespace kms_secretd::kube {

/// Reduces one entry of metadata.managedFields (FieldsV1, see structured-merge-diff) to what
/// decisions need; nothing where it is not one that can be read. Any thread, as all here; pure.
[[nodiscard]] std::optional<core::ManagedEntry> managedEntry(boost::json::object const& entry);

/// Takes the keys, labels and annotations of `change` out of every entry but the Apply entry of
/// its field manager. A map left with nothing but "." goes altogether, for the server would read
/// it as the whole map; so does an entry left with nothing. True if anything was taken.
[[nodiscard]] bool release(boost::json::array& managedFields, apply::KeyChange const& change);

}  // namespace kms_secretd::kube
