# SPDX-License-Identifier: Apache-2.0
"""The test of a test: the reader of audit logs that judges the chaos among several daemons is fed
with logs that break each part of the guarantee, and must find every one.

That the chaos itself finds a daemon that does not keep it was tried by hand: see the head of
test_leader_chaos.py.
"""

import base64
import datetime
import types
import unittest

from harness.trail import Trail, number_in

SPACE = "ns"


def stamp(seconds):
    moment = datetime.datetime.fromtimestamp(1_800_000_000 + seconds, datetime.timezone.utc)
    return moment.isoformat().replace("+00:00", "Z")


class Log:
    """An audit log as a cluster gives it, written by hand. Times count from its beginning."""

    def __init__(self):
        self._events = []
        self._version = 0

    def audit_events(self, _namespace):
        return self._events

    def lease(self, at, user, holder="", code=200):
        self._event(at, user, "update", "leases", "lease", code,
                    {"spec": {"holderIdentity": holder}}, "l")
        return self

    def write(self, at, user, value, *, began=None, verb="patch", code=200, changes=True, dry=False):
        self._version += 1 if changes else 0
        body = {"data": {"value": base64.b64encode(str(value).encode()).decode()}}
        self._event(at, user, verb, "secrets", "a", code, body, str(self._version), began, dry)
        return self

    def _event(self, at, user, verb, resource, name, code, body, version, began=None, dry=False):
        self._events.append({
            "user": {"username": user}, "verb": verb, "stage": "ResponseComplete",
            "requestURI": "/x?dryRun=All" if dry else "/x",
            "objectRef": {"resource": resource, "name": name, "namespace": SPACE},
            "responseStatus": {"code": code}, "requestObject": body,
            "responseObject": {"metadata": {"resourceVersion": version}},
            "requestReceivedTimestamp": stamp(at if began is None else began),
            "stageTimestamp": stamp(at)})


def born(seconds):
    return 1_800_000_000 + seconds


def member(user, resumed=(), mended=()):
    return types.SimpleNamespace(user=user, resumed=[born(each) for each in resumed],
                                 mended=[born(each) for each in mended])


class TrailTest(unittest.TestCase):
    def setUp(self):
        # a leads from the beginning, b from second 20 on.
        self.log = Log().lease(0, "a", "node-a").write(1, "a", 1).lease(20, "b", "node-b")

    def trail(self, *members):
        return Trail(self.log, SPACE, members or (member("a"), member("b")))

    def times(self, events):
        return [event["stageTimestamp"] for event in events]

    def test_a_clean_handover_breaks_nothing(self):
        self.log.write(21, "b", 2).write(22, "b", 3)
        trail = self.trail()
        self.assertEqual([], trail.undone())
        self.assertEqual([], trail.went_back(number_in))
        self.assertEqual([], trail.late(member("a", resumed=[15])))
        self.assertEqual(["a", "b"], [user for _, user, _ in trail.holders()])
        self.assertEqual(3, len(trail.changes()))

    def test_a_change_of_what_the_new_holder_wrote_is_found(self):
        self.log.write(21, "b", 2).write(22, "a", 3)
        self.assertEqual([stamp(22)], self.times(self.trail().undone()))

    def test_a_delete_of_what_the_new_holder_wrote_is_found(self):
        self.log.write(21, "b", 2).write(22, "a", "", verb="delete")
        self.assertEqual([stamp(22)], self.times(self.trail().undone()))

    def test_what_slips_through_before_the_new_holder_wrote_is_none(self):
        self.log.write(21, "a", 2).write(22, "b", 3)
        self.assertEqual([], self.trail().undone())

    def test_a_refused_write_and_one_that_changes_nothing_and_a_dry_run_are_none(self):
        self.log.write(21, "b", 2).write(22, "a", 1, code=409, changes=False)
        self.log.write(23, "a", 2, changes=False).write(24, "a", 1, dry=True)
        self.assertEqual([], self.trail().undone())

    def test_a_holder_that_gave_the_lease_up_is_no_holder_any_more(self):
        self.log.write(21, "b", 2).lease(25, "b", "").write(26, "a", 3)
        self.assertEqual([], self.trail().undone())  # nobody holds it: nobody is undone
        self.log.lease(30, "c", "node-c")
        everybody = [member(user) for user in "abc"]
        self.log.write(31, "c", 4).write(32, "b", 5)
        self.assertEqual([stamp(32)], self.times(self.trail(*everybody).undone()))

    def test_a_failed_claim_makes_no_holder(self):
        self.log.write(21, "b", 2).lease(22, "a", "node-a", code=409).write(23, "a", 3)
        self.assertEqual([stamp(23)], self.times(self.trail().undone()))

    def test_a_write_begun_long_after_a_pause_is_found_though_it_is_refused(self):
        self.log.write(23, "a", 2, began=22.5, code=409, changes=False)
        self.assertEqual(1, len(self.trail().late(member("a", resumed=[21]))))

    def test_a_write_begun_within_a_second_of_the_pause_is_none(self):
        self.log.write(23, "a", 2, began=21.9, code=409, changes=False)
        self.assertEqual([], self.trail().late(member("a", resumed=[21])))

    def test_a_write_of_a_member_that_leads_again_is_none(self):
        self.log.lease(24, "a", "node-a2").write(25, "a", 2)
        self.assertEqual([], self.trail().late(member("a", resumed=[21])))

    def test_what_a_mended_wire_lets_through_is_not_called_late(self):
        self.log.write(23, "a", 2, began=22.5, code=409, changes=False)
        self.assertEqual([], self.trail().late(member("a", resumed=[21], mended=[22])))
        self.assertEqual(1, len(self.trail().late(member("a", resumed=[21], mended=[20]))))

    def test_a_value_that_is_younger_than_the_takeover_by_another_is_found_even_if_refused(self):
        made = {("a", 2): born(20.5), ("a", 3): born(23)}
        self.log.write(22, "a", 2).write(24, "a", 3, code=409, changes=False)
        self.assertEqual([stamp(22), stamp(24)], self.times(self.trail().intruding(number_in, made)))

    def test_a_value_from_before_the_takeover_is_no_intruders_though_it_comes_late(self):
        self.log.write(40, "a", 2, began=39)
        self.assertEqual([], self.trail().intruding(number_in, {("a", 2): born(19)}))

    def test_the_holder_and_who_writes_while_nobody_holds_intrude_on_nobody(self):
        made = {("a", number): born(number) for number in range(20, 40)}
        self.log.write(22, "b", 21).lease(25, "b", "").write(27, "a", 26)
        self.log.lease(30, "a", "node-a2").write(32, "a", 31)
        self.assertEqual([], self.trail().intruding(number_in, made))

    def test_an_older_value_over_a_newer_one_is_found_whoever_writes_it(self):
        for user in ("a", "b"):
            with self.subTest(user=user):
                self.setUp()
                self.log.write(21, "b", 3).write(22, user, 2)
                self.assertEqual([stamp(22)], self.times(self.trail().went_back(number_in)))

    def test_the_log_is_read_in_the_order_in_which_requests_ended(self):
        self.log.write(30, "b", 5).write(25, "b", 4)
        self.assertEqual([], self.trail().went_back(number_in))

    def test_strangers_and_reads_are_not_looked_at(self):
        self.log.write(21, "b", 2).write(22, "someone", 1).write(23, "a", 1, verb="get")
        self.assertEqual([], self.trail().undone())
        self.assertEqual([], self.trail().went_back(number_in))
