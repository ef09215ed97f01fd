# SPDX-License-Identifier: Apache-2.0
"""STS and KMS through a proxy."""

from harness import setup
from harness.auth import AuthTest
from harness.identities import ACCOUNT, REMOTE_ACCOUNT, Identities
from harness.process import free_port, wait_until
from harness.suite import EndToEndTest
from vendor_sdk.proxy import Proxy


class ThroughAProxy(AuthTest):
    """Where only a proxy leads out, STS is asked through the store's own one, by the vendor's names."""

    NAMES = ("kms-vpc.cn-hangzhou.aliyuncs.com", "sts-vpc.cn-hangzhou.aliyuncs.com")

    def setUp(self):
        EndToEndTest.setUp(self)  # the identities are those of the far emulator
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)
        self.far = self.emulator("far", host_names=self.NAMES)
        for account in (ACCOUNT, REMOTE_ACCOUNT):
            self.far.put_secret("app/db", "behind the proxy", account=account)
        self.who = Identities(self.far, self.api, self.namespace, self.directory)
        self.proxy = Proxy({f"{name}:443": ("127.0.0.1", self.far.port) for name in self.NAMES})
        self.addCleanup(self.proxy.stop)

    def store(self, auth, proxy):
        ca_file = setup.toml(str(self.far.ca_file))
        sts = {**auth, "sts": {"ca_file": str(self.far.ca_file)}}
        return "\n".join(["[store.shared]", 'backend = "kms-endpoint"', 'region = "cn-hangzhou"',
                          f"ca_file = {ca_file}", f"proxy = {setup.toml(proxy)}",
                          f"auth = {setup.toml(sts)}"]) + "\n"

    def through(self, auth, proxy=None):
        return self.daemon(setup.configuration(
            self.kubeconfig, self.store(auth, proxy or self.proxy.url),
            setup.secret(self.namespace, "s", {"db": "app/db"}, store="shared")),
            env={"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"})

    def test_a_role_is_assumed_through_the_proxy_of_the_store(self):
        for auth in (self.who.ram_role(), self.who.oidc_by_file(),
                     self.who.remote(self.who.access_key())):
            with self.subTest(auth["type"]):
                self.proxy.connected.clear()
                self.synced(self.through(auth))
                self.assertEqual({f"{name}:443" for name in self.NAMES}, set(self.proxy.connected))

    def test_a_session_is_renewed_through_the_proxy(self):
        self.who.put_roles(session_seconds=20)
        daemon = self.through(self.who.ram_role())
        daemon.start()
        daemon.wait_for_log("SECRET_CREATED")
        def exchanges():
            return [each for each in self.far.requests() if each["operation"] == "AssumeRole"]
        wait_until(lambda: len(exchanges()) >= 2, "the session is renewed", 60, daemon.process)
        self.assertNotIn("FETCH_FAILED", daemon.process.log())

    def test_a_proxy_that_forbids_sts_is_named_with_the_step(self):
        del self.proxy.targets[f"{self.NAMES[1]}:443"]
        said = self.refused(self.through(self.who.ram_role()), "shared/app/db", "auth by ram_role",
                            "sts-vpc.cn-hangzhou.aliyuncs.com", "proxy")
        self.assertIn("403", said)

    def test_a_proxy_that_is_gone_is_named(self):
        self.refused(self.through(self.who.ram_role(), proxy=f"http://127.0.0.1:{free_port()}"),
                     "shared/app/db", "auth by ram_role", "proxy")

    def test_the_online_check_asks_sts_through_the_proxy(self):
        done = self.through(self.who.ram_role()).run("--check-config", "--online")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertIn("assumed-role/reader", done.stdout + done.stderr)
