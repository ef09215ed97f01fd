# SPDX-License-Identifier: Apache-2.0
"""A reload builds and proves the new world first, then swaps; what did not change is not touched."""

import os
import pathlib
import time

from harness import setup
from harness.manager import ServiceManager
from harness.process import wait_until
from harness.suite import EndToEndTest


class Reload(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kms.put_secret("a", "1")
        self.kms.put_secret("b", "2")
        self.user = f"kms-secretd-{self.namespace}"
        self.cluster.restricted_user(self.user, self.namespace, [
            {"apiGroups": [""], "resources": ["secrets"],
             "verbs": [*setup.SECRET_VERBS, "list", "watch"]}])
        self.kubeconfig = self.cluster.kubeconfig(
            self.directory / "kubeconfig", self.cluster.authority.client(self.user))
        self.manager = ServiceManager(self.directory / "notify")
        self.addCleanup(self.manager.close)

    def configuration(self, *secrets, more="", **store):
        return setup.configuration(
            self.kubeconfig, setup.store(self.kms, self.directory, **store),
            *(setup.secret(self.namespace, name, {"key": source}) for name, source in secrets), more,
            interval="1h", observe="watch")

    def running(self):
        """A daemon that has written the Secret `one` and told systemd so."""
        daemon = self.daemon(self.configuration(("one", "a")), env=self.manager.environment)
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        self.manager.wait_for("1 of 1 secrets in sync")
        return daemon

    def reload(self, daemon, *arguments, **options):
        daemon.configure(self.configuration(*arguments, **options))
        daemon.reload()
        self.manager.wait_for("RELOADING=1")
        return self.manager.wait_for("READY=1")

    def reads(self):
        """The names that KMS was asked for."""
        return [request["secret"] for request in self.kms.requests()]

    def writes(self):
        return [event["objectRef"]["name"] for event in
                self.cluster.audit_events(self.namespace, self.user)
                if event["verb"] in ("patch", "create", "update", "delete")]

    def test_an_added_secret_is_the_only_one_that_is_read_and_written(self):
        daemon = self.running()
        reads, writes = len(self.reads()), len(self.writes())
        self.reload(daemon, ("one", "a"), ("two", "b"))
        self.manager.wait_for("2 of 2 secrets in sync")
        self.assertEqual((["b"], ["two"]), (self.reads()[reads:], self.writes()[writes:]))

    def test_a_changed_definition_is_the_only_one_that_is_read_and_written(self):
        daemon = self.running()
        self.reload(daemon, ("one", "a"), ("two", "b"))
        self.manager.wait_for("2 of 2 secrets in sync")
        reads, writes = len(self.reads()), len(self.writes())
        self.kms.put_secret("c", "3")
        self.reload(daemon, ("one", "a"), ("two", "c"))
        daemon.wait_for_log("SECRET_UPDATED")
        self.assertEqual((["c"], {"two"}), (self.reads()[reads:], set(self.writes()[writes:])))

    def test_a_removed_definition_leaves_its_secret_in_the_cluster(self):
        daemon = self.running()
        self.reload(daemon, ("two", "b"))
        self.manager.wait_for("STATUS=1 of 1 secrets in sync")
        self.assertEqual({"key": b"1"}, self.api.secret_data(self.namespace, "one"))

    def test_a_reload_without_a_change_asks_nobody_anything(self):
        daemon = self.running()
        reads, writes = len(self.reads()), len(self.writes())
        for count in (1, 2, 3):
            self.reload(daemon, ("one", "a"))
            daemon.wait_for_log("RELOADED", count=count)
        self.assertEqual(([], []), (self.reads()[reads:], self.writes()[writes:]))

    def connections(self):
        return self.kms.counters()["connections"]

    def test_a_store_that_did_not_change_keeps_its_connections(self):
        daemon = self.running()
        before = self.connections()
        self.reload(daemon, ("one", "a"), ("two", "b"))
        self.manager.wait_for("2 of 2 secrets in sync")
        self.assertEqual(before, self.connections(), "after an added secret")
        self.kms.put_secret("c", "3")
        self.reload(daemon, ("one", "a"), ("two", "b"), ("three", "c"), requests_per_second=7)
        self.manager.wait_for("3 of 3 secrets in sync")
        self.assertEqual(before, self.connections())

    def test_a_store_that_changed_is_made_anew(self):
        daemon = self.running()
        before = self.connections()
        copy = self.directory / "copy-of-ca.pem"
        copy.write_bytes(pathlib.Path(self.kms.ca_file).read_bytes())
        self.reload(daemon, ("one", "a"), ("two", "b"), ca_file=str(copy))
        self.manager.wait_for("2 of 2 secrets in sync")
        self.assertGreater(self.connections(), before)

    def test_a_store_whose_ca_file_was_written_is_made_anew_though_no_line_changed(self):
        daemon = self.running()
        before = self.connections()
        ca = pathlib.Path(self.kms.ca_file)
        text = ca.read_bytes()
        ca.write_bytes(text + b"\n")
        self.addCleanup(ca.write_bytes, text)
        self.reload(daemon, ("one", "a"), ("two", "b"))
        self.manager.wait_for("2 of 2 secrets in sync")
        self.assertGreater(self.connections(), before)

    def test_systemd_is_told_when_a_reload_begins_and_how_it_ended(self):
        daemon = self.running()
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        daemon.reload()
        begun = self.manager.wait_for("RELOADING=1")
        stamp = int(begun.split("MONOTONIC_USEC=")[1].splitlines()[0])
        self.assertGreaterEqual(stamp, before)
        self.assertIn("STATUS=1 of 1 secrets in sync", self.manager.wait_for("READY=1"))

    def test_a_bad_reload_changes_nothing_and_the_status_says_so_until_a_good_one(self):
        daemon = self.running()
        reads = len(self.reads())
        refused = self.reload(daemon, ("one", "a"), ("two", "b"), more='[[secret]]\nnmae = "x"\n')
        self.assertIn("1 of 1 secrets in sync; the new configuration is refused since", refused)
        self.assertRegex(daemon.wait_for_log("nmae"),
                         r"kms-secretd\.toml:\d+:\d+: .*\[RELOAD_FAILED\]")
        self.assertEqual([], self.reads()[reads:])
        self.assertFalse(self.api.exists(f"/api/v1/namespaces/{self.namespace}/secrets/two"))
        self.assertNotIn("refused", self.reload(daemon, ("one", "a"), ("two", "b")))
        self.manager.wait_for("2 of 2 secrets in sync")

    def test_a_refused_configuration_leaves_the_old_one_healing(self):
        daemon = self.running()
        self.reload(daemon, ("one", "a"), more="[nonsense]\n")
        path = f"/api/v1/namespaces/{self.namespace}/secrets/one"
        self.api.patch(path, {"data": {"key": "b3RoZXI="}})
        daemon.wait_for_log("SECRET_HEALED")
        self.assertEqual({"key": b"1"}, self.api.secret_data(self.namespace, "one"))

    def test_a_store_that_cannot_be_made_refuses_the_whole_reload(self):
        daemon = self.running()
        missing = pathlib.Path(os.fspath(self.directory)) / "no-such-ca.pem"
        broken = self.configuration(("one", "a"), ("two", "b")).replace(
            f"ca_file = {setup.toml(str(self.kms.ca_file))}", f"ca_file = {setup.toml(str(missing))}")
        daemon.configure(broken)
        daemon.reload()
        self.assertIn("refused since", self.manager.wait_for("READY=1"))
        self.assertIn("no-such-ca.pem", daemon.wait_for_log("no-such-ca.pem"))
        self.assertFalse(self.api.exists(f"/api/v1/namespaces/{self.namespace}/secrets/two"))

    def test_a_start_that_is_refused_leaves_the_first_mistake_in_the_status_line(self):
        daemon = self.daemon(self.configuration(("one", "a"), more="[nonsense]\n"),
                             env=self.manager.environment)
        process = daemon.start()
        status = self.manager.wait_for("STATUS=not started: the configuration was refused")
        self.assertRegex(status, r"kms-secretd\.toml:\d+:\d+: .*nonsense")
        wait_until(lambda: process.exit_code() is not None, "the daemon has ended")
        self.assertEqual(1, process.exit_code())
