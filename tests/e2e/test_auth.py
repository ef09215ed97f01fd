# SPDX-License-Identifier: Apache-2.0
"""Who a store is: every way to prove it, rotation under load, and what happens when it fails."""

import base64
import re
import threading
import time

from harness import setup
from harness.auth import AuthTest
from harness.identities import ACCOUNT, PROVIDER, READER, REMOTE_ACCOUNT, SERVICE_ACCOUNT
from harness.process import free_port, wait_until
from harness.suite import CHECKOUT


class EveryProvider:
    """Run twice: each alone, and each followed by the role of another account."""

    def check(self, auth, env=None):
        raise NotImplementedError

    def test_an_access_key(self):
        self.check(self.who.access_key())

    def test_an_sts_triple(self):
        self.check(self.who.sts())

    def test_the_role_of_the_instance(self):
        self.check(self.who.ecs_ram_role())

    def test_a_named_role_of_the_instance(self):
        self.check(self.who.ecs_ram_role(role_name="node"))

    def test_a_role_from_an_access_key(self):
        self.check(self.who.ram_role())

    def test_an_oidc_token_in_a_file(self):
        self.check(self.who.oidc_by_file())

    def test_a_service_account_token_from_the_api_server(self):
        self.check(self.who.oidc_by_service_account())

    def test_a_credentials_uri(self):
        self.check(self.who.credentials_uri())

    def test_a_profile_of_the_credentials_file(self):
        self.check(self.who.ini_profile())

    def test_a_chained_profile_of_the_command_line(self):
        self.check(self.who.cli_profile())

    def test_a_key_in_the_environment(self):
        key = self.kms.access_key
        self.check({"type": "environment"}, env={"ALIBABA_CLOUD_ACCESS_KEY_ID": key["id"],
                                                 "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key["secret"]})

    def test_the_names_of_the_operator_in_the_environment(self):
        token = self.who.file("token", self.who.token())["file"]
        self.check({"type": "environment"}, env={
            "ALICLOUD_ROLE_ARN": READER, "ALICLOUD_OIDC_PROVIDER_ARN": PROVIDER,
            "ALICLOUD_OIDC_TOKEN_FILE": token})

    def test_the_second_member_of_a_chain(self):
        self.check(self.who.chain())


class Alone(EveryProvider, AuthTest):
    def check(self, auth, env=None):
        self.synced(self.configured(auth, env=env))
        self.assertEqual("mine", self.value())


class FollowedByARemoteRole(EveryProvider, AuthTest):
    def check(self, auth, env=None):
        self.synced(self.configured(self.who.remote(auth), env=env))
        self.assertEqual("theirs", self.value())

    def test_B24_a_policy_narrows_the_session(self):
        policy = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}]}'
        self.refused(self.configured(self.who.remote(self.who.access_key(), policy=policy)),
                     "Forbidden.NoPermission")
        policy = policy.replace("oss:Get*", "kms:GetSecretValue")
        self.synced(self.configured(self.who.remote(self.who.access_key(), policy=policy)))

    def test_a_wrong_external_id_is_refused(self):
        self.refused(self.configured(self.who.remote(self.who.access_key(), external_id="other")),
                     "NoPermission", "external id")

    def test_the_session_carries_its_name_and_lasts_as_asked(self):
        self.synced(self.configured(self.who.remote(
            self.who.access_key(), session_name="me@host", session_duration="15m")))
        sessions = [key for key in self.kms.call("GET", "/keys")["keys"] if key["sts"]]
        self.assertEqual([f"acs:ram::{REMOTE_ACCOUNT}:assumed-role/remote-reader/me@host"],
                         [key["arn"] for key in sessions])


class SystemdCredentials(AuthTest):
    def test_an_access_key_comes_from_the_units_credentials(self):
        directory = self.directory / "credentials"
        directory.mkdir()
        for part in ("id", "secret"):
            (directory / part).write_text(self.kms.access_key[part])
        auth = {"type": "access_key", "id": {"credential": "id"},
                "secret": {"credential": "secret"}}
        self.synced(self.configured(auth, env={"CREDENTIALS_DIRECTORY": str(directory)}))
        self.assertEqual("mine", self.value())


