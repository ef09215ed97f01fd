# SPDX-License-Identifier: Apache-2.0
"""The vendor's credentials SDK takes the emulator's STS, metadata service and credentials URI for
real ones: what it gets there opens a secret, and what the emulator refuses arrives as refused."""

import pathlib

import test_vendor_sdk as vendor
from harness.identities import ACCOUNT, NODE, PROVIDER, READER, REMOTE, REMOTE_ACCOUNT
from harness.oidc import Issuer
from vendor_sdk.forward import ForwardProxy

SUBJECT = "system:serviceaccount:apps:reader"


class CredentialsSdk(vendor.VendorSdk):
    """alibabacloud_credentials, each provider against the emulator."""

    sdk = "v3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = pathlib.Path(cls.emulator.ca_file).parent
        cls.issuer = Issuer(cls.files)
        cls.emulator.put_oidc_provider(PROVIDER, cls.issuer.url, cls.issuer.jwks)
        cls.emulator.put_role(READER, f"acs:ram::{ACCOUNT}:root", (PROVIDER, SUBJECT))
        cls.emulator.put_role(REMOTE, READER, external_id="agreed")
        cls.emulator.put_role(NODE)
        cls.forward = ForwardProxy({"100.100.100.200": cls.emulator.metadata_host})
        cls.addClassCleanup(cls.forward.stop)

    def setUp(self):
        super().setUp()
        self.emulator.metadata(role_arn=NODE, version2="required", lie="", uri_status=200)

    def credentials(self, provider, **options):
        return self.call(provider, more={"sdk": "credentials", "options": options,
                                         "sts": self.emulator.host, "proxy": self.forward.url})

    def opens(self, answer, account=ACCOUNT):
        """What the SDK got is good for a read, by the SDK, of a secret of that account."""
        self.assertTrue(answer.get("token"), answer)
        self.emulator.put_secret(self.name, account, account=account)
        got = {part: answer[part] for part in ("id", "secret", "token")}
        self.assertEqual(account, self.answer("GetSecretValue", got,
                                              SecretName=self.name)["SecretData"])

    def refused(self, text, answer):
        self.assertIn(text, answer.get("error", ""), answer)

    def key(self):
        return {"access_key_id": self.emulator.access_key["id"],
                "access_key_secret": self.emulator.access_key["secret"]}

    def token_file(self, token):
        path = self.files / "oidc-token"
        path.write_text(token)
        return str(path)

    def test_a_role_is_assumed(self):
        self.opens(self.credentials("ram_role_arn", role_arn=READER, **self.key()))

    def test_a_role_of_another_account_is_assumed_from_a_role(self):
        first = self.credentials("ram_role_arn", role_arn=READER, **self.key())
        self.opens(self.credentials(
            "ram_role_arn", role_arn=REMOTE, external_id="agreed", access_key_id=first["id"],
            access_key_secret=first["secret"], security_token=first["token"]), REMOTE_ACCOUNT)

    def test_a_role_that_trusts_others_is_refused(self):
        self.refused("NoPermission", self.credentials("ram_role_arn", role_arn=NODE, **self.key()))
        self.refused("EntityNotExist.Role", self.credentials(
            "ram_role_arn", role_arn=READER + "-absent", **self.key()))

    def test_a_wrong_secret_is_refused(self):
        self.refused("SignatureDoesNotMatch", self.credentials(
            "ram_role_arn", role_arn=READER, **{**self.key(), "access_key_secret": "wrong"}))

    def oidc(self, token):
        return self.credentials("oidc", role_arn=READER, oidc_provider_arn=PROVIDER,
                                role_session_name="sdk", oidc_token_file_path=self.token_file(token))

    def test_an_oidc_token_is_exchanged(self):
        self.opens(self.oidc(self.issuer.token(SUBJECT)))

    def test_oidc_tokens_that_are_not_good_are_refused(self):
        good = self.issuer.token(SUBJECT)
        for token, code in {
                self.issuer.token(SUBJECT, audience="other"): "OIDCToken.AudienceNotMatch",
                self.issuer.token(SUBJECT, lifetime=-1): "OIDCToken.Expired",
                self.issuer.token(SUBJECT, iss="https://evil.test"): "OIDCToken.Invalid",
                self.issuer.token("system:serviceaccount:apps:other"): "NoPermission",
                good[:-8] + "AAAAAAAA": "OIDCToken.InvalidSignature"}.items():
            with self.subTest(code):
                self.refused(f"AuthenticationFail.{code}", self.oidc(token))

    def test_the_metadata_service_gives_the_role_of_the_instance(self):
        for version2 in ("required", "optional", "absent"):
            with self.subTest(version2):
                self.emulator.metadata(version2=version2)
                self.opens(self.credentials("ecs_ram_role"))

    def test_a_client_that_wants_version_2_gets_nothing_where_there_is_none(self):
        self.emulator.metadata(version2="absent")
        answer = self.credentials("ecs_ram_role", disable_imds_v1=True)
        self.assertIn("error", answer)

    def test_the_credentials_uri_gives_a_triple(self):
        uri = f"{self.emulator.metadata_url}/credentials"
        self.opens(self.credentials("uri", uri=uri))
        self.emulator.metadata(uri_status=500)
        self.assertIn("error", self.credentials("uri", uri=uri))
