# SPDX-License-Identifier: Apache-2.0
"""The client key of an instance: every way to be wrong, its change, its end, and that it leaks
nowhere."""

import contextlib
import json
import os

from harness import memory, setup
from harness.api import secret_path
from harness.instance import KEY_ID, InstanceTest
from harness.process import StartError, wait_until


class ClientKeys(InstanceTest):
    def setUp(self):
        super().setUp()
        self.put("a", "1")

    def one(self, interval="5s"):
        return self.configured([self.store("instance")], self.secret("instance", {"a": "a"}),
                               interval=interval)

    def file(self, suffix):
        return self.directory / f"instance-client-key{suffix}"

    def test_each_way_to_be_unusable_has_its_own_sentence(self):
        bad = json.loads(self.key["json"])
        cases = {
            "the client key is not JSON": "-----BEGIN PRIVATE KEY-----",
            "the client key has no KeyId": json.dumps({"PrivateKeyData": bad["PrivateKeyData"]}),
            "is not base64": json.dumps({**bad, "PrivateKeyData": "!" + bad["PrivateKeyData"]}),
            "is no PKCS#12": json.dumps({**bad, "PrivateKeyData": "AAAA"}),
        }
        for sentence, text in cases.items():
            with self.subTest(sentence):
                setup.write_secret(self.file(".json"), text)
                self.refused(self.one(), "instance/a", sentence)
        setup.write_client_key(self.directory, {**self.key, "password": "Wrong*1234"})
        self.refused(self.one(), "instance/a", "the password of the client key is wrong")

    def test_b20_a_new_client_key_is_used_without_a_restart(self):
        daemon = self.one()
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        new = self.instance.client_key("KAAP.new")
        setup.write_client_key(self.directory, new)
        self.instance.delete_client_key(KEY_ID)
        self.instance.put("a", "2")
        wait_until(lambda: self.data("instance") == {"a": b"2"}, "the new value", 60,
                   daemon.process)
        self.assertEqual("KAAP.new", self.instance.requests()[-1]["access_key"])

    def test_an_ending_client_key_is_warned_of_with_its_store(self):
        setup.write_client_key(self.directory,
                               self.instance.client_key("KAAP.ending", expires_in=10 * 86400))
        daemon = self.one()
        daemon.start()
        line = daemon.wait_for_log("STORE_CREDENTIAL_EXPIRING", 60)
        self.assertIn("store instance: the client key KAAP.ending ends in 9 days", line)

    def test_an_ended_client_key_is_refused_with_its_own_sentence(self):
        setup.write_client_key(self.directory, self.instance.client_key(
            "KAAP.ended", begins_in=-86400, expires_in=-3600))
        self.refused(self.one(), "instance/a", "the client key KAAP.ended expired at",
                     "create a new client key")


    def test_an_unusable_new_client_key_is_said_at_once_and_when_it_is_mended(self):
        daemon = self.one(interval="1h")
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        new = self.instance.client_key("KAAP.new")
        setup.write_client_key(self.directory, {**new, "password": "Wrong*1234"})
        line = daemon.wait_for_log("the new client key cannot be used")
        for text in ("STORE_NOTICE", "store instance:", "the password of the client key is wrong",
                     "clientKey_KAAP.<id>_Password.txt", f"the old one, {KEY_ID}, stays in use"):
            self.assertIn(text, line)
        setup.write_client_key(self.directory, self.instance.client_key(
            "KAAP.ended", begins_in=-86400, expires_in=-3600))
        self.assertIn("stays in use", daemon.wait_for_log("the client key KAAP.ended expired at"))
        setup.write_secret(self.file(".json"), "garbage")
        self.assertIn("stays in use", daemon.wait_for_log("the client key is not JSON"))
        setup.write_client_key(self.directory, new)
        line = daemon.wait_for_log("the client key can be used again: it is KAAP.new")
        self.assertIn("store instance:", line)

    def test_the_old_client_key_is_used_while_the_new_one_is_unusable(self):
        daemon = self.one()
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        setup.write_secret(self.file(".json"), "garbage")
        daemon.wait_for_log("stays in use")
        self.instance.put("a", "2")
        wait_until(lambda: self.data("instance") == {"a": b"2"}, "the new value", 60,
                   daemon.process)
        self.assertEqual(KEY_ID, self.instance.requests()[-1]["access_key"])

    def test_a_refused_store_is_asked_again_once_there_is_a_new_client_key(self):
        self.instance.delete_client_key(KEY_ID)
        daemon = self.one(interval="1h")
        daemon.start()
        daemon.wait_for_log("Unauthorized")
        setup.write_client_key(self.directory, self.instance.client_key("KAAP.new"))
        daemon.wait_for_log("SECRET_CREATED", timeout=30)

    def test_the_end_of_a_client_key_is_known_before_anything_is_read(self):
        setup.write_client_key(self.directory,
                               self.instance.client_key("KAAP.ending", expires_in=10 * 86400))
        daemon = self.configured([self.store("instance"), self.store("shared")],
                                 self.secret("shared", {"a": "a"}))
        daemon.start()
        line = daemon.wait_for_log("STORE_CREDENTIAL_EXPIRING")
        self.assertIn("store instance: the client key KAAP.ending ends in 9 days", line)
        self.assertEqual([], self.instance.requests())