class NothingIsAssumed(AuthTest):
    def stays(self, auth, *expected, env=None):
        """A first good value; then the store's identity fails, and nothing is written."""
        self.synced(self.configured(self.who.access_key()))
        before = self.version()
        self.kms.put("app/db", "must not arrive", account=ACCOUNT)
        said = self.refused(self.configured(auth, env=env), "unauthenticated", "shared", *expected)
        self.assertNotIn("must not arrive", said)
        self.assertEqual(before, self.version())
        self.assertEqual("mine", self.value())

    def test_B2_a_missing_key_file_changes_no_secret(self):
        auth = {**self.who.access_key(), "id": {"file": "/nonexistent/id"}}
        self.stays(auth, "auth.id", "/nonexistent/id")

    def test_B19_a_missing_key_never_becomes_the_role_of_the_instance(self):
        self.stays({**self.who.access_key(), "secret": {"file": "/nonexistent/secret"}},
                   "auth.secret")
        self.assertEqual(0, self.kms.metadata())

    def test_B19_an_environment_without_an_identity_is_nobody(self):
        self.stays({"type": "environment"}, "names no identity", "ALIBABA_CLOUD_ACCESS_KEY_ID")

    def test_a_role_that_does_not_trust_us_is_named_with_the_remedy(self):
        self.kms.put_role(READER, f"acs:ram::{REMOTE_ACCOUNT}:root")
        self.stays(self.who.ram_role(), READER, "NoPermission", "trust policy")

    def test_the_other_stores_go_on(self):
        bad = {**self.who.access_key(), "id": {"file": "/nonexistent/id"}}
        daemon = self.configured(
            bad, setup.store_with(self.kms, self.who.access_key(), name="good"),
            setup.secret(self.namespace, "t", {"db": "app/db"}, store="good"))
        self.refused(daemon, "auth.id")
        self.assertEqual("mine", self.value("t"))

    def test_a_configuration_that_mixes_identities_is_refused_with_its_place(self):
        daemon = self.configured({**self.who.access_key(), "role_name": "node"})
        done = daemon.run("--check-config")
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stderr, r"kms-secretd\.toml:\d+:\d+: store shared: .*auth\.role_name")

    def test_secrets_are_in_no_log(self):
        self.kms.fault("error", status=400, code="SignatureDoesNotMatch", form="gateway", count=5,
                       message="server string to sign is:" + self.kms.access_key["secret"])
        said = self.refused(self.configured(self.who.remote(self.who.access_key())))
        self.assertNotIn(self.kms.access_key["secret"], said)


class Metadata(AuthTest):
    def test_version_1_is_asked_only_where_it_is_allowed(self):
        self.kms.metadata(version2="absent")
        self.refused(self.configured(self.who.ecs_ram_role()), "allow_metadata_v1")
        self.synced(self.configured(self.who.ecs_ram_role(allow_metadata_v1=True)))
        self.kms.metadata(version2="optional")
        self.synced(self.configured(self.who.ecs_ram_role()))

    def test_a_host_outside_of_ecs_fails_fast(self):
        auth = {**self.who.ecs_ram_role(), "metadata_endpoint": f"127.0.0.1:{free_port()}"}
        self.refused(self.configured(auth), "ECS instances only")

    def test_a_slow_service_is_given_a_second(self):
        self.kms.metadata(delay_ms=30000)
        began = time.monotonic()
        self.refused(self.configured(self.who.ecs_ram_role()), "the metadata service")
        self.assertLess(time.monotonic() - began, 20)

    def test_a_lying_service_is_not_believed(self):
        for lie, why in {"expired": "ended already", "failed": "Failed", "garbage": "not JSON",
                         "huge": "", "name": "no role name"}.items():
            with self.subTest(lie):
                self.kms.metadata(lie=lie)
                self.refused(self.configured(self.who.ecs_ram_role()), "the metadata service", why)

    def test_an_instance_without_a_role_is_told_what_to_do(self):
        self.kms.metadata(role_arn="")
        self.refused(self.configured(self.who.ecs_ram_role()), "attach a RAM role")

    def test_an_outage_is_survived_by_the_credential_in_use(self):
        daemon = self.configured(self.who.ecs_ram_role())
        daemon.start()
        wait_until(lambda: self.api.exists(self.path()), "the Secret is there")
        self.kms.metadata(delay_ms=30000)
        since = self.kms.requests()[-1]["sequence"]
        wait_until(lambda: len(self.reads(since)) >= 2, "two more rounds")
        self.assertNotIn("FETCH_FAILED", daemon.process.log())

    def path(self):
        return f"/api/v1/namespaces/{self.namespace}/secrets/s"


