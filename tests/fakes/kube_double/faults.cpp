// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/faults.hpp"

#include <utility>

namespace kms_secretd::fakes::kube {

void Faults::add(Fault fault) {
  std::scoped_lock const lock(mutex_);
  faults_.push_back(std::move(fault));
}

void Faults::clear() {
  std::scoped_lock const lock(mutex_);
  faults_.clear();
}

std::optional<Fault> Faults::hit(std::string const& method, std::string const& path) {
  std::scoped_lock const lock(mutex_);
  for (auto& fault : faults_) {
    bool const matches = (fault.method.empty() || fault.method == method) &&
                         path.find(fault.pathContains) != std::string::npos;
    if (!matches || fault.times == 0) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    if (fault.times > 0) --fault.times;
    return fault;
  }
  return std::nullopt;
}

std::optional<Fault::Kind> Faults::kindNamed(std::string const& name) {
  if (name == "status") return Fault::Kind::status;
  if (name == "reset") return Fault::Kind::reset;
  if (name == "garbage") return Fault::Kind::garbage;
  if (name == "truncate") return Fault::Kind::truncate;
  if (name == "delay") return Fault::Kind::delay;
  if (name == "hang") return Fault::Kind::hang;
  return std::nullopt;
}

}  // namespace kms_secretd::fakes::kube
