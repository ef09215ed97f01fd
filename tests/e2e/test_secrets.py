# SPDX-License-Identifier: Apache-2.0
"""The main job: secrets travel from KMS into a real cluster, and follow it."""

import base64

from harness import setup
from harness.api import secret_path
from harness.process import wait_until
from harness.suite import CHECKOUT, EndToEndTest


class SecretsTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)

    def configured(self, *secrets, interval="5s", **store):
        return self.daemon(setup.configuration(
            self.kubeconfig, setup.store(self.kms, self.directory, **store), *secrets,
            interval=interval))

    def secret(self, name, data, **members):
        return setup.secret(self.namespace, name, data, **members)

    def version(self, name):
        """What changes with every write: uid and resourceVersion."""
        metadata = self.api.secret(self.namespace, name)["metadata"]
        return metadata["uid"], metadata["resourceVersion"]

    def data(self, name):
        return self.api.secret_data(self.namespace, name)

    def synced(self, daemon):
        done = daemon.once()
        self.assertEqual(0, done.returncode, done.stderr)
        return done

    def refused(self, daemon):
        done = daemon.once()
        self.assertEqual(1, done.returncode, done.stderr)
        return done.stderr


class OneRound(SecretsTest):
    def test_a_secret_is_created_with_exactly_the_bytes_of_its_sources(self):
        binary = bytes(range(256))
        self.kms.put_secret("prod/db/password", "p@ss wörd\n")
        self.kms.put_secret("prod/json", '{"port": 3306, "v": 1.10}')
        self.kms.put_secret("prod/keystore", base64.b64encode(binary).decode(), data_type="binary")
        self.synced(self.configured(self.secret(
            "db", {"password": "prod/db/password", "config": "prod/json", "store": "prod/keystore"})))
        self.assertEqual({"password": "p@ss wörd\n".encode(), "config": b'{"port": 3306, "v": 1.10}',
                          "store": binary}, self.data("db"))

    def test_the_previous_version_stands_beside_the_current_one(self):
        self.kms.put_secret("app/key", "old")
        self.kms.put("app/key", "new")
        self.synced(self.configured(self.secret("keys", {
            "current": "app/key",
            "previous": {"source": "app/key", "version_stage": "ACSPrevious"}})))
        self.assertEqual({"current": b"new", "previous": b"old"}, self.data("keys"))

    def test_a_second_run_writes_nothing(self):
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        self.synced(daemon)
        before = self.version("s")
        self.synced(daemon)
        self.assertEqual(before, self.version("s"))

    def test_a_foreign_secret_is_refused_and_left_as_it_was(self):
        self.kms.put_secret("a", "1")
        self.api.create_secret(self.namespace, "s", {"a": b"theirs", "b": b"too"})
        before = self.version("s")
        said = self.refused(self.configured(self.secret("s", {"a": "a"})))
        self.assertIn("SECRET_REFUSED", said)
        self.assertEqual(before, self.version("s"))
        self.assertEqual({"a": b"theirs", "b": b"too"}, self.data("s"))

    def test_b10_keys_labels_and_annotations_of_others_survive(self):
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        self.synced(daemon)
        self.api.patch(secret_path(self.namespace, "s"), {
            "metadata": {"labels": {"theirs": "yes"}, "annotations": {"note": "kept"}},
            "data": {"other": base64.b64encode(b"x").decode()}})
        self.kms.put("a", "2")
        self.synced(daemon)
        metadata = self.api.secret(self.namespace, "s")["metadata"]
        self.assertEqual({"a": b"2", "other": b"x"}, self.data("s"))
        self.assertEqual("yes", metadata["labels"]["theirs"])
        self.assertEqual("kept", metadata["annotations"]["note"])

    def test_a_key_that_the_definition_drops_goes(self):
        self.kms.put_secret("a", "1")
        self.kms.put_secret("b", "2")
        daemon = self.configured(self.secret("s", {"a": "a", "b": "b"}))
        self.synced(daemon)
        daemon.configure(setup.configuration(
            self.kubeconfig, setup.store(self.kms, self.directory), self.secret("s", {"a": "a"})))
        self.synced(daemon)
        self.assertEqual({"a": b"1"}, self.data("s"))

    def test_a_missing_namespace_is_named_and_nothing_else_suffers(self):
        self.kms.put_secret("a", "1")
        said = self.refused(self.configured(
            setup.secret("no-such-namespace", "s", {"a": "a"}), self.secret("s", {"a": "a"})))
        self.assertIn("no-such-namespace/s", said)
        self.assertEqual({"a": b"1"}, self.data("s"))

    def test_a_thousand_secrets_are_synced(self):
        self.kms.put_secrets([{"name": f"many/{i}", "data": f"value {i}"} for i in range(1000)])
        daemon = self.configured(*[self.secret(f"s{i}", {"value": f"many/{i}"})
                                   for i in range(1000)], requests_per_second=1000)
        done = daemon.once(timeout=300)
        self.assertEqual(0, done.returncode, done.stderr[-2000:])
        self.assertIn("1000 of 1000 secrets in sync", done.stderr)
        self.assertEqual({"value": b"value 999"}, self.data("s999"))


