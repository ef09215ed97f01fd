# SPDX-License-Identifier: Apache-2.0
"""The vendor's own SDKs accept the emulator: what they sign passes, what is wrong is refused.

Without the package registry and without cached wheels every test here is skipped; with
KMS_SECRETD_VENDOR_SDK=required they fail instead.
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness.emulator import Emulator
from harness.suite import build_dir
from vendor_sdk import environment
from vendor_sdk.proxy import Proxy

VENDOR_HOST = "kms.cn-hangzhou.aliyuncs.com"
ACCOUNT = "1234567890123456"
STS = {"id": "STS.e2eTemporary", "secret": "e2eTemporarySecret", "token": "CAIS+e2e/token=="}


def sdk_python():
    try:
        return environment.python()
    except environment.Unavailable as unavailable:
        if os.environ.get("KMS_SECRETD_VENDOR_SDK") == "required":
            raise
        raise unittest.SkipTest(f"the vendor's SDK is not to be had: {unavailable}") from None


class VendorSdk(unittest.TestCase):
    """One emulator and one SDK process for all tests of a class; every test has its own secrets."""

    sdk = None

    @classmethod
    def setUpClass(cls):
        interpreter = sdk_python()
        directory = pathlib.Path(tempfile.mkdtemp(prefix="kms-secretd-sdk-"))
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        cls.emulator = Emulator(build_dir(), directory, host_names=[VENDOR_HOST]).start()
        cls.addClassCleanup(cls.emulator.stop)
        cls.emulator.put_key(**STS)
        cls.caller = cls.start_caller(interpreter)

    @classmethod
    def start_caller(cls, interpreter):
        proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
        clean = {name: value for name, value in os.environ.items() if name.lower() not in proxies}
        # Some of the SDK's clients take their CA from nowhere else.
        clean["SSL_CERT_FILE"] = str(cls.emulator.ca_file)
        caller = subprocess.Popen(
            [interpreter, pathlib.Path(environment.HERE) / "calls.py"], text=True, env=clean,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.stop_caller, caller)
        return caller

    @staticmethod
    def stop_caller(caller):
        caller.stdin.close()
        caller.stdout.close()
        caller.wait(20)

    def setUp(self):
        self.emulator.clear_faults()
        self.emulator.settings(clock_offset=0, strict_host=False)
        self.name = f"app/{self._testMethodName}"
        self.emulator.put_secret(self.name, "p\u00e4ss w\u00f6rd 密码 +/=&%*~", version_id="v1")

    def call(self, operation, credentials=None, more=None, **parameters):
        call = {"sdk": self.sdk, "operation": operation, "parameters": parameters,
                "endpoint": self.emulator.host, "ca": self.emulator.ca_file,
                **(credentials or self.emulator.access_key), **(more or {})}
        self.caller.stdin.write(json.dumps(call) + "\n")
        self.caller.stdin.flush()
        line = self.caller.stdout.readline()
        self.assertTrue(line, "the SDK process died")
        return json.loads(line)

    def answer(self, operation, credentials=None, **parameters):
        answer = self.call(operation, credentials, **parameters)
        self.assertIn("body", answer, answer)
        return answer["body"]

    def get(self, **parameters):
        parameters.setdefault("SecretName", self.name)
        return self.answer("GetSecretValue", **parameters)

    def assert_refused(self, code, answer, status=None):
        self.assertEqual(code, answer.get("error"), answer)
        if status is not None:
            self.assertEqual(status, answer["status"], answer)


class Calls:
    """What both SDKs have to agree on."""

    def test_a_text_secret_is_read(self):
        body = self.get()
        self.assertEqual("p\u00e4ss w\u00f6rd 密码 +/=&%*~", body["SecretData"])
        self.assertEqual(("text", "Generic", "v1", {"VersionStage": ["ACSCurrent"]}),
                         (body["SecretDataType"], body["SecretType"], body["VersionId"],
                          body["VersionStages"]))
        last = self.emulator.requests()[-1]
        self.assertEqual((self.sdk.upper(), "OK", self.name),
                         (last["signature_version"], last["outcome"], last["secret"]))

    def test_a_binary_secret_is_read(self):
        value = bytes(range(256))
        name = self.name + "-binary"
        self.emulator.put_secret(name, base64.b64encode(value).decode(), data_type="binary")
        body = self.get(SecretName=name)
        self.assertEqual("binary", body["SecretDataType"])
        self.assertEqual(value, base64.b64decode(body["SecretData"]))

    def test_stages_and_version_ids_choose_the_version(self):
        self.emulator.put(self.name, "second", version_id="v2")
        self.assertEqual("second", self.get()["SecretData"])
        self.assertEqual("v1", self.get(VersionStage="ACSPrevious")["VersionId"])
        self.assertEqual("v1", self.get(VersionId="v1")["VersionId"])
        self.emulator.move_stage(self.name, "ACSCurrent", "v1")
        self.assertEqual("v1", self.get()["VersionId"])

    def test_an_arn_names_the_secret(self):
        arn = f"acs:kms:cn-hangzhou:{ACCOUNT}:secret/{self.name}"
        self.assertEqual("v1", self.get(SecretName=arn)["VersionId"])

    def test_the_extended_config_of_a_managed_secret_is_read(self):
        name = self.name + "-rds"
        self.emulator.put_secret(name, '{"AccountName":"a"}', type="Rds",
                                 extended_config='{"SecretSubType":"SingleUser"}')
        self.assertNotIn("ExtendedConfig", self.get(SecretName=name))
        body = self.get(SecretName=name, FetchExtendedConfig="true")
        self.assertEqual('{"SecretSubType":"SingleUser"}', body["ExtendedConfig"])

    def test_secrets_are_listed_and_described_and_their_versions_listed(self):
        filters = json.dumps([{"Key": "SecretName", "Values": [self.name]}])
        listed = self.answer("ListSecrets", Filters=filters, PageSize=100)
        self.assertEqual([self.name], [each["SecretName"] for each in listed["SecretList"]["Secret"]])
        self.assertEqual(self.name,
                         self.answer("DescribeSecret", SecretName=self.name)["SecretName"])
        self.emulator.put(self.name, "second", version_id="v2")
        versions = self.answer("ListSecretVersionIds", SecretName=self.name)
        self.assertEqual(["v1", "v2"],
                         [each["VersionId"] for each in versions["VersionIds"]["VersionId"]])

    def test_an_sts_triple_is_accepted(self):
        body = self.answer("GetSecretValue", STS, SecretName=self.name)
        self.assertEqual("v1", body["VersionId"])

    def test_a_wrong_access_key_secret_does_not_match(self):
        wrong = {**self.emulator.access_key, "secret": "another"}
        self.assert_refused("SignatureDoesNotMatch",
                            self.call("GetSecretValue", wrong, SecretName=self.name), 400)

    def test_an_unknown_access_key_is_not_found(self):
        nobody = {"id": "nobody", "secret": "x"}
        self.assert_refused("InvalidAccessKeyId.NotFound",
                            self.call("GetSecretValue", nobody, SecretName=self.name), 404)

    def test_an_expired_token_is_refused(self):
        expired = {**STS, "id": f"STS.{self.sdk}.expired", "token": f"expired-{self.sdk}"}
        self.emulator.put_key(**expired, expires_in=-1)
        self.assert_refused("InvalidSecurityToken.Expired",
                            self.call("GetSecretValue", expired, SecretName=self.name))

    def test_a_token_of_another_key_is_refused(self):
        mixed = {**self.emulator.access_key, "token": STS["token"]}
        self.assert_refused("InvalidSecurityToken.MismatchWithAccessKey",
                            self.call("GetSecretValue", mixed, SecretName=self.name))

    def test_an_unknown_secret_is_not_found(self):
        self.assert_refused("Forbidden.ResourceNotFound",
                            self.call("GetSecretValue", SecretName="absent"), 404)

    def test_a_denied_secret_is_forbidden(self):
        self.emulator.deny(self.name)
        self.assert_refused("Forbidden.NoPermission",
                            self.call("GetSecretValue", SecretName=self.name), 403)

    def test_a_clock_that_is_wrong_by_more_than_a_quarter_of_an_hour_is_refused(self):
        self.emulator.settings(clock_offset=16 * 60)
        self.assert_refused("InvalidTimeStamp.Expired",
                            self.call("GetSecretValue", SecretName=self.name), 400)

    def test_throttling_arrives_as_its_code(self):
        self.emulator.fault("error", status=429, code="Rejected.Throttling",
                            message="QPS Limit Exceeded", count=1)
        self.assert_refused("Rejected.Throttling",
                            self.call("GetSecretValue", SecretName=self.name), 429)
        self.emulator.fault("error", status=400, code="Throttling.User", form="gateway", count=1,
                            headers={"x-ratelimit-user": "Limit:1,Remain:0,TimeLeft:2000,Reset:1"})
        self.assert_refused("Throttling.User",
                            self.call("GetSecretValue", SecretName=self.name), 400)


class CurrentSdk(Calls, VendorSdk):
    """alibabacloud_kms20160120, V3"""

    sdk = "v3"

    def test_the_vendors_own_host_name_is_signed_bare(self):
        self.emulator.settings(strict_host=True)
        proxy = Proxy({f"{VENDOR_HOST}:443": ("127.0.0.1", self.emulator.port)})
        self.addCleanup(proxy.stop)
        answer = self.call("GetSecretValue", more={"endpoint": None, "proxy": proxy.url},
                           SecretName=self.name)
        self.assertEqual("v1", answer.get("body", answer).get("VersionId"), answer)
        self.assertEqual([f"{VENDOR_HOST}:443"], proxy.connected)

    def test_a_host_with_a_port_is_incomplete_where_the_real_rule_is_set(self):
        self.emulator.settings(strict_host=True)
        self.assert_refused("IncompleteSignature",
                            self.call("GetSecretValue", SecretName=self.name), 400)


class OlderSdk(Calls, VendorSdk):
    """aliyun-python-sdk-core, V1"""

    sdk = "v1"

    def test_parameters_of_a_get_are_accepted(self):
        answer = self.call("GetSecretValue", more={"method": "GET"}, SecretName=self.name)
        self.assertEqual("v1", answer.get("body", answer).get("VersionId"), answer)
        self.assertEqual("GET", self.emulator.requests()[-1]["method"])


if __name__ == "__main__":
    unittest.main()
