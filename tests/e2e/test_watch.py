# SPDX-License-Identifier: Apache-2.0
"""Drift is seen by a metadata watch, and an unchanged poll asks the API server for nothing."""

import time

from harness import setup
from harness.api import METADATA_ONLY, secret_path
from harness.process import wait_until
from harness.suite import EndToEndTest

INSTANCE_LABEL = "kms-secretd.io/instance"


class WatchTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.user = f"kms-secretd-{self.namespace}"
        self.identity = self.cluster.authority.client(self.user)
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig", self.identity)

    def configured(self, *secrets, interval="1h"):
        return self.daemon(self.configuration(*secrets, interval=interval))

    def configuration(self, *secrets, interval="1h"):
        return setup.configuration(self.kubeconfig, setup.store(self.kms, self.directory), *secrets,
                                   interval=interval, observe="watch")

    def secret(self, name, data, **members):
        return setup.secret(self.namespace, name, data, **members)

    def grant(self, daemon):
        """Gives the daemon's user what --print-rbac says, and no more."""
        printed = daemon.run("--print-rbac")
        self.assertEqual(0, printed.returncode, printed.stderr)
        self.api.apply_manifest(printed.stdout.replace('name: "kms-secretd"\n',
                                                       f'name: "{self.user}"\n'))

    def running(self, name="s", interval="1h", **members):
        """A daemon that has written the Secret `name` and follows it."""
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret(name, {"a": "a"}, **members), interval=interval)
        self.grant(daemon)
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        return daemon

    def asked(self, but=("watch",)):
        """What the daemon asked the API server for, long requests once."""
        return [(event["verb"], event["requestURI"])
                for event in self.cluster.audit_events(self.namespace, self.user)
                if event["stage"] in ("ResponseComplete", "Panic") and event["verb"] not in but]

    def writes(self):
        return len(self.asked(but=("watch", "list", "get")))

    def reads(self):
        return len(self.kms.requests())

    def metadata(self, name="s"):
        return self.api.secret(self.namespace, name)["metadata"]

    def change(self, body, name="s"):
        self.api.patch(secret_path(self.namespace, name), body)

    def test_a_changed_value_is_restored_at_once(self):
        daemon = self.running()
        self.change({"data": {"a": "Zm9yZWlnbg=="}})
        daemon.wait_for_log("SECRET_HEALED")
        self.assertEqual({"a": b"1"}, self.api.secret_data(self.namespace, "s"))

    def test_a_deleted_secret_is_made_anew_at_once(self):
        daemon = self.running()
        self.api.delete(secret_path(self.namespace, "s"))
        daemon.wait_for_log("SECRET_CREATED", count=2)
        self.assertEqual({"a": b"1"}, self.api.secret_data(self.namespace, "s"))

    def test_a_removed_label_is_restored(self):
        daemon = self.running()
        self.change({"metadata": {"labels": {INSTANCE_LABEL: None}}})
        daemon.wait_for_log("SECRET_HEALED")
        self.assertEqual("default", self.metadata()["labels"][INSTANCE_LABEL])

    def test_foreign_annotations_cause_no_read_and_no_write(self):
        self.running()
        wait_until(lambda: self.metadata()["managedFields"], "applied")
        reads, asked = self.reads(), len(self.asked())
        for number in range(200):
            self.change({"metadata": {"annotations": {"example.org/n": str(number)}}})
        time.sleep(1)
        self.assertEqual(reads, self.reads())
        self.assertEqual(asked, len(self.asked()))

    def test_an_unchanged_poll_asks_the_api_server_for_nothing(self):
        self.running(interval="5s")
        time.sleep(1)
        asked = self.asked()
        reads = self.reads()
        wait_until(lambda: self.reads() >= reads + 3, "three polls", 60)
        time.sleep(0.5)
        self.assertEqual(asked, self.asked())

    def test_what_a_definition_left_is_deleted_without_another_list(self):
        """A list to watch from, at the start and at the reload: the search needs none of its own."""
        self.kms.put_secret("a", "1")
        kept = self.secret("kept", {"a": "a"}, deletion_policy="delete")
        daemon = self.configured(kept, self.secret("gone", {"a": "a"}, deletion_policy="delete"))
        self.grant(daemon)
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=2)
        daemon.configure(self.configuration(kept))
        daemon.reload()
        daemon.wait_for_log("SECRET_DELETED")
        self.assertEqual(["list"] * 2, [verb for verb, _ in self.asked() if verb == "list"])

    def test_no_reply_of_the_api_server_ever_holds_a_value(self):
        daemon = self.running()
        self.change({"data": {"a": "Zm9yZWlnbg=="}})
        daemon.wait_for_log("SECRET_HEALED")
        events = self.cluster.audit_events(self.namespace, self.user)
        replies = [event["responseObject"] for event in events if event.get("responseObject")]
        self.assertTrue(replies)
        for reply in replies:
            self.assertNotIn("data", reply, reply.get("kind"))
            self.assertFalse(reply.get("kind") in ("Secret", "SecretList"), reply.get("kind"))

    def test_a_restart_with_nothing_changed_is_quiet(self):
        names = [f"s{number}" for number in range(20)]
        for name in names:
            self.kms.put_secret(name, "1")
        daemon = self.configured(*(self.secret(name, {"a": name}) for name in names))
        self.grant(daemon)
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=len(names))
        self.assertEqual(0, daemon.stop())
        reads, writes = self.reads(), self.writes()
        daemon.start()
        daemon.wait_for_log("READY", count=2)
        time.sleep(3)
        # Their phases are spread over ten minutes: one or two may fall into these seconds.
        self.assertLessEqual(self.reads() - reads, 3)
        self.assertLessEqual(self.writes() - writes, 3)

    def test_a_reload_goes_on_watching(self):
        daemon = self.running()
        daemon.reload()
        daemon.wait_for_log("RELOADED")
        self.change({"data": {"a": "Zm9yZWlnbg=="}})
        daemon.wait_for_log("SECRET_HEALED")
        self.assertEqual({"a": b"1"}, self.api.secret_data(self.namespace, "s"))

    def test_without_the_right_to_watch_it_says_so_and_works_on(self):
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        self.cluster.restricted_user(self.user, self.namespace, [
            {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "patch", "create"]}])
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        said = daemon.wait_for_log("WATCH_BROKEN")
        self.assertIn(self.namespace, said)
        self.assertIn('observe = "poll"', said)

    def test_exactly_the_printed_rights_suffice_for_the_whole_life_of_a_secret(self):
        daemon = self.running(recreate=True)
        self.assertEqual(0, daemon.stop())
        text = daemon.config_path.read_text()
        daemon.configure(text.replace("recreate = true", 'recreate = true\ntype = "example.org/t"'))
        daemon.start()
        daemon.wait_for_log("SECRET_RECREATED")
        self.assertEqual("example.org/t", self.api.secret(self.namespace, "s")["type"])

    def test_a_login_that_ends_soon_is_said_with_the_remedy(self):
        # The test's certificates are good for two days.
        said = self.running().wait_for_log("LOGIN_EXPIRING")
        self.assertIn(str(self.kubeconfig), said)
        self.assertIn("have a new one signed", said)

    def test_a_foreign_editor_is_named_and_not_fought_for_ever(self):
        daemon = self.running()
        for number in range(6):
            reply = self.api.apply(secret_path(self.namespace, "s"), {
                "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
                "data": {"a": "Zm9yZWlnbg=="}}, "editor", force=True, accept=METADATA_ONLY)
            self.assertTrue(reply.ok)
            time.sleep(1 if number < 2 else 0.3)
        said = daemon.wait_for_log("SECRET_HEALED")
        self.assertIn("editor", said)
        time.sleep(2)
        patches = [verb for verb, _ in self.asked() if verb == "patch"]
        self.assertLessEqual(len(patches), 1 + 2 * 3, patches)