class FailedSource(SecretsTest):
    """B1, B2: whatever happens to one of several sources, the Secret stays byte for byte."""

    def setUp(self):
        super().setUp()
        self.kms.put_secret("good", "1")
        self.kms.put_secret("bad", "2")
        self.configuration = self.configured(self.secret("s", {"good": "good", "bad": "bad"}))
        self.synced(self.configuration)
        self.before = self.version("s")
        self.kms.put("good", "must not arrive alone")

    def stays(self, *expected):
        said = self.refused(self.configuration)
        for text in expected:
            self.assertIn(text, said)
        self.assertNotIn("must not arrive", said)
        self.assertEqual(self.before, self.version("s"))

    def test_b1_a_denied_source_changes_nothing(self):
        self.kms.deny("bad")
        self.stays("shared/bad", "permission_denied", "Forbidden.NoPermission")

    def test_b1_a_deleted_source_changes_nothing(self):
        self.kms.delete("bad")
        self.stays("shared/bad", "not_found", "Forbidden.ResourceNotFound")

    def test_b1_a_throttled_source_changes_nothing(self):
        self.kms.fault("error", status=429, code="Rejected.Throttling", secret="bad")
        self.stays("shared/bad", "throttled")

    def test_b1_a_server_error_changes_nothing(self):
        self.kms.fault("error", status=503, code="ServiceUnavailableTemporary", secret="bad")
        self.stays("shared/bad", "unavailable")

    def test_b1_garbage_changes_nothing(self):
        self.kms.fault("garbage", secret="bad")
        self.stays("shared/bad")

    def test_b1_a_cut_reply_changes_nothing(self):
        self.kms.fault("truncate", secret="bad")
        self.stays("shared/bad")

    def test_b1_an_outage_changes_nothing(self):
        self.kms.outage()
        self.stays("unavailable")

    def test_b2_refused_credentials_change_nothing(self):
        self.kms.delete_key(self.kms.access_key["id"])
        self.stays("unauthenticated")


class Living(SecretsTest):
    def test_a_new_version_arrives_by_itself_and_unchanged_polls_write_nothing(self):
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        daemon.start()
        wait_until(lambda: self.api.exists(secret_path(self.namespace, "s")), "created")
        before = self.version("s")
        polls = len(self.kms.requests())
        wait_until(lambda: len(self.kms.requests()) >= polls + 2, "two more polls")
        self.assertEqual(before, self.version("s"))
        self.kms.put("a", "2")
        wait_until(lambda: self.data("s") == {"a": b"2"}, "the new version arrives")
        self.assertEqual(0, daemon.stop(6))

    def test_an_outage_changes_nothing_and_the_daemon_comes_back_by_itself(self):
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        before = self.version("s")
        self.kms.outage()
        daemon.wait_for_log("FETCH_FAILED")
        self.assertEqual(before, self.version("s"))
        self.kms.back()
        self.kms.put("a", "2")
        wait_until(lambda: self.data("s") == {"a": b"2"}, "back", 60)

    def test_it_stops_within_five_seconds_while_kms_hangs(self):
        self.kms.put_secret("a", "1")
        self.kms.fault("black_hole")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        daemon.start()
        wait_until(self.kms.requests, "a call hangs")
        self.assertEqual(0, daemon.stop(6))

    def test_a_reload_takes_new_secrets_over_and_a_bad_one_keeps_the_old(self):
        self.kms.put_secret("a", "1")
        self.kms.put_secret("b", "2")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        good = daemon.config_path.read_text()
        daemon.configure(good + "\n[[secret]]\nnam = \"typo\"\n")
        daemon.reload()
        daemon.wait_for_log("RELOAD_FAILED")
        self.kms.put("a", "3")
        wait_until(lambda: self.data("s") == {"a": b"3"}, "the old configuration lives on")
        daemon.configure(good + self.secret("t", {"b": "b"}))
        daemon.reload()
        wait_until(lambda: self.api.exists(secret_path(self.namespace, "t")), "the new secret")

    def test_b20_rotated_credentials_are_picked_up(self):
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        self.kms.put_key("nextKeyId", "nextKeySecret")
        (self.directory / "shared-access-key-secret").write_text("nextKeySecret\n")
        (self.directory / "shared-access-key-id").write_text("nextKeyId\n")
        self.kms.delete_key(self.kms.access_key["id"])
        self.kms.put("a", "2")
        wait_until(lambda: self.data("s") == {"a": b"2"}, "the new key is used", 90)

    def test_no_value_and_no_key_is_ever_logged(self):
        canary = "canary-0123456789abcdef"
        self.kms.put_secret("a", canary)
        daemon = self.configured(self.secret("s", {"a": "a"}))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        self.kms.fault("garbage")
        daemon.wait_for_log("FETCH_FAILED")
        daemon.stop()
        log = daemon.process.log()
        for secret in (canary, base64.b64encode(canary.encode()).decode(),
                       self.kms.access_key["secret"]):
            self.assertNotIn(secret, log)


