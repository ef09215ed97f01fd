# SPDX-License-Identifier: Apache-2.0
"""No copy of a value is left in the daemon's writable memory after a round, seen from outside."""

import os
import time

from harness import memory, setup
from harness.api import secret_path
from harness.process import wait_until
from harness.suite import EndToEndTest

LENGTHS = (8, 15, 40, 600, 20000)
# Equal reads are answered from memory for five seconds.
SHARED_READS_LIVE = 5


class MemoryTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("the daemon is not dumpable: only root may look into its memory")
        self.kms = self.emulator()
        self.values = []
        self.control = memory.canary(40)
        kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                             self.cluster.admin_identity)
        self.put()
        self.instance = self.daemon(setup.configuration(
            kubeconfig, setup.store(self.kms, self.directory),
            setup.secret(self.namespace, "s", {f"k{n}": f"secret-{n}" for n in LENGTHS},
                         labels={"control": self.control}),
            interval="30s", observe="watch"))

    def put(self):
        """New values of every length; all that ever were are looked for."""
        for length in LENGTHS:
            value = memory.canary(length)
            self.values.append(value)
            self.kms.put_secret(f"secret-{length}", value)

    def created(self):
        self.instance.start()
        self.instance.wait_for_log("SECRET_CREATED")
        return self.instance.process.pid

    def check_clean(self, pid):
        """No piece of any value, while what must be there is found by the same look."""
        time.sleep(SHARED_READS_LIVE)
        def clean():
            return not any(memory.hits(pid, self.values).values())
        wait_until(clean, "no value is left in memory", 10)
        self.assertGreater(memory.hits(pid, [self.control])[self.control], 0)
        # What is wiped late is wiped; what comes back would be a copy in use.
        self.assertEqual({value: 0 for value in self.values}, memory.hits(pid, self.values))

    def test_nothing_is_left_after_a_created_secret(self):
        self.check_clean(self.created())

    def test_nothing_is_left_after_an_update(self):
        pid = self.created()
        self.put()
        self.instance.wait_for_log("SECRET_UPDATED", timeout=60)
        self.check_clean(pid)

    def test_nothing_is_left_after_an_unchanged_round(self):
        pid = self.created()
        before = len(self.kms.requests())
        wait_until(lambda: len(self.kms.requests()) >= before + len(LENGTHS), "another round", 60)
        self.check_clean(pid)

    def test_nothing_is_left_after_a_round_whose_last_read_failed(self):
        self.kms.deny(f"secret-{LENGTHS[-1]}")
        self.instance.start()
        self.instance.wait_for_log("FETCH_FAILED")
        self.check_clean(self.instance.process.pid)

    def test_nothing_is_left_after_a_refused_write(self):
        self.api.create_secret(self.namespace, "s", {"k8": b"theirs"})
        self.instance.start()
        self.instance.wait_for_log("SECRET_REFUSED")
        self.check_clean(self.instance.process.pid)

    def test_nothing_is_left_after_a_healed_secret(self):
        pid = self.created()
        self.api.patch(secret_path(self.namespace, "s"), {"data": {"k8": "Zm9yZWlnbg=="}})
        self.instance.wait_for_log("SECRET_HEALED")
        self.check_clean(pid)

    def test_a_value_that_is_in_memory_is_found_by_the_look(self):
        # The look itself is tried: right after the round its answers are still shared.
        pid = self.created()
        found = memory.hits(pid, self.values)
        self.assertTrue(any(found.values()), found)