class Rotation(AuthTest):
    """Everything that ends or changes while rounds go on: none of them fails."""

    secrets = 20

    def running(self, auth):
        more = [setup.secret(self.namespace, f"s{i}", {"db": f"many/{i}"}, store="shared")
                for i in range(self.secrets)]
        self.kms.put_secrets([{"name": f"many/{i}", "data": str(i), "account": account}
                              for i in range(self.secrets)
                              for account in (ACCOUNT, REMOTE_ACCOUNT)])
        daemon = self.configured(auth, *more, requests_per_second=100)
        daemon.start()
        wait_until(lambda: len(self.reads()) >= self.secrets, "the first rounds")
        return daemon

    def outlives(self, daemon, condition, what, timeout=60):
        wait_until(condition, what, timeout, daemon.process)
        since = self.kms.requests()[-1]["sequence"]
        wait_until(lambda: len(self.reads(since)) >= self.secrets, "every secret once more")
        failed = [line for line in daemon.process.log().splitlines() if "_FAILED]" in line]
        self.assertEqual([], failed)

    def test_B20_sessions_that_end_are_renewed_without_a_failed_round(self):
        self.who.put_roles(session_seconds=6)
        daemon = self.running(self.who.ram_role())
        self.outlives(daemon, lambda: len(self.exchanges()) >= 4, "three renewals")
        used = {each["access_key"] for each in self.reads()}
        self.assertGreaterEqual(len(used), 3)

    def test_B20_a_chain_of_two_sessions_is_renewed_without_a_failed_round(self):
        self.who.put_roles(session_seconds=6)
        daemon = self.running(self.who.remote(self.who.oidc_by_service_account()))
        self.outlives(daemon, lambda: len(self.exchanges()) >= 4, "renewals of the outer session")
        self.assertGreaterEqual(len(self.exchanges("AssumeRoleWithOIDC")), 3)

    def test_B20_a_rotated_access_key_is_used_at_once_and_without_a_failed_round(self):
        daemon = self.running(self.who.access_key())
        self.kms.put_key(id="second", secret="secret-of-second")
        self.who.access_key({"id": "second", "secret": "secret-of-second"})
        self.outlives(daemon, lambda: any(each["access_key"] == "second" for each in self.reads()),
                      "the second key is used")
        self.kms.delete_key(self.kms.access_key["id"])
        self.outlives(daemon, lambda: True, "")

    def test_a_half_written_key_leaves_the_old_one_in_use_and_is_told(self):
        daemon = self.running(self.who.access_key())
        self.who.file("ak-secret", "two words")
        daemon.wait_for_log("the one before it stays in use")
        self.outlives(daemon, lambda: True, "")

    def test_B20_a_rotated_token_file_is_read_for_each_exchange(self):
        self.who.put_roles(session_seconds=6)
        daemon = self.running(self.who.oidc_by_file())
        stop = threading.Event()
        self.addCleanup(stop.set)

        def rotate():
            while not stop.wait(1.0):
                self.who.file("token", self.who.token())
        thread = threading.Thread(target=rotate)
        thread.start()
        self.outlives(daemon, lambda: len(self.exchanges("AssumeRoleWithOIDC")) >= 4, "renewals")
        stop.set()
        thread.join()

    def test_B20_a_changed_profile_is_used_at_once(self):
        daemon = self.running(self.who.ini_profile())
        since = self.kms.requests()[-1]["sequence"]
        key = self.kms.access_key
        self.who.file("credentials", "[role]\ntype = access_key\n"
                      f"access_key_id = {key['id']}\naccess_key_secret = {key['secret']}\n")
        self.outlives(daemon, lambda: any(each["access_key"] == key["id"]
                                          for each in self.reads(since)), "the new profile is used")

    def test_an_sts_outage_is_survived_until_the_session_really_ends(self):
        self.who.put_roles(session_seconds=30)
        daemon = self.running(self.who.ram_role())
        self.kms.fault("error", operation="AssumeRole", status=500, code="InternalError")
        daemon.wait_for_log("could not be renewed ahead of its end", timeout=60)
        self.kms.clear_faults()
        self.outlives(daemon, lambda: len(self.exchanges()) >= 3, "renewals go on")


