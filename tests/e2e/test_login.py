# SPDX-License-Identifier: Apache-2.0
"""The daemon's own login: a ServiceAccount token that it renews, and what happens when it ends."""

import time

from harness import setup, tokens
from harness.process import wait_until
from harness.suite import EndToEndTest

WEEK = 7 * 24 * 3600


class TokenLoginTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kms.put_secret("a", "1")
        account = self.api.post(f"/api/v1/namespaces/{self.namespace}/serviceaccounts", {
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "daemon"}})
        self.uid = account["metadata"]["uid"]
        self.state = self.directory / "state"
        self.state.mkdir(mode=0o700)
        self.token_file = self.state / "token"
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  token_file=self.token_file)

    def token(self, age, left, account="daemon"):
        return tokens.sign(self.cluster, self.namespace, account, self.uid, age=age, left=left)

    def write_token(self, age, left):
        self.token_file.touch(mode=0o600)
        self.token_file.write_text(self.token(age, left))

    def configured(self, interval="5s"):
        return self.daemon(setup.configuration(
            self.kubeconfig, setup.store(self.kms, self.directory),
            setup.secret(self.namespace, "s", {"a": "a"}), interval=interval, observe="watch"),
            env={"STATE_DIRECTORY": str(self.state)})

    def granted(self):
        """A daemon whose ServiceAccount has exactly what --print-rbac says."""
        daemon = self.configured()
        printed = daemon.run("--print-rbac")
        self.assertEqual(0, printed.returncode, printed.stderr)
        self.assertIn("serviceaccounts/token", printed.stdout)
        self.api.apply_manifest(printed.stdout)
        return daemon

    def claims(self):
        return tokens.claims(self.token_file.read_text())

    def data(self):
        return self.api.secret_data(self.namespace, "s")

    def test_a_token_past_seventy_percent_of_its_life_is_renewed_for_a_week(self):
        self.write_token(age=100, left=20)
        daemon = self.granted()
        daemon.start()
        daemon.wait_for_log("LOGIN_RENEWED")
        claims = self.claims()
        self.assertEqual(WEEK, claims["exp"] - claims["iat"])
        self.assertEqual(0o600, self.token_file.stat().st_mode & 0o777)
        # The old one ends meanwhile; rounds go on with the new one.
        time.sleep(22)
        self.kms.rotate("a", "2")
        wait_until(lambda: self.data() == {"a": b"2"}, "the rotated value arrives", 30)
        self.assertNotIn("unauthenticated", daemon.process.log())

    def test_a_fresh_token_is_left_alone(self):
        self.write_token(age=10, left=3600)
        before = self.token_file.read_text()
        daemon = self.granted()
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        time.sleep(1)
        self.assertEqual(before, self.token_file.read_text())

    def test_without_the_right_it_says_what_is_missing_and_works_on(self):
        self.write_token(age=3000, left=600)
        daemon = self.granted()
        self.api.delete(f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}"
                        "/rolebindings/kms-secretd-default-login")
        daemon.start()
        said = daemon.wait_for_log("LOGIN_NOT_RENEWED")
        self.assertIn("serviceaccounts/token", said)
        daemon.wait_for_log("SECRET_CREATED")

    def test_an_ended_login_names_the_command_that_mends_it_and_the_command_mends_it(self):
        self.write_token(age=3600, left=-60)
        daemon = self.granted()
        daemon.start()
        said = daemon.wait_for_log("LOGIN_EXPIRED")
        self.assertIn("login expired", said)
        self.assertIn(f"kubectl -n {self.namespace} create token daemon --duration=168h", said)
        self.assertFalse(self.api.exists(f"/api/v1/namespaces/{self.namespace}/secrets/s"))
        made = self.api.post(
            f"/api/v1/namespaces/{self.namespace}/serviceaccounts/daemon/token", {
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": {"expirationSeconds": WEEK}})
        self.token_file.write_text(made["status"]["token"])
        wait_until(lambda: "SECRET_CREATED" in daemon.process.log(), "it is created", 90)
        self.assertEqual({"a": b"1"}, self.data())

    def test_no_token_is_ever_said(self):
        self.write_token(age=100, left=20)
        old = self.token_file.read_text()
        daemon = self.granted()
        daemon.start()
        daemon.wait_for_log("LOGIN_RENEWED")
        for token in (old, self.token_file.read_text()):
            for part in token.split("."):
                self.assertNotIn(part, daemon.process.log())


class CertificateLoginTest(EndToEndTest):
    def test_an_ended_certificate_is_said_and_a_new_one_is_taken_without_a_restart(self):
        kms = self.emulator()
        kms.put_secret("a", "1")
        user = f"kms-secretd-{self.namespace}"
        rules = [{"apiGroups": [""], "resources": ["secrets"],
                  "verbs": ["get", "patch", "create", "list", "watch"]}]
        good = self.cluster.restricted_user(user, self.namespace, rules)
        ended = self.cluster.authority.client(f"{user}:ended", days=-1)
        path = self.cluster.kubeconfig(self.directory / "kubeconfig", ended)
        daemon = self.daemon(setup.configuration(
            path, setup.store(kms, self.directory),
            setup.secret(self.namespace, "s", {"a": "a"}), interval="5s", observe="watch"))
        daemon.start()
        said = daemon.wait_for_log("LOGIN_EXPIRING")
        self.assertIn("ended", said)
        self.cluster.kubeconfig(path, good)
        wait_until(lambda: "SECRET_CREATED" in daemon.process.log(), "it is created", 120)
