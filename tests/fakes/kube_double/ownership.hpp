// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fakes/kube_double/object.hpp"
#include "fakes/kube_double/parse.hpp"
#include "fakes/kube_double/status.hpp"

/// Who holds what: the field management of kube-apiserver 1.20.2 as it was seen on a real one.
namespace kms_secretd::fakes::kube {

/// Who changes an object, and how.
struct Change {
  std::string manager{};
  bool force = false;
};

/// Server-side apply of `config` over `live` (or onto nothing). The object that results, or the
/// 409 that names the conflicts. Identity and version of the result are those of `live`.
[[nodiscard]] std::variant<Secret, Status> applyOver(std::optional<Secret> const& live,
                                                     Secret const& config, Change const& change);

/// Any other write: what changes from `live` to `next` becomes the manager's.
[[nodiscard]] Secret updateOver(std::optional<Secret> const& live, Body next, Change const& change);

}  // namespace kms_secretd::fakes::kube