class AuditTrail(SecretsTest):
    """What the journal says of the keys of a Secret that a write changed."""

    def setUp(self):
        super().setUp()
        self.values = ["user-canary-1", "password-canary-1"]
        self.kms.put_secret("user", self.values[0])
        self.kms.put_secret("password", self.values[1])
        self.running = self.configured(self.secret("s", {"user": "user", "password": "password"}))
        self.running.start()
        self.running.wait_for_log("SECRET_CREATED")

    def rotate(self, name, value):
        self.values.append(value)
        self.kms.put(name, value)

    def no_value_is_logged(self):
        log = self.running.process.log()
        for value in self.values:
            self.assertNotIn(value, log)
            self.assertNotIn(base64.b64encode(value.encode()).decode(), log)

    def test_the_rotation_of_one_of_two_keys_names_exactly_that_key(self):
        self.assertIn("keys added: password, user [SECRET_CREATED]", self.running.process.log())
        self.rotate("password", "password-canary-2")
        line = self.running.wait_for_log("SECRET_UPDATED")
        self.assertTrue(line.endswith("; keys changed: password [SECRET_UPDATED]"), line)
        self.rotate("user", "user-canary-2")
        line = self.running.wait_for_log("SECRET_UPDATED", count=2)
        self.assertTrue(line.endswith("; keys changed: user [SECRET_UPDATED]"), line)
        self.no_value_is_logged()

    def test_a_heal_names_the_key_that_is_put_back(self):
        patch = {"data": {"user": base64.b64encode(b"edited").decode()}}
        self.api.patch(secret_path(self.namespace, "s"), patch)
        line = self.running.wait_for_log("SECRET_HEALED")
        self.assertIn("; keys put back: user;", line)
        self.no_value_is_logged()

    def test_the_first_write_after_a_restart_says_that_it_does_not_know(self):
        self.assertEqual(0, self.running.stop(6))
        self.rotate("password", "password-canary-2")
        self.running.start()
        line = self.running.wait_for_log("SECRET_UPDATED")
        self.assertIn("which of these changed is not known since the restart or change of leader: "
                      "password, user", line)
        self.no_value_is_logged()


class Cluster(SecretsTest):
    def test_the_api_server_may_die_and_come_back(self):
        cluster = self.own_cluster()
        api = cluster.admin()
        api.create_namespace(self.namespace)
        self.kubeconfig = cluster.kubeconfig(self.directory / "own-kubeconfig",
                                             cluster.admin_identity)
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        cluster.kill_apiserver()
        self.kms.put("a", "2")
        daemon.wait_for_log("APPLY_FAILED", 60)
        cluster.restart_apiserver()
        wait_until(lambda: api.secret_data(self.namespace, "s") == {"a": b"2"}, "back", 90)

    def test_exactly_the_shipped_rights_suffice(self):
        user = f"kms-secretd-{self.namespace}"
        identity = self.cluster.authority.client(user)
        shipped = (CHECKOUT / "packaging" / "kubernetes" / "role.yaml").read_text()
        for placeholder, value in {"NAMESPACE": self.namespace, "USER": user,
                                   "SECRET": "s", "INSTANCE": "default"}.items():
            shipped = shipped.replace(placeholder, value)
        self.api.apply_manifest(shipped)
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "restricted", identity)
        self.kms.put_secret("a", "1")
        daemon = self.configured(self.secret("s", {"a": "a"}))
        self.synced(daemon)
        self.kms.put("a", "2")
        self.synced(daemon)
        self.assertEqual({"a": b"2"}, self.data("s"))
        verbs = {event["verb"] for event in self.cluster.audit_events(self.namespace, user)}
        self.assertLessEqual(verbs, set(setup.SECRET_VERBS))

    def test_missing_rights_are_said_with_what_to_grant(self):
        identity = self.cluster.authority.client(f"nobody-{self.namespace}")
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "nobody", identity)
        self.kms.put_secret("a", "1")
        said = self.refused(self.configured(self.secret("s", {"a": "a"})))
        self.assertIn("forbidden", said)
        self.assertIn("secrets", said)