class OnlineCheck(InstanceTest):
    """--check-config --online lets the instance judge client key and CA."""

    def setUp(self):
        super().setUp()
        self.put("a", "1")

    def checked(self, code, *texts, **members):
        said = self.configured([self.store("instance", **members)],
                               self.secret("instance", {"a": "a"})).run("--check-config", "--online")
        self.assertEqual(code, said.returncode, said.stdout + said.stderr)
        for text in texts:
            self.assertIn(text, said.stdout + said.stderr)
        self.assertFalse(self.api.exists(secret_path(self.namespace, "s-instance")))

    def test_a_good_key_is_named_with_its_end_and_the_clocks(self):
        self.checked(0, f"store instance: we are the client key {KEY_ID}", "lasts for", " days",
                     "the clocks agree", "1 of 1 secrets may be read")

    def test_a_denied_secret_is_named(self):
        self.instance.deny("a")
        self.checked(1, f"we are the client key {KEY_ID}", "Forbidden.NoPermission",
                     "policy of the access point", "0 of 1 secrets may be read")

    def test_a_deleted_key_is_no_usable_credential(self):
        self.instance.delete_client_key(KEY_ID)
        self.checked(1, "store instance: there is no usable credential", "Unauthorized",
                     "check in the KMS console that the client key exists")

    def test_a_wrong_password_is_no_usable_credential(self):
        setup.write_client_key(self.directory, {**self.key, "password": "Wrong*1234"})
        self.checked(1, "there is no usable credential: the password of the client key is wrong")

    def test_a_wrong_ca_is_said(self):
        self.checked(1, "store instance: identity unknown", "certificate is not trusted",
                     "configure the CA that issued it", ca_file=str(self.shared.ca_file))


class Secrecy(InstanceTest):
    """By client key, neither a value nor the password nor the file that was read stays behind."""

    def setUp(self):
        super().setUp()
        self.values = [memory.canary(length) for length in (8, 15, 40, 600, 20000)]
        for at, value in enumerate(self.values):
            self.instance.put_secret(f"secret-{at}", value)
        self.key = self.instance.client_key("KAAP.secrecy", password="Canary*" + memory.canary(40))
        setup.write_client_key(self.directory, self.key)
        self.running = self.configured(
            [self.store("instance")],
            self.secret("instance", {f"k{at}": f"secret-{at}" for at in range(len(self.values))}),
            interval="30s")

    def never(self):
        """What must be nowhere: values, password, pieces of the key's file and of the key."""
        data = json.loads(self.key["json"])["PrivateKeyData"]
        # From the ninth line on; those before hold the modulus, which is in the certificate as well.
        pem = self.key["private_key"].splitlines()
        return [*self.values, self.key["password"], data[400:464], data[-200:-136], pem[9], pem[14]]

    def test_nothing_of_value_or_client_key_is_left_in_memory(self):
        if os.geteuid() != 0:
            self.skipTest("the daemon is not dumpable: only root may look into its memory")
        self.running.start()
        self.running.wait_for_log("SECRET_CREATED")
        pid = self.running.process.pid
        names = ["8", "15", "40", "600", "20000", "password", "file", "file's end", "key", "key's end"]
        def left():
            found = memory.hits(pid, self.never())
            return [name for name, value in zip(names, self.never()) if found[value]]
        with contextlib.suppress(StartError):  # the assertion below tells more
            wait_until(lambda: not left(), "nothing is left in memory", 15, every=0.5)
        self.assertEqual([], left())
        # The look finds what is there: the name of the instance's secret is no secret.
        self.assertGreater(memory.hits(pid, ["secret-4"])["secret-4"], 0)

    def test_nothing_of_value_or_client_key_is_ever_logged(self):
        self.running.start()
        self.running.wait_for_log("SECRET_CREATED")
        self.instance.delete_client_key("KAAP.secrecy")
        self.running.wait_for_log("Unauthorized", 90)
        self.running.stop()
        self.instance.fault("garbage", at="body")
        log = self.running.process.log() + self.running.once().stderr
        for secret in (*self.never(), "Bearer"):
            self.assertNotIn(secret, log)