class Revoked(AuthTest):
    def test_a_revoked_role_stops_only_its_store_and_a_restored_one_goes_on(self):
        daemon = self.configured(
            self.who.ram_role(), setup.store_with(self.kms, self.who.sts(), name="other"),
            setup.secret(self.namespace, "t", {"db": "app/db"}, store="other"))
        daemon.start()
        path = f"/api/v1/namespaces/{self.namespace}/secrets/"
        wait_until(lambda: self.api.exists(path + "s") and self.api.exists(path + "t"), "both")
        self.assertGreaterEqual(self.kms.revoke_role(READER), 1)
        self.kms.put("app/db", "second", account=ACCOUNT)
        line = daemon.wait_for_log("there is no such role")
        self.assertIn(READER, line)
        wait_until(lambda: self.value("t") == "second", "the other store goes on")
        self.assertEqual("mine", self.value("s"))
        self.kms.restore_role(READER)
        wait_until(lambda: self.value("s") == "second", "the restored role", 120, daemon.process)


class TokenOfTheApiServer(AuthTest):
    """TokenRequest against the real kube-apiserver; the emulator verifies with the server's keys."""

    def rules(self, service_account):
        return [{"apiGroups": [""], "resources": ["secrets"], "verbs": setup.SECRET_VERBS},
                {"apiGroups": [""], "resources": ["serviceaccounts/token"],
                 "resourceNames": [service_account], "verbs": ["create"]}]

    def as_user_who_may(self, service_account):
        identity = self.cluster.restricted_user(f"u-{self.namespace}", self.namespace,
                                                self.rules(service_account))
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "restricted", identity)

    def test_the_narrowest_rights_are_enough(self):
        self.as_user_who_may(SERVICE_ACCOUNT)
        self.synced(self.configured(self.who.oidc_by_service_account()))
        self.assertEqual(["OK"], [each["outcome"] for each in self.exchanges("AssumeRoleWithOIDC")])

    def test_a_forbidden_token_is_told_with_the_right_that_is_missing(self):
        self.as_user_who_may("another")
        self.refused(self.configured(self.who.oidc_by_service_account()),
                     f"ServiceAccount {self.namespace}/{SERVICE_ACCOUNT}", "serviceaccounts/token")
        self.assertEqual([], self.exchanges("AssumeRoleWithOIDC"))

    def test_an_absent_service_account_is_named(self):
        auth = {**self.who.oidc_by_service_account(), "service_account": f"{self.namespace}/absent"}
        self.refused(self.configured(auth), f"{self.namespace}/absent")

    def test_a_token_for_another_audience_is_refused(self):
        self.refused(self.configured(self.who.oidc_by_service_account(audience="elsewhere")),
                     "AudienceNotMatch", "sts.aliyuncs.com")

    def test_a_token_of_another_service_account_is_refused_by_the_trust_policy(self):
        self.api.post(f"/api/v1/namespaces/{self.namespace}/serviceaccounts", {
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "other"}})
        auth = self.who.oidc_by_file()
        self.who.file("token", self.who.token(name="other"))
        self.refused(self.configured(auth), "AuthenticationFail.NoPermission", "subject")

    def test_a_token_that_nobody_signed_is_refused(self):
        auth = self.who.oidc_by_file()
        head, payload, signature = self.who.token().split(".")
        forged = base64.urlsafe_b64encode(bytes(len(signature) * 3 // 4)).decode().rstrip("=")
        self.who.file("token", f"{head}.{payload}.{forged}")
        said = self.refused(self.configured(auth), "AuthenticationFail.OIDCToken.InvalidSignature")
        self.assertNotIn(payload, said)


    def test_the_shipped_manifest_and_print_rbac_grant_enough(self):
        shipped = (CHECKOUT / "packaging" / "kubernetes" / "token-role.yaml").read_text()
        account, user = "shipped-account", f"u-{self.namespace}"
        self.api.apply_manifest(shipped.replace("NAMESPACE", self.namespace)
                                .replace("ACCOUNT", account).replace("USER", user))
        identity = self.cluster.restricted_user(user, self.namespace, self.rules("nobody")[:1])
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "restricted", identity)
        self.kms.put_role(READER, (PROVIDER, f"system:serviceaccount:{self.namespace}:{account}"))
        auth = {**self.who.oidc_by_service_account(),
                "service_account": f"{self.namespace}/{account}"}
        daemon = self.configured(auth)
        self.synced(daemon)
        printed = daemon.run("--print-rbac").stdout
        self.assertIn("serviceaccounts/token", printed)
        self.assertIn(account, printed)


class Documentation(AuthTest):
    examples = sorted((CHECKOUT / "docs" / "examples" / "auth").glob("*.toml"))

    def test_every_example_is_a_store_that_can_be_made(self):
        credentials = self.directory / "credentials"
        credentials.mkdir()
        self.assertGreaterEqual(len(self.examples), 12)
        for path in self.examples:
            with self.subTest(path.name):
                text = path.read_text().replace("/etc/kms-secretd/kubeconfig", str(self.kubeconfig))
                done = self.daemon(text, env={"CREDENTIALS_DIRECTORY": str(credentials)}
                                   ).run("--check-config")
                self.assertEqual(0, done.returncode, done.stderr)

    def test_the_page_shows_what_the_examples_hold(self):
        page = (CHECKOUT / "docs" / "authentication.md").read_text()
        shown = re.findall(r"```toml\n(.*?)```", page, re.S)
        held = [path.read_text() for path in self.examples]
        for block in shown:
            self.assertTrue(any(block in text for text in held), block)
        self.assertEqual(len(held), len(shown))


class OnlineCheck(AuthTest):
    def checked(self, daemon, code):
        done = daemon.run("--check-config", "--online")
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_it_says_who_we_are_until_when_and_what_may_be_read(self):
        said = self.checked(self.configured(self.who.remote(self.who.access_key())), 0)
        self.assertIn(f"we are acs:ram::{REMOTE_ACCOUNT}:assumed-role/remote-reader/kms-secretd",
                      said)
        self.assertRegex(said, r"lasts for \d+ minutes")
        self.assertIn("the clocks agree", said)
        self.assertIn("1 of 1 secrets may be read", said)
        self.assertFalse(self.api.exists(f"/api/v1/namespaces/{self.namespace}/secrets/s"))

    def test_a_forbidden_secret_is_named(self):
        self.kms.deny("app/db")
        said = self.checked(self.configured(self.who.access_key()), 1)
        self.assertIn("app/db", said)
        self.assertIn("kms:GetSecretValue", said)
        self.assertIn("0 of 1 secrets may be read", said)

    def test_a_store_without_a_credential_is_named_and_the_others_are_asked(self):
        bad = {**self.who.access_key(), "id": {"file": "/nonexistent/id"}}
        said = self.checked(self.configured(
            bad, setup.store_with(self.kms, self.who.access_key(), name="good"),
            setup.secret(self.namespace, "t", {"db": "app/db"}, store="good")), 1)
        self.assertIn("store shared: there is no usable credential: auth by access_key: auth.id", said)
        self.assertIn("store good: 1 of 1 secrets may be read", said)

    def test_a_wrong_clock_is_told(self):
        self.kms.settings(clock_offset=300)
        said = self.checked(self.configured(self.who.access_key()), 0)
        self.assertRegex(said, r"(299|300|301) s behind the service's: set it")
