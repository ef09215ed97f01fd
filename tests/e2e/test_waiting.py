# SPDX-License-Identifier: Apache-2.0
"""The rules of waiting (unit-tested in passed-in time) once with real peers."""

import time

from harness import setup
from harness.api import secret_path
from harness.process import wait_until
from harness.suite import EndToEndTest


class WaitingTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)

    def text(self, *secrets, interval="5s", stores=("shared",), **store):
        parts = [setup.store(self.kms, self.directory, name=name, **store) for name in stores]
        return setup.configuration(self.kubeconfig, *parts, *secrets, interval=interval,
                                   observe="watch")

    def secret(self, name, data, **members):
        return setup.secret(self.namespace, name, data, **members)

    def numbered(self, count):
        self.kms.put_secrets([{"name": f"n/{n}", "data": str(n)} for n in range(count)])
        return [self.secret(f"s{n}", {"value": f"n/{n}"}) for n in range(count)]

    def reads(self, since=0):
        return [each for each in self.kms.requests(since) if each["operation"] == "GetSecretValue"]

    def data(self, name):
        return self.api.secret_data(self.namespace, name)

    def test_one_read_serves_every_secret_that_needs_it(self):
        self.kms.put_secret("common", "1")
        daemon = self.daemon(self.text(*[self.secret(f"s{n}", {"a": "common"}) for n in range(30)],
                                       interval="1h"))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=30)
        self.assertEqual(1, len(self.reads()))

    def test_b15_more_demand_than_a_store_allows_is_said_with_both_figures(self):
        daemon = self.daemon(self.text(*self.numbered(60), requests_per_second=10))
        daemon.start()
        said = daemon.wait_for_log("DEMAND_HIGH")
        self.assertIn("store shared", said)
        self.assertIn("12", said)
        self.assertIn("10", said)

    def test_a_new_secret_goes_before_the_refreshes_that_wait(self):
        secrets = self.numbered(60)
        daemon = self.daemon(self.text(*secrets, requests_per_second=5))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=60, timeout=60)
        time.sleep(6)
        self.kms.put_secret("new", "1")
        since = self.reads()[-1]["sequence"]
        daemon.configure(self.text(*secrets, self.secret("new", {"a": "new"}),
                                   requests_per_second=5))
        daemon.reload()
        daemon.wait_for_log("RELOADED")
        wait_until(lambda: self.api.exists(secret_path(self.namespace, "new")), "it is there")
        names = [each["secret"] for each in self.reads(since)]
        # Those that were let through while the configuration was read, and no queue of 60.
        self.assertLess(names.index("new"), 20)

    def test_a_store_that_hangs_holds_up_no_other_store(self):
        for number in range(20):
            self.kms.put_secret(f"slow/{number}", "1")
        self.kms.put_secret("quick", "1")
        slow = [self.secret(f"slow{n}", {"a": {"source": f"slow/{n}", "store": "slow"}})
                for n in range(20)]
        for number in range(20):
            self.kms.fault("black_hole", secret=f"slow/{number}")
        daemon = self.daemon(self.text(
            *slow, self.secret("quick", {"a": {"source": "quick", "store": "other"}}),
            stores=("slow", "other")))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", timeout=10)
        for value in (b"2", b"3"):
            self.kms.put("quick", value.decode())
            wait_until(lambda wanted=value: self.data("quick") == {"a": wanted}, "it follows", 12)
        self.assertEqual(0, daemon.stop(6))

    def test_a_secret_of_pinned_versions_is_read_once(self):
        self.kms.put_secret("pinned", "1", version_id="v1")
        self.kms.put_secret("moving", "1")
        daemon = self.daemon(self.text(
            self.secret("p", {"a": {"source": "pinned", "version_id": "v1"}}),
            self.secret("m", {"a": "moving"})))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        def count(name):
            return len([each for each in self.reads() if each["secret"] == name])
        wait_until(lambda: count("moving") >= 3, "two polls of the other", 40)
        self.assertEqual(1, count("pinned"))

    def test_without_polling_the_first_sync_drift_and_reload_still_happen(self):
        self.kms.put_secret("a", "1")
        self.kms.put_secret("b", "2")
        off = "[polling]\nenabled = false\n"
        text = self.text(self.secret("s", {"a": "a"})).replace("[polling]\n", off)
        daemon = self.daemon(text)
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        time.sleep(7)
        self.assertEqual(1, len(self.reads()))
        self.api.patch(secret_path(self.namespace, "s"), {"data": {"a": "Zm9yZWlnbg=="}})
        daemon.wait_for_log("SECRET_HEALED")
        daemon.configure(text + self.secret("t", {"b": "b"}))
        daemon.reload()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        self.assertEqual({"b": b"2"}, self.data("t"))
