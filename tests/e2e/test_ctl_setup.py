# SPDX-License-Identifier: Apache-2.0
"""What kms-secretctl sets up with an admin's kubeconfig: the daemon's login, and imports."""

import base64
import subprocess
import threading

from harness import setup, tokens
from harness.ctl import CtlTest
from harness.process import wait_until

REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"


class LoginTest(CtlTest):
    def setUp(self):
        super().setUp()
        self.admin = self.kubeconfig
        self.made = self.directory / "made.conf"

    def login(self, way, *words, **expected):
        return self.ctl("kubeconfig", way, "--admin", str(self.admin), "--out", str(self.made),
                        "--directory", str(self.directory), *words, **expected)

    def working(self, state=None):
        """A daemon with that login and exactly the rights that rbac prints brings a Secret."""
        self.kubeconfig = self.made
        daemon = self.daemon(self.configuration(self.secret("s", a="a")),
                             env={"STATE_DIRECTORY": str(state)} if state else None)
        self.api.apply_manifest(self.rbac(daemon))
        done = daemon.once()
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual({"a": b"1"}, self.api.secret_data(self.namespace, "s"))
        for path in (self.made, *self.directory.glob("client.key"), *self.directory.glob("token")):
            self.assertEqual(0o600, path.stat().st_mode & 0o777, path)

    def rbac(self, daemon):
        return self.offline("rbac", daemon).replace('name: "kms-secretd"\n',
                                                    f'name: "{self.user}"\n')


class CertificateTest(LoginTest):
    def setUp(self):
        super().setUp()
        self.user = f"kms-secretd-{self.namespace}"

    def requests(self):
        """Those of this test; every test shares the cluster."""
        return [each for each in self.api.get(REQUESTS)["items"]
                if self.user in self.subject(each["spec"]["request"])]

    def subject(self, request):
        return subprocess.run(["openssl", "req", "-noout", "-subject"], check=True, text=True,
                              input=base64.b64decode(request).decode(),
                              capture_output=True).stdout

    def sign(self):
        """As the cluster's controller does once a request is approved: the tests have none."""
        def approved():
            return [each for each in self.requests()
                    if any(condition["type"] == "Approved"
                           for condition in each["status"].get("conditions", []))]
        request = wait_until(approved, "the request is approved")[0]
        pki = self.cluster.authority
        signed = subprocess.run(
            ["openssl", "x509", "-req", "-CA", pki.certificate, "-CAkey",
             pki.directory / "ca.key", "-set_serial", "77", "-days", "2"],
            input=base64.b64decode(request["spec"]["request"]).decode(), capture_output=True,
            text=True, check=True).stdout
        request["status"]["certificate"] = base64.b64encode(signed.encode()).decode()
        self.api.request("PUT", f"{REQUESTS}/{request['metadata']['name']}/status", request)

    def test_a_certificate_is_asked_for_approved_and_works(self):
        signer = threading.Thread(target=self.sign)
        signer.start()
        said = self.login("certificate", "--user", self.user, "--approve")
        signer.join()
        self.assertIn(f"logs in as user {self.user}", said)
        self.assertIn("kms-secretctl rbac", said)
        self.assertFalse((self.directory / "client.key.pending").exists())
        self.working()

    def test_without_approval_it_says_how_and_goes_on_with_the_same_key(self):
        for _ in range(2):
            self.login("certificate", "--user", self.user, "--timeout", "1", code=1,
                       error="kubectl certificate approve kms-secretd-")
        self.assertEqual(1, len(self.requests()))
        self.assertFalse(self.made.exists())
        self.assertEqual(0o600, (self.directory / "client.key.pending").stat().st_mode & 0o777)
        signer = threading.Thread(target=self.sign)
        signer.start()
        self.login("certificate", "--user", self.user, "--approve")
        signer.join()
        self.assertEqual(1, len(self.requests()))
        self.working()

    def test_an_admin_without_the_right_is_told(self):
        self.admin = self.cluster.kubeconfig(self.directory / "nobody",
                                             self.cluster.authority.client("nobody-at-all"))
        self.login("certificate", code=1, error="certificatesigningrequests")
        self.admin = self.directory / "absent"
        self.login("certificate", code=1, error="absent")


class TokenTest(LoginTest):
    def test_a_service_account_and_its_first_token_are_made_and_work(self):
        self.user = "kms-secretd"
        account = f"daemon-{self.namespace}/kms-secretd"
        said = self.login("token", "--service-account", account)
        self.assertIn(f"logs in as ServiceAccount {account}", said)
        token = (self.directory / "token").read_text()
        self.assertNotIn(token, said)
        claims = tokens.claims(token)
        self.assertEqual(f"system:serviceaccount:{account.replace('/', ':')}", claims["sub"])
        self.working(state=self.directory)
        # Again, over what is there: a new token.
        self.login("token", "--service-account", account)
        self.working(state=self.directory)

    def test_an_account_needs_a_namespace(self):
        self.login("token", "--service-account", "nonsense", code=2, error="NAMESPACE/NAME")


class ImportTest(CtlTest):
    def setUp(self):
        super().setUp()
        for kind in ("ExternalSecret", "SecretStore"):
            self.define_crd(kind)

    def test_the_operators_objects_become_a_configuration_that_works(self):
        self.api.post(f"/api/v1/namespaces/{self.namespace}/serviceaccounts", {
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {
                "name": "reader",
                "annotations": {"ack.alibabacloud.com/role-arn": "acs:ram::1:role/reader"}}})
        self.create_object("SecretStore", "by-account", {"KMS": {"KMSAuth": {
            "oidcProviderARN": "acs:ram::1:oidc-provider/ack",
            "serviceAccountRef": {"name": "reader"}}}})
        self.create_object("SecretStore", "by-key", {"KMS": {"KMSAuth": {
            "accessKey": {"name": "ak", "key": "id"},
            "accessKeySecret": {"name": "ak", "key": "secret"},
            "ramRoleARN": "acs:ram::1:role/kms"}}})
        entry = {"key": "a", "name": "a", "kmsEndpoint": "kms.cn-hangzhou.aliyuncs.com"}
        for store in ("by-account", "by-key"):
            self.create_object("ExternalSecret", f"from-{store}", {
                "data": [{**entry, "secretStoreRef": {"name": store}}]})
        done = self.run_ctl("import", "--from-cluster", "--admin", str(self.kubeconfig),
                            "--namespace", self.namespace)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn('role_arn = "acs:ram::1:role/reader"', done.stdout)
        self.assertIn(f'service_account = "{self.namespace}/reader"', done.stdout)
        self.assertIn('role_arn = "acs:ram::1:role/kms"', done.stdout)
        self.assertIn("2 secrets and 2 stores", done.stderr)
        daemon = self.daemon(setup.configuration(self.kubeconfig, done.stdout))
        checked = self.offline("validate", daemon)
        self.assertIn("good: 2 secrets from 2 stores", checked)

    def test_it_is_files_or_the_cluster(self):
        self.ctl("import", code=2, error="--from-cluster")
        self.ctl("import", "--from-cluster", "some.yaml", code=2, error="--from-cluster")
        absent = self.directory / "absent.yaml"
        self.ctl("import", str(absent), code=1, error="absent.yaml")
