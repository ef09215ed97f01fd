// SPDX-License-Identifier: Apache-2.0
#include "kube/managed_meta.hpp"

#include <boost/json/serialize.hpp>

#include "kube/json_read.hpp"
#include "kube/managed_fields.hpp"
#include "kube/object_meta.hpp"

namespace kms_secretd::kube {

std::optional<Released> releasedManagedFields(std::string_view text,
                                              apply::KeyChange const& change) {
  auto const document = parseJson(text);
  auto const* const object = document ? document->if_object() : nullptr;
  auto const* const metadata = object == nullptr ? nullptr : metadataOf(*object);
  auto before = metadata == nullptr ? std::nullopt : observedOf(*metadata);
  if (!before) return std::nullopt;
  Released released{.before = *std::move(before)};
  auto const* const entries = arrayOf(*metadata, "managedFields");
  if (entries == nullptr) return released;
  auto left = *entries;
  if (release(left, change)) released.managedFields = boost::json::serialize(left);
  return released;
}

}  // namespace kms_secretd::kube
