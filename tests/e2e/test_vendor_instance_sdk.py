# SPDX-License-Identifier: Apache-2.0
"""The vendor's own SDK for client keys accepts the emulator: what it signs passes, what is wrong
is refused.

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

KEY_ID = "KAAP.e2e-vendor"


def sdk_python():
    try:
        return environment.python(environment.INSTANCE_REQUIREMENTS)
    except environment.Unavailable as unavailable:
        if os.environ.get("KMS_SECRETD_VENDOR_SDK") == "required":
            raise
        raise unittest.SkipTest(f"the vendor's SDK is not to be had: {unavailable}") from None


class InstanceSdk(unittest.TestCase):
    """alibabacloud-dkms-gcs: protobuf, signed with a client key"""

    @classmethod
    def setUpClass(cls):
        interpreter = sdk_python()
        directory = pathlib.Path(tempfile.mkdtemp(prefix="kms-secretd-sdk-"))
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        cls.emulator = Emulator(build_dir(), directory, flags=["--private-ca"]).start()
        cls.addClassCleanup(cls.emulator.stop)
        cls.key = cls.emulator.client_key(KEY_ID)
        cls.caller = cls.start_caller(interpreter)

    @classmethod
    def start_caller(cls, interpreter):
        proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
        clean = {name: value for name, value in os.environ.items() if name.lower() not in proxies}
        caller = subprocess.Popen(
            [interpreter, pathlib.Path(environment.HERE) / "instance_calls.py"], text=True,
            env=clean, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop_caller, caller)
        return caller

    @staticmethod
    def stop_caller(caller):
        caller.stdin.close()
        caller.stdout.close()
        caller.wait(20)

    def setUp(self):
        self.emulator.clear_faults()
        self.emulator.settings(clock_offset=0, gateway="instance",
                               require_client_certificate=False)
        self.name = f"app/{self._testMethodName}"
        self.emulator.put_secret(self.name, "p\u00e4ss w\u00f6rd 密码", version_id="v1")

    def call(self, key=None, **parameters):
        parameters.setdefault("SecretName", self.name)
        login = {name: value for name, value in (key or self.key).items()
                 if name in ("json", "password", "id", "private_key")}
        if "json" in login:
            login.pop("private_key", None)
        call = {"parameters": parameters, "endpoint": self.emulator.host,
                "ca": self.emulator.ca_file, **login}
        self.caller.stdin.write(json.dumps(call) + "\n")
        self.caller.stdin.flush()
        line = self.caller.stdout.readline()
        self.assertTrue(line, "the SDK process died")
        return json.loads(line)

    def get(self, key=None, **parameters):
        answer = self.call(key, **parameters)
        self.assertIn("body", answer, answer)
        return answer["body"]

    def assert_refused(self, code, answer, status):
        self.assertEqual((code, status), (answer.get("error"), answer.get("status")), answer)

    def test_a_text_secret_is_read(self):
        body = self.get()
        self.assertEqual("p\u00e4ss w\u00f6rd 密码", body["SecretData"])
        self.assertEqual(("text", "Generic", "v1", ["ACSCurrent"]),
                         (body["SecretDataType"], body["SecretType"], body["VersionId"],
                          body["VersionStages"]))
        last = self.emulator.requests()[-1]
        self.assertEqual(("dkms", "OK", self.name, KEY_ID),
                         (last["signature_version"], last["outcome"], last["secret"],
                          last["access_key"]))

    def test_a_binary_secret_is_read(self):
        value = bytes(range(256))
        self.emulator.put_secret("binary", base64.b64encode(value).decode(), data_type="binary")
        body = self.get(SecretName="binary")
        self.assertEqual("binary", body["SecretDataType"])
        self.assertEqual(value, base64.b64decode(body["SecretData"]))

    def test_stages_and_version_ids_choose_the_version(self):
        self.emulator.put(self.name, "second", version_id="v2")
        self.assertEqual("second", self.get()["SecretData"])
        self.assertEqual("v1", self.get(VersionStage="ACSPrevious")["VersionId"])
        self.assertEqual("v1", self.get(VersionId="v1")["VersionId"])

    def test_a_managed_secret_is_read_with_rotation_and_extended_config(self):
        self.emulator.put_secret(
            "rds", '{"AccountName":"a"}', type="Rds", automatic_rotation="Enabled",
            rotation_interval="604800s", next_rotation="2030-01-01T00:00:00Z",
            extended_config='{"SecretSubType":"SingleUser"}')
        body = self.get(SecretName="rds", FetchExtendedConfig=True)
        self.assertEqual(("Enabled", "604800s", "2030-01-01T00:00:00Z",
                          '{"SecretSubType":"SingleUser"}'),
                         (body["AutomaticRotation"], body["RotationInterval"],
                          body["NextRotationDate"], body["ExtendedConfig"]))

    def test_client_keys_of_all_three_forms_are_opened_and_accepted(self):
        for form in ("rc2", "3des", "pbes2"):
            with self.subTest(form):
                key = self.emulator.client_key(f"KAAP.{form}", form=form, password="Abcd*1234")
                self.assertEqual("v1", self.get(key)["VersionId"])

    def test_a_key_in_pem_is_accepted(self):
        login = {"id": KEY_ID, "private_key": self.key["private_key"]}
        self.assertEqual("v1", self.get(login)["VersionId"])

    def test_a_wrong_password_opens_nothing(self):
        self.assertEqual("ClientKey", self.call({**self.key, "password": "Wrong*1234"})["error"])

    def test_the_key_of_another_does_not_match(self):
        other = self.emulator.client_key("KAAP.other")
        login = {"id": KEY_ID, "private_key": other["private_key"]}
        self.assert_refused("SignatureNotMatch", self.call(login), 401)

    def test_an_unknown_and_an_expired_key_are_unauthorized(self):
        gone = self.emulator.client_key("KAAP.gone")
        self.emulator.delete_client_key("KAAP.gone")
        self.assert_refused("Unauthorized", self.call(gone), 401)
        expired = self.emulator.client_key("KAAP.expired", begins_in=-1000, expires_in=-10)
        self.assert_refused("Unauthorized", self.call(expired), 401)

    def test_an_unknown_secret_is_not_found(self):
        self.assert_refused("Forbidden.ResourceNotFound", self.call(SecretName="absent"), 404)

    def test_a_denied_secret_is_forbidden(self):
        self.emulator.deny(self.name, KEY_ID)
        self.assert_refused("Forbidden.NoPermission", self.call(), 403)

    def test_a_clock_that_is_wrong_by_more_than_a_quarter_of_an_hour_is_refused(self):
        self.emulator.settings(clock_offset=16 * 60)
        self.assert_refused("RequestTimeTooSkewed", self.call(), 400)

    def test_throttling_arrives_as_its_code(self):
        self.emulator.fault("error", status=429, code="Rejected.Throttling",
                            message="QPS Limit Exceeded", count=1)
        self.assert_refused("Rejected.Throttling", self.call(), 429)


if __name__ == "__main__":
    unittest.main()
