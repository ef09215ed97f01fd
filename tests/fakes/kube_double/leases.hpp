// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <variant>

#include "fakes/kube_double/status.hpp"

namespace kms_secretd::fakes::kube {

/// The Leases of one cluster as whole documents, with the preconditions of kube-apiserver 1.20.2.
/// Thread-safe.
class Leases {
 public:
  using Place = std::pair<std::string, std::string>;  ///< namespace and name
  using Result = std::variant<boost::json::object, Status>;

  Result get(Place const& place) const;
  /// A POST into `namespaceName`, which must be there.
  Result create(std::string const& namespaceName, std::string const& body);
  /// A PUT, which must carry the resourceVersion of what is there; where nothing is there it makes
  /// a new one, whatever version it carries (seen on 1.20.2).
  Result replace(Place const& place, std::string const& body);

 private:
  boost::json::object made(Place const& place, boost::json::object lease);
  boost::json::object stored(Place const& place, boost::json::object lease);

  mutable std::mutex mutex_;
  std::map<Place, boost::json::object> leases_;
  std::uint64_t revision_ = 1;
};

}  // namespace kms_secretd::fakes::kube
