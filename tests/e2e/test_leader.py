# SPDX-License-Identifier: Apache-2.0
"""Three daemons of one instance: one works, the others take over, and nobody fights."""

import time

from harness import control, setup
from harness.process import wait_until
from harness.suite import CHECKOUT
from harness.trail import ended
from harness.trio import (LEASE, LEASE_SECONDS, NAMES, RETRY_SECONDS, LeaderCase, Member, leads,
                          wait_for_leader)


class LeaderTest(LeaderCase):
    def test_exactly_one_of_three_works_and_the_others_name_it(self):
        members = self.members()
        leader = self.settled(members)
        self.rotate("a")
        self.wait_in_sync()
        writers = {event["user"]["username"] for event in self.trail(members).of("secrets")}
        self.assertEqual({leader.user}, writers)
        holder = self.lease()["spec"]["holderIdentity"]
        self.assertIn(f"{holder} leads", leader.log())
        for member in members:
            if member is not leader:
                self.assertIn(f"standby: {holder} leads", member.log())

    def test_a_standby_is_ready_and_sends_who_wants_a_sync_to_the_leader(self):
        members = self.members()
        leader = self.settled(members)
        standby = next(member for member in members if member is not leader)
        for member in (leader, standby):
            wait_until(lambda asked=member: control.page(asked.socket, "/readyz")[0] == 200,
                       "it is ready", 30)
        status, said = control.page(standby.socket, "/v1/sync", "POST", '{"all": true}')
        self.assertEqual(409, status, said)
        self.assertIn("ask the one that leads", said)
        status, said = control.page(standby.socket, "/v1/plan", "POST", "{}")
        self.assertEqual(200, status, said)
        self.assertIn('"action":"leave"', said)
        status, said = control.page(leader.socket, "/v1/sync", "POST", '{"all": true}')
        self.assertIn(status, (200, 202), said)

    def test_a_single_daemon_leads_without_a_delay_and_again_after_a_clean_stop(self):
        began = time.monotonic()
        [member] = self.members(1)
        for _ in range(2):
            member.daemon.wait_for_log("LEADER_GAINED", timeout=30)
            self.wait_in_sync()
            member.stop()
            self.assertEqual("", self.lease()["spec"].get("holderIdentity", ""))
            self.assertFalse(self.lease()["metadata"].get("annotations"))
            member.start()
        member.daemon.wait_for_log("LEADER_GAINED", timeout=30)
        # None of three starts waited for a Lease that nobody held: that shows in the records.
        transitions = self.lease()["spec"]["leaseTransitions"]
        self.assertEqual(2, transitions, time.monotonic() - began)

    def test_a_killed_leader_is_followed_within_lease_and_retry_and_only_the_lease_is_written(self):
        members = self.members()
        first = self.settled(members)
        before = {name: self.api.secret(self.namespace, name)["metadata"]["resourceVersion"]
                  for name in NAMES}
        killed = time.time()
        first.kill()
        second = wait_for_leader(members, besides=first)
        trail = self.trail(members)
        since = [since for since, user, _ in trail.holders() if user == second.user][-1]
        renewed = max(moment for moment in map(ended, trail.of("leases", first.user)))
        # The audit log's times: from the last renewal to the claim; a slow machine only adds.
        self.assertGreaterEqual(since - renewed, LEASE_SECONDS - RETRY_SECONDS)
        self.assertLess(since - killed, LEASE_SECONDS + 4 * RETRY_SECONDS + 2)
        # Whole polls of the new leader, and still nothing was written but the Lease.
        polls = len(self.kms.requests())
        wait_until(lambda: len(self.kms.requests()) >= polls + 2 * len(NAMES), "two polls", 60)
        after = {name: self.api.secret(self.namespace, name)["metadata"]["resourceVersion"]
                 for name in NAMES}
        self.assertEqual(before, after)
        changed = [event for event in self.trail(members).changes() if ended(event) > killed]
        self.assertEqual([], changed)
        self.rotate("b")
        self.wait_in_sync()

    def test_a_paused_leader_undoes_nothing_when_it_runs_again(self):
        members = self.members()
        first = self.settled(members)
        first.pause()
        second = wait_for_leader(members, besides=first)
        for name in NAMES:
            self.rotate(name)
        self.wait_in_sync()
        first.resume()
        first.daemon.wait_for_log("LEADER_LOST")
        for name in NAMES:
            self.rotate(name)
        self.wait_in_sync()
        trail = self.trail(members)
        self.assertEqual([], trail.undone())
        self.assertEqual([], trail.late(first))
        self.assertTrue(leads(second))

    def test_a_clean_stop_hands_over_at_once(self):
        members = self.members()
        first = self.settled(members)
        first.stop()
        second = wait_for_leader(members, besides=first)
        trail = self.trail(members)
        released = max(since for since, user, _ in trail.holders() if user is None)
        since = [since for since, user, _ in trail.holders() if user == second.user][-1]
        # Two looks at the most, far from the Lease's duration.
        self.assertLess(since - released, LEASE_SECONDS / 2)

    def test_without_the_right_to_the_lease_nothing_is_written_and_the_right_is_named(self):
        self.secrets = self.secrets[:1]
        member = Member(self, 0, self.secrets)
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}/roles/{member.user}"
        role = self.api.get(rbac)
        whole = list(role["rules"])
        role["rules"] = whole[:1]
        self.api.put(rbac, role)
        member.start()
        said = member.daemon.wait_for_log("LEASE_TROUBLE")
        self.assertIn(f"get leases named {LEASE} in namespace {self.namespace}", said)
        self.assertFalse(self.api.exists(f"/api/v1/namespaces/{self.namespace}/secrets/a"))
        role = self.api.get(rbac)
        role["rules"] = whole
        self.api.put(rbac, role)
        member.daemon.wait_for_log("SECRET_CREATED")

    def test_print_rbac_gives_the_rights_that_leading_needs(self):
        member = Member(self, 0, self.secrets)
        printed = member.daemon.run("--print-rbac")
        self.assertEqual(0, printed.returncode, printed.stderr)
        for path in ("rolebindings", "roles"):
            self.api.delete(f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}/{path}/"
                            + member.user)
        self.api.apply_manifest(printed.stdout.replace('"kms-secretd"', f'"{member.user}"'))
        member.start()
        member.daemon.wait_for_log("LEADER_GAINED")
        self.wait_in_sync()

    def test_the_shipped_role_gives_them_too(self):
        member = Member(self, 0, self.secrets[:1])
        for path in ("rolebindings", "roles"):
            self.api.delete(f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}/{path}/"
                            + member.user)
        shipped = (CHECKOUT / "packaging" / "kubernetes" / "role.yaml").read_text()
        for placeholder, value in {"NAMESPACE": self.namespace, "kube-system": self.namespace,
                                   "USER": member.user, "SECRET": NAMES[0],
                                   "INSTANCE": "default"}.items():
            shipped = shipped.replace(placeholder, value)
        self.api.apply_manifest(shipped)
        member.start()
        member.daemon.wait_for_log("SECRET_CREATED")

    def test_once_waits_for_its_turn_and_gives_the_lease_back(self):
        member = Member(self, 0, self.secrets)
        for _ in range(2):
            done = member.daemon.once()
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertEqual("", self.lease()["spec"].get("holderIdentity", ""))
        self.assertTrue(self.in_sync())

    def test_once_does_nothing_beside_a_daemon_that_leads_and_says_who_does(self):
        first, second = (Member(self, number, self.secrets) for number in range(2))
        first.start()
        first.daemon.wait_for_log("LEADER_GAINED")
        self.wait_in_sync()
        done = second.daemon.once()
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn(f"standby: {self.lease()['spec']['holderIdentity']} leads", done.stderr)
        self.assertEqual([], self.trail([second]).of("secrets"))


class DefinitionsTest(LeaderCase):
    def test_while_definitions_differ_nothing_is_deleted_and_the_node_is_named(self):
        self.secrets = [setup.secret(self.namespace, "a", {"value": "a"}, recreate=True)]
        self.numbers = {"a": 1000}
        members = self.members(2)
        leader = self.settled(members)
        other = next(each for each in members if each is not leader)
        uid = self.api.secret(self.namespace, "a")["metadata"]["uid"]
        # The leader alone is told that the type is another one: that takes a delete.
        changed = [setup.secret(self.namespace, "a", {"value": "a"}, recreate=True,
                                type="example.com/other")]
        leader.configure(changed)
        leader.daemon.reload()
        other.daemon.wait_for_log("DEFINITIONS_DIFFER")
        said = leader.daemon.wait_for_log("is not deleted while definitions differ")
        self.assertIn("(definitions ", said)
        self.assertEqual(uid, self.api.secret(self.namespace, "a")["metadata"]["uid"])
        other.configure(changed)
        other.daemon.reload()
        leader.daemon.wait_for_log("DEFINITIONS_AGREE", timeout=90)
        leader.daemon.wait_for_log("SECRET_RECREATED", timeout=120)
        self.wait_in_sync()
