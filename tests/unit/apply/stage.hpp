// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apply/perform.hpp"
#include "core/marks.hpp"
#include "fakes/fake_kube_api.hpp"

namespace kms_secretd::tests {

/// A plan for payments/db with the keys "password" and "user", and a scripted API server.
struct Scene {
  Scene() {
    definition.id = {"default", "payments", "db"};
    definition.hash = "hash-1";
    definition.labels = std::map<std::string, std::string>{{"app", "payments"}};
    rendered.keys.push_back({"password", sdk::SecretBytes("s3cret")});
    rendered.keys.push_back({"user", sdk::SecretBytes("root")});
    rendered.digest.fill(7);
    rendered.versions = {{{"shared", "prod/db", "", ""}, "v1"}};
    observed = object("u1", "10", {entry("kms-secretd/default", true, {"password", "user"})});
    observed.type = "Opaque";
    observed.dataCount = 2;
    plan.uid = "u1";
    plan.resourceVersion = "10";
  }

  static core::ManagedEntry entry(std::string manager, bool apply, std::vector<std::string> keys) {
    core::ManagedEntry made;
    made.manager = std::move(manager);
    made.apply = apply;
    made.dataKeys = std::move(keys);
    made.type = apply;
    return made;
  }
  static core::Observed object(std::string uid, std::string resourceVersion,
                               std::vector<core::ManagedEntry> managed) {
    core::Observed made;
    made.exists = true;
    made.uid = std::move(uid);
    made.resourceVersion = std::move(resourceVersion);
    made.managed = std::move(managed);
    return made;
  }
  static core::Observed ours(std::string resourceVersion) {
    return object("u1", std::move(resourceVersion),
                  {entry("kms-secretd/default", true, {"password", "user"})});
  }
  static apply::ApplyReply reply(core::Observed object, bool created = false) {
    return {created, std::move(object)};
  }
  static core::KubeFailure failure(core::KubeFailureKind kind) {
    core::KubeFailure made;
    made.kind = kind;
    made.message = "the server says so";
    return made;
  }
  static core::KubeFailure contest() {
    auto made = failure(core::KubeFailureKind::contested);
    made.status = 409;
    made.conflicts = {{"kubectl-edit", ".data.password"}};
    return made;
  }

  core::KubeResult<apply::Applied> perform(core::Action action) {
    plan.action = action;
    return apply::perform({definition, rendered, plan, observed, "default"}, api,
                          {{}, &cancellation});
  }
  /// The annotation of the keys in the n-th call, which must be an apply.
  std::string keysAnnotation(std::size_t n) const {
    return api.calls().at(n).apply.annotations.at(core::marks::keysAnnotation);
  }

  struct Never final : sdk::Cancellation {
    [[nodiscard]] bool requested() const noexcept override { return false; }
    [[nodiscard]] int wakeFd() const noexcept override { return -1; }
  };

  core::TargetDefinition definition;
  core::Rendered rendered;
  core::Plan plan;
  core::Observed observed;
  fakes::FakeKubeApi api;
  Never cancellation;
};

}  // namespace kms_secretd::tests
