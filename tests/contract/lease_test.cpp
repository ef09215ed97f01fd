// SPDX-License-Identifier: Apache-2.0
// The Lease as daemon/kube speaks of it, with the server's preconditions.
#include <string>

#include "kube/lease.hpp"
#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::cluster;
using core::KubeFailureKind;
using MaybeLease = std::optional<kube::Lease>;

namespace {

// A namespace of its own, and what the server answers in it.
class Place {
 public:
  explicit Place(bool exists = true) : place_{cluster().freshName(), "kms-secretd-default"} {
    if (exists) cluster().admin().createNamespace(place_.namespaceName);
  }
  [[nodiscard]] core::KubeResult<MaybeLease> tryRead() const {
    return cluster().client().readLease(place_, call());
  }
  [[nodiscard]] MaybeLease read() const {
    auto result = tryRead();
    if (auto const* why = std::get_if<core::KubeFailure>(&result)) FAIL(why->message.c_str());
    return std::get<MaybeLease>(std::move(result));
  }
  [[nodiscard]] core::KubeResult<kube::Lease> tryWrite(kube::Lease const& lease) const {
    return cluster().client().writeLease(place_, lease, call());
  }
  [[nodiscard]] kube::Lease write(kube::Lease const& lease) const {
    auto result = tryWrite(lease);
    if (auto const* why = std::get_if<core::KubeFailure>(&result)) FAIL(why->message.c_str());
    return std::get<kube::Lease>(std::move(result));
  }
  [[nodiscard]] KubeFailureKind refusal(kube::Lease const& lease) const {
    auto const result = tryWrite(lease);
    if (std::holds_alternative<kube::Lease>(result)) FAIL("it was written");
    return std::get<core::KubeFailure>(result).kind;
  }

 private:
  static apply::KubeCall call() {
    return {.deadline = cluster().clock().boot() + std::chrono::seconds(30),
            .cancellation = nullptr};
  }
  core::LeasePlace place_;
};

kube::Lease heldBy(std::string holder) {
  auto const now = kube::microTime(cluster().clock().wall());
  kube::Lease lease;
  lease.record = {.holder = std::move(holder),
                  .duration = std::chrono::seconds(15),
                  .acquireTime = now,
                  .renewTime = now,
                  .transitions = 2};
  lease.annotations = {{"member.kms-secretd.io/0123456789", "node-a abc 1"}};
  return lease;
}

}  // namespace

TEST_GROUP(ContractLease){};

TEST(ContractLease, AnAbsentOneIsAValue) {
  CHECK_FALSE(Place().read().has_value());
  CHECK_FALSE(Place(false).read().has_value());
}

TEST(ContractLease, IsReadAsItWasWritten) {
  Place const place;
  auto const lease = heldBy("node-a_1");
  auto const written = place.write(lease);
  CHECK_TRUE(written.record == lease.record);
  auto const read = place.read();
  CHECK_TRUE(read.has_value());
  CHECK_TRUE(read->record == lease.record);
  CHECK_TRUE(read->annotations == lease.annotations);
  STRCMP_EQUAL(written.resourceVersion.c_str(), read->resourceVersion.c_str());
}

TEST(ContractLease, OfTwoThatCreateItOneSucceeds) {
  Place const place;
  (void)place.write(heldBy("node-a_1"));
  CHECK_TRUE(place.refusal(heldBy("node-b_2")) == KubeFailureKind::changed);
  STRCMP_EQUAL("node-a_1", place.read()->record.holder.c_str());
}

TEST(ContractLease, OfTwoThatTookTheSameVersionOneSucceeds) {
  Place const place;
  auto ours = place.write(heldBy("node-a_1"));
  auto theirs = ours;
  theirs.record.holder = "node-b_2";
  auto const now = place.write(theirs);
  CHECK_TRUE(now.resourceVersion != ours.resourceVersion);
  ours.record.holder = "node-c_3";
  CHECK_TRUE(place.refusal(ours) == KubeFailureKind::changed);
  STRCMP_EQUAL("node-b_2", place.read()->record.holder.c_str());
}

TEST(ContractLease, KeepsItsIdentityAndLosesWhatIsLeftOut) {
  Place const place;
  auto lease = place.write(heldBy("node-a_1"));
  lease.annotations.clear();
  lease.record.holder.clear();
  lease.record.duration = std::chrono::seconds(1);
  auto const released = place.write(lease);
  CHECK_TRUE(released.annotations.empty());
  STRCMP_EQUAL("", released.record.holder.c_str());
  CHECK_TRUE(released.record == place.read()->record);
  CHECK_TRUE(released.document.at("metadata").as_object().at("uid") ==
             lease.document.at("metadata").as_object().at("uid"));
}

TEST(ContractLease, ThatChangesNothingKeepsItsVersion) {
  Place const place;
  auto const first = place.write(heldBy("node-a_1"));
  STRCMP_EQUAL(first.resourceVersion.c_str(), place.write(first).resourceVersion.c_str());
}

TEST(ContractLease, InANamespaceThatIsNotThereSaysSo) {
  CHECK_TRUE(Place(false).refusal(heldBy("node-a_1")) == KubeFailureKind::namespace_absent);
}

TEST(ContractLease, ThatSomebodyDeletedIsMadeAnewByItsHoldersRenewal) {
  Place const place;
  auto lease = heldBy("node-a_1");
  lease.resourceVersion = "1";
  STRCMP_EQUAL("node-a_1", place.write(lease).record.holder.c_str());
  CHECK_TRUE(place.refusal(lease) == KubeFailureKind::changed);
}
