# SPDX-License-Identifier: Apache-2.0
"""What may be deleted, removed and made anew: every policy, and the guard before what is much at
once, against KMS and a real API server."""

import base64
import json
import re
import subprocess

from harness import control, setup
from harness.api import secret_path
from harness.double import Double
from harness.process import wait_until
from harness.suite import EndToEndTest, build_dir
from harness.trio import LeaderCase, Member


class PolicyTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kms.put_secrets([{"name": name, "data": name.upper()} for name in "abcdefgh"])
        self.socket = self.directory / "c.sock"
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)
        # All tests share a cluster: what one deletes must be its own.
        self.instance = self.namespace

    def configuration(self, *parts, observe="watch", interval="1h", kubeconfig=None):
        return f'instance = "{self.instance}"\n' + setup.configuration(
            kubeconfig or self.kubeconfig, f'[control]\nsocket = "{self.socket}"\n',
            setup.store(self.kms, self.directory), *parts, interval=interval, observe=observe)

    def secret(self, name, *keys, **members):
        return setup.secret(self.namespace, name, {key: key for key in keys}, **members)

    def running(self, *parts, count=1, **options):
        daemon = self.daemon(self.configuration(*parts, **options))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED", count=count)
        return daemon

    def reload(self, daemon, *parts, **options):
        reloads = daemon.process.log().count("[RELOADED]")
        daemon.configure(self.configuration(*parts, **options))
        daemon.reload()
        daemon.wait_for_log("[RELOADED]", count=reloads + 1)

    def ask(self, path, method="GET", body=None):
        status, text = control.page(self.socket, path, method, body and json.dumps(body))
        return status, json.loads(text) if text else {}

    def state(self, name):
        return self.ask(f"/v1/targets/{self.namespace}/{name}")[1]

    def approve(self, **body):
        status, reply = self.ask("/v1/approve", "POST", body)
        self.assertEqual(202, status, reply)

    def exists(self, name):
        return self.api.exists(secret_path(self.namespace, name))

    def data(self, name):
        return self.api.secret_data(self.namespace, name)

    def gone(self, name):
        wait_until(lambda: not self.exists(name), f"{name} is deleted", 30)

    def ctl(self, *words, code=0):
        done = subprocess.run(
            [str(build_dir() / "daemon/ctl/kms-secretctl"), "--socket", str(self.socket), *words],
            capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return done.stdout


class Deletion(PolicyTest):
    def test_b6_a_removed_definition_leaves_its_secret_unless_it_said_delete(self):
        daemon = self.running(self.secret("kept", "a"), self.secret("stays", "b"),
                              self.secret("goes", "c", deletion_policy="delete"), count=3)
        self.reload(daemon, self.secret("stays", "b"))
        self.gone("goes")
        daemon.wait_for_log("SECRET_DELETED")
        self.assertEqual({"a": b"A"}, self.data("kept"))
        self.assertEqual({"b": b"B"}, self.data("stays"))

    def test_what_is_to_be_deleted_is_known_from_the_cluster_after_a_restart(self):
        daemon = self.running(self.secret("stays", "b"),
                              self.secret("goes", "c", deletion_policy="delete"), count=2)
        daemon.stop()
        daemon.configure(self.configuration(self.secret("stays", "b")))
        daemon.start()
        self.gone("goes")
        self.assertTrue(self.exists("stays"))

    def test_a_daemon_that_polls_deletes_too_and_in_a_namespace_that_lost_its_last_definition(self):
        other = self.namespace + "-other"
        self.api.create_namespace(other)
        daemon = self.running(
            self.secret("stays", "b"),
            setup.secret(other, "goes", {"c": "c"}, deletion_policy="delete"), count=2,
            observe="poll")
        self.reload(daemon, self.secret("stays", "b"), observe="poll")
        wait_until(lambda: not self.api.exists(secret_path(other, "goes")), "it is deleted", 30)

    def test_a_namespace_without_a_definition_is_looked_into_at_a_start_where_it_is_named(self):
        other = self.namespace + "-other"
        self.api.create_namespace(other)
        daemon = self.running(
            self.secret("stays", "b"),
            setup.secret(other, "goes", {"c": "c"}, deletion_policy="delete"), count=2)
        daemon.stop()
        daemon.configure(self.configuration(f'[deletion]\nnamespaces = ["{other}"]\n',
                                            self.secret("stays", "b")))
        daemon.start()
        wait_until(lambda: not self.api.exists(secret_path(other, "goes")), "it is deleted", 30)

    def test_a_copy_and_a_secret_of_another_instance_are_left_alone(self):
        daemon = self.running(self.secret("stays", "b"),
                              self.secret("goes", "c", deletion_policy="delete"), count=2)
        metadata = self.api.secret(self.namespace, "goes")["metadata"]
        self.api.create_secret(self.namespace, "copy", {"c": b"C"}, labels=metadata["labels"],
                               annotations=metadata["annotations"])
        self.api.create_secret(self.namespace, "other", {"c": b"C"},
                               labels={"kms-secretd.io/instance": "another"},
                               annotations={"kms-secretd.io/on-delete": "delete"})
        self.reload(daemon, self.secret("stays", "b"))
        self.gone("goes")
        self.assertTrue(self.exists("copy"))
        self.assertTrue(self.exists("other"))

    def test_the_printed_rights_suffice_for_it_and_without_them_it_is_said_what_to_grant(self):
        user = f"kms-secretd-{self.namespace}"
        identity = self.cluster.authority.client(user)
        kubeconfig = self.cluster.kubeconfig(self.directory / "restricted", identity)
        both = (self.secret("stays", "b", deletion_policy="delete"),
                self.secret("goes", "c", deletion_policy="delete"))

        def grant(*parts):
            shown = self.daemon(self.configuration(*parts, kubeconfig=kubeconfig,
                                                   observe="poll")).run("--print-rbac")
            self.assertEqual(0, shown.returncode, shown.stderr)
            self.api.apply_manifest(shown.stdout.replace('name: "kms-secretd"', f'name: "{user}"'))

        grant(*both)
        daemon = self.running(*both, count=2, kubeconfig=kubeconfig, observe="poll")
        # As automation does it: the rights of the new configuration come before its reload.
        grant(both[0])
        self.reload(daemon, both[0], kubeconfig=kubeconfig, observe="poll")
        self.gone("goes")
        # Without any policy that deletes the right is not there, and the message says which.
        last = self.secret("stays", "b")
        grant(last, self.secret("more", "a", deletion_policy="delete"))
        self.reload(daemon, last, self.secret("more", "a", deletion_policy="delete"),
                    kubeconfig=kubeconfig, observe="poll")
        wait_until(lambda: self.exists("more"), "more is there", 30)
        grant(last)
        self.reload(daemon, last, kubeconfig=kubeconfig, observe="poll")
        said = daemon.wait_for_log("DELETION_TROUBLE")
        self.assertIn("list secrets", said)
        self.assertTrue(self.exists("more"))

    def test_a_merge_never_deletes_and_the_combination_is_refused(self):
        done = self.daemon(self.configuration(
            self.secret("s", "a", creation_policy="merge", deletion_policy="delete"))).run(
                "--check-config")
        self.assertEqual(1, done.returncode)
        self.assertIn("a Secret that others own is never deleted", done.stderr + done.stdout)


class HeldDeletion(PolicyTest):
    def setUp(self):
        super().setUp()
        self.names = [f"s{number}" for number in range(4)]
        self.all = [self.secret(name, "a", deletion_policy="delete") for name in self.names]
        self.one_left = self.running(*self.all, count=4)
        self.reload(self.one_left, self.all[0])
        self.said = self.one_left.wait_for_log("DELETIONS_HELD")

    def all_there(self):
        return all(self.exists(name) for name in self.names)

    def change(self):
        return self.ask("/v1/status")[1]["clusters"][0]["held_deletions"]["change"]

    def test_many_deletions_at_once_are_held_with_a_clear_status_until_approved_by_hand(self):
        for name in self.names[1:]:
            self.assertIn(f"{self.namespace}/{name}", self.said)
        held = self.ask("/v1/status")[1]["clusters"][0]["held_deletions"]
        self.assertEqual([f"{self.namespace}/{name}" for name in self.names[1:]], held["drops"])
        self.assertIn('kms_secretd_held_deletions{cluster="default"} 3',
                      control.page(self.socket, "/metrics")[1])
        self.assertTrue(self.all_there())
        self.assertEqual(404, self.ask("/v1/approve", "POST",
                                       {"deletions": True, "change": "00000000"})[0])
        self.assertTrue(self.all_there())
        self.approve(deletions=True, change=held["change"])
        for name in self.names[1:]:
            self.gone(name)
        self.assertTrue(self.exists(self.names[0]))
        self.assertIsNone(self.ask("/v1/status")[1]["clusters"][0]["held_deletions"])

    def test_the_line_of_the_message_approves_exactly_this_deletion(self):
        line = re.search(r'approve = "[0-9a-f]{8}"', self.said)[0]
        self.reload(self.one_left, f"[deletion]\n{line}\n", self.all[0])
        for name in self.names[1:]:
            self.gone(name)

    def test_the_definitions_come_back_and_nothing_was_lost(self):
        self.reload(self.one_left, *self.all)
        wait_until(lambda: self.ask("/v1/status")[1]["clusters"][0]["held_deletions"] is None,
                   "nothing is held", 30)
        self.assertTrue(self.all_there())

    def test_a_restart_forgets_neither_the_guard_nor_the_orphans(self):
        self.one_left.stop()
        self.one_left.start()
        wait_until(lambda: control.page(self.socket, "/healthz")[0] == 200, "it answers", 30)
        wait_until(lambda: self.ask("/v1/status")[1]["clusters"][0]["held_deletions"], "held again", 30)
        self.assertTrue(self.all_there())

    def test_kms_secretctl_shows_and_approves_it(self):
        self.assertIn("3 Secrets", self.ctl("status", code=1))
        self.ctl("approve", "--deletions")
        for name in self.names[1:]:
            self.gone(name)


class DifferingDefinitions(LeaderCase):
    def test_nothing_is_deleted_while_the_definitions_of_live_members_differ(self):
        self.secrets = [setup.secret(self.namespace, name, {"value": name}, deletion_policy="delete")
                        for name in ("a", "b")]
        self.numbers = {"a": 1000, "b": 1000}
        members = self.members(2)
        leader = self.settled(members)
        other = next(each for each in members if each is not leader)
        leader.configure(self.secrets[:1])
        leader.daemon.reload()
        other.daemon.wait_for_log("DEFINITIONS_DIFFER")
        leader.daemon.wait_for_log("DEFINITIONS_DIFFER")
        # Whole polls of the new configuration, and the orphan is still there.
        polls = len(self.kms.requests())
        wait_until(lambda: len(self.kms.requests()) >= polls + 2, "two polls", 60)
        self.assertTrue(self.api.exists(secret_path(self.namespace, "b")))
        other.configure(self.secrets[:1])
        other.daemon.reload()
        wait_until(lambda: not self.api.exists(secret_path(self.namespace, "b")),
                   "it is deleted once they agree", 90)
        self.assertNotIn("SECRET_DELETED", other.log())


class MissingSource(PolicyTest):
    def configured(self, *keys, **members):
        return self.running(self.secret("s", *keys, **members), interval="5s")

    def test_only_a_source_that_does_not_exist_takes_its_key_and_the_rest_stays(self):
        daemon = self.configured("a", "b", "c", on_source_missing="delete")
        self.kms.deny("b")
        daemon.wait_for_log("FETCH_FAILED")
        self.assertEqual({"a": b"A", "b": b"B", "c": b"C"}, self.data("s"))
        self.kms.allow("b")
        self.kms.delete("b")
        wait_until(lambda: self.data("s") == {"a": b"A", "c": b"C"}, "the key goes", 180)
        self.assertIn("shared/b does not exist", daemon.wait_for_log("SECRET_UPDATED"))

    def test_without_the_policy_a_missing_source_changes_nothing(self):
        daemon = self.configured("a", "b", "c")
        before = self.api.secret(self.namespace, "s")["metadata"]["resourceVersion"]
        self.kms.delete("b")
        daemon.wait_for_log("FETCH_FAILED")
        self.assertEqual(before, self.api.secret(self.namespace, "s")["metadata"]["resourceVersion"])

    def test_a_secret_whose_every_source_is_gone_is_held_and_its_sources_may_come_back(self):
        daemon = self.configured("a", "b", on_source_missing="delete")
        self.kms.delete("a")
        self.kms.delete("b")
        daemon.wait_for_log("SECRET_HELD", 60)
        self.assertEqual({"a": b"A", "b": b"B"}, self.data("s"))
        self.assertEqual("held", self.state("s")["state"])


class Guarded(PolicyTest):
    """The blast guard before the keys of one Secret."""

    def held(self):
        daemon = self.running(self.secret("s", *"abcde"))
        self.reload(daemon, self.secret("s", "a"))
        daemon.wait_for_log("SECRET_HELD")
        return daemon

    def test_a_drop_of_most_keys_is_held_shown_and_carried_out_once_approved(self):
        daemon = self.held()
        self.assertEqual({*"abcde"}, set(self.data("s")))
        state = self.state("s")
        self.assertEqual(("held", "keys_would_drop"), (state["state"], state["cause"]))
        self.assertEqual([*"bcde"], state["held"]["drops"])
        self.assertIn("would drop b, c, d, e", state["message"])
        page = control.page(self.socket, "/metrics")[1]
        self.assertRegex(page, r'kms_secretd_secret_held\{.*name="s".*\} 1')
        self.assertEqual(404, self.ask("/v1/approve", "POST", {
            "target": f"{self.namespace}/s", "change": "00000000"})[0])
        self.approve(target=f"{self.namespace}/s", change=state["held"]["change"])
        wait_until(lambda: self.data("s") == {"a": b"A"}, "the keys go", 30)
        wait_until(lambda: self.state("s")["state"] == "in_sync", "it is in sync", 30)
        daemon.wait_for_log("SECRET_UPDATED")

    def test_the_line_of_the_message_approves_exactly_this_change(self):
        daemon = self.held()
        change = re.search(r'approve = "([0-9a-f]{8})"', self.state("s")["remedy"])[1]
        self.reload(daemon, self.secret("s", "a", approve=change))
        wait_until(lambda: self.data("s") == {"a": b"A"}, "the keys go", 30)
        # Another drop is another change.
        self.reload(daemon, self.secret("s", "b", approve=change))
        daemon.wait_for_log("SECRET_HELD", count=2)
        self.assertEqual({"a": b"A"}, self.data("s"))

    def test_half_of_the_keys_go_without_a_word(self):
        daemon = self.running(self.secret("s", *"abcd"))
        self.reload(daemon, self.secret("s", "a", "b"))
        wait_until(lambda: self.data("s") == {"a": b"A", "b": b"B"}, "the keys go", 30)
        self.assertNotIn("SECRET_HELD", daemon.process.log())

    def test_kms_secretctl_shows_and_approves_it(self):
        self.held()
        self.assertIn("would drop b, c, d, e", self.ctl("describe", f"{self.namespace}/s"))
        self.ctl("approve", f"{self.namespace}/s")
        wait_until(lambda: self.data("s") == {"a": b"A"}, "the keys go", 30)
        self.ctl("approve", f"{self.namespace}/s", code=1)


class Immutable(PolicyTest):
    def test_b13_a_new_value_is_refused_clearly_without_recreate_and_made_anew_with_it(self):
        daemon = self.running(self.secret("s", "a", immutable=True), interval="5s")
        self.assertTrue(self.api.secret(self.namespace, "s")["immutable"])
        uid = self.api.secret(self.namespace, "s")["metadata"]["uid"]
        self.kms.put("a", "new")
        said = daemon.wait_for_log("APPLY_FAILED", 60)
        self.assertIn("the Secret is immutable", said)
        self.assertIn("recreate = true", said)
        self.assertEqual({"a": b"A"}, self.data("s"))
        self.reload(daemon, self.secret("s", "a", immutable=True, recreate=True), interval="5s")
        daemon.wait_for_log("SECRET_RECREATED", 60)
        after = self.api.secret(self.namespace, "s")
        self.assertNotEqual(uid, after["metadata"]["uid"])
        self.assertTrue(after["immutable"])
        self.assertEqual({"a": b"new"}, self.data("s"))

    def test_its_end_needs_recreate_too(self):
        daemon = self.running(self.secret("s", "a", immutable=True))
        self.reload(daemon, self.secret("s", "a"))
        self.assertIn("recreate = true", daemon.wait_for_log("APPLY_FAILED"))
        self.reload(daemon, self.secret("s", "a", recreate=True))
        daemon.wait_for_log("SECRET_RECREATED")
        self.assertNotIn("immutable", self.api.secret(self.namespace, "s"))


class ForeignKeys(PolicyTest):
    def add(self, key):
        self.api.patch(secret_path(self.namespace, "s"),
                       {"data": {key: base64.b64encode(b"x").decode()}})

    def test_keys_of_others_stay_by_default(self):
        daemon = self.running(self.secret("s", "a"), interval="5s")
        self.add("theirs")
        polls = len(self.kms.requests())
        wait_until(lambda: len(self.kms.requests()) >= polls + 2, "two polls", 60)
        self.assertEqual({"a": b"A", "theirs": b"x"}, self.data("s"))
        self.assertNotIn("SECRET_HEALED", daemon.process.log())

    def test_they_are_removed_where_the_definition_says_so_and_named(self):
        daemon = self.running(self.secret("s", "a", foreign_keys="remove"))
        self.add("theirs")
        said = daemon.wait_for_log("SECRET_HEALED")
        self.assertIn("added: theirs by", said)
        wait_until(lambda: self.data("s") == {"a": b"A"}, "it is removed", 30)

    def test_who_adds_them_again_and_again_causes_no_storm(self):
        daemon = self.running(self.secret("s", "a", foreign_keys="remove"))
        for number in range(8):
            self.add(f"theirs-{number}")
            wait_until(lambda: "theirs" in str(self.data("s").keys()) or number == 0, "added", 5)
        daemon.wait_for_log("SECRET_HEALED")
        audited = [event for event in self.cluster.audit_events(self.namespace)
                   if event["verb"] == "patch" and "kms-secretd" in event.get("userAgent", "")
                   and event["stage"] == "ResponseComplete"]
        self.assertLessEqual(len(audited), 6)

    def test_a_merge_keeps_them_and_the_combination_is_refused(self):
        done = self.daemon(self.configuration(
            self.secret("s", "a", creation_policy="merge", foreign_keys="remove"))).run(
                "--check-config")
        self.assertEqual(1, done.returncode)


class Ownership(PolicyTest):
    """The policies that were there before, each by its row."""

    def outcome(self, event, **members):
        daemon = self.daemon(self.configuration(self.secret("s", "a", **members)))
        daemon.start()
        daemon.wait_for_log(event)
        return daemon

    def theirs(self, value=b"theirs"):
        self.api.create_secret(self.namespace, "s", {"a": value, "b": b"too"})

    def test_b6_adopt_never_leaves_a_foreign_secret(self):
        self.theirs()
        self.outcome("SECRET_REFUSED")
        self.assertEqual({"a": b"theirs", "b": b"too"}, self.data("s"))

    def test_adopt_if_equal_takes_over_what_is_equal_and_nothing_else(self):
        self.theirs(b"A")
        self.outcome("SECRET_ADOPTED", adopt="if-equal")
        self.assertEqual({"a": b"A", "b": b"too"}, self.data("s"))

    def test_adopt_if_equal_leaves_what_differs(self):
        self.theirs()
        self.outcome("SECRET_REFUSED", adopt="if-equal")
        self.assertEqual({"a": b"theirs", "b": b"too"}, self.data("s"))

    def test_adopt_force_takes_over_and_keeps_the_keys_of_others(self):
        self.theirs()
        self.outcome("SECRET_ADOPTED", adopt="force")
        self.assertEqual({"a": b"A", "b": b"too"}, self.data("s"))

    def test_adopt_force_with_foreign_keys_removed_leaves_only_ours(self):
        self.theirs()
        daemon = self.outcome("SECRET_ADOPTED", adopt="force", foreign_keys="remove")
        daemon.wait_for_log("SECRET_HEALED")
        self.assertEqual({"a": b"A"}, self.data("s"))

    def test_b10_merge_adds_our_key_only_and_no_label(self):
        self.api.create_secret(self.namespace, "s", {"b": b"too"})
        self.outcome("SECRET_UPDATED", creation_policy="merge")
        self.assertEqual({"a": b"A", "b": b"too"}, self.data("s"))
        self.assertNotIn("labels", self.api.secret(self.namespace, "s")["metadata"])

    def test_b14_labels_and_annotations_of_the_definition_are_set_and_put_back(self):
        daemon = self.outcome("SECRET_CREATED", labels={"team": "a"}, annotations={"note": "b"})
        self.api.patch(secret_path(self.namespace, "s"),
                       {"metadata": {"labels": {"team": "stolen"}}})
        daemon.wait_for_log("SECRET_HEALED")
        metadata = self.api.secret(self.namespace, "s")["metadata"]
        self.assertEqual(("a", "b"), (metadata["labels"]["team"], metadata["annotations"]["note"]))

    def test_b13_another_type_is_refused_without_recreate_and_made_anew_with_it(self):
        daemon = self.outcome("SECRET_CREATED")
        self.reload(daemon, self.secret("s", "a", type="example.com/other"))
        self.assertIn("recreate = true", daemon.wait_for_log("type_differs"))
        self.reload(daemon, self.secret("s", "a", type="example.com/other", recreate=True))
        daemon.wait_for_log("SECRET_RECREATED")
        self.assertEqual("example.com/other", self.api.secret(self.namespace, "s")["type"])


class Stopped(PolicyTest):
    """A stop in the middle of a recreate, before the API server's double, which can be slow."""

    def setUp(self):
        super().setUp()
        double = Double(build_dir(), self.directory / "double")
        self.enterContext(double)
        self.kubeconfig = double.kubeconfig
        self.api = double.admin()
        self.api.create_namespace(self.namespace)

    def test_a_stop_between_delete_and_create_loses_no_secret(self):
        daemon = self.running(self.secret("s", "a"), observe="poll")
        self.api.post("/double/faults", {"kind": "delay", "delay_ms": 1500, "method": "DELETE",
                                         "path_contains": "/secrets/s", "afterwards": True})
        self.reload(daemon, self.secret("s", "a", type="example.com/other", recreate=True),
                    observe="poll")
        wait_until(lambda: not self.exists("s"), "the old one is deleted", 30)
        self.assertEqual(0, daemon.stop(6))
        self.assertEqual("example.com/other", self.api.secret(self.namespace, "s")["type"])
        self.assertEqual({"a": b"A"}, self.data("s"))
