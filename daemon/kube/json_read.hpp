// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

namespace kms_secretd::kube {

/// A room for one document that is given back as a whole, so that nothing is allocated, wiped and
/// freed node by node. The document must go before it.
class DocumentMemory {
 public:
  /// For boost::json: where the document's nodes go.
  [[nodiscard]] boost::json::storage_ptr storage() noexcept { return &blocks_; }

 private:
  boost::json::monotonic_resource blocks_{4096};  ///< an ordinary Secret's metadata fits
};

/// Reads one JSON document nested at most 64 deep into `storage`, or nothing where it is not JSON.
/// Its size is bounded by the transport. Any thread, as all here.
[[nodiscard]] std::optional<boost::json::value> parseJson(std::string_view text,
                                                          boost::json::storage_ptr storage = {});

/// The member `name` of `object`, or null. Members of the wrong type count as absent: replies come
/// from a peer, and unknown things in them are not ours to judge.
[[nodiscard]] boost::json::object const* objectOf(boost::json::object const& object,
                                                  std::string_view name);
[[nodiscard]] boost::json::array const* arrayOf(boost::json::object const& object,
                                                std::string_view name);
[[nodiscard]] std::string_view textOf(boost::json::object const& object, std::string_view name);

/// A Boost view as a standard one.
[[nodiscard]] inline std::string_view view(boost::json::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace kms_secretd::kube
