# SPDX-License-Identifier: Apache-2.0
"""The harness itself: a real API server that behaves as the rules were tried on."""

import base64

from harness.api import ApiError, secret_path
from harness.emulator import ControlError
from harness.suite import EndToEndTest


def declared(name, **data):
    encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": encoded}


class ApiServer(EndToEndTest):
    def apply(self, name, manager="kms-secretd/test", force=False, **data):
        return self.api.apply(secret_path(self.namespace, name), declared(name, **data), manager,
                              force)

    def test_a_secret_is_applied_and_answered_without_its_values(self):
        reply = self.apply("db", password=b"\x00\xffbytes")
        self.assertEqual(201, reply.status)
        self.assertEqual("PartialObjectMetadata", reply.body["kind"])
        self.assertNotIn("data", reply.body)
        self.assertEqual({"password": b"\x00\xffbytes"}, self.api.secret_data(self.namespace, "db"))

    def test_an_equal_apply_writes_nothing(self):
        first = self.apply("db", password=b"same").body["metadata"]["resourceVersion"]
        second = self.apply("db", password=b"same").body["metadata"]["resourceVersion"]
        self.assertEqual(first, second)

    def test_a_key_of_somebody_else_is_a_conflict_that_names_them(self):
        self.apply("db", manager="somebody", password=b"theirs")
        reply = self.apply("db", password=b"ours")
        self.assertEqual(409, reply.status)
        causes = reply.body["details"]["causes"]
        self.assertEqual(["FieldManagerConflict"], [cause["reason"] for cause in causes])
        self.assertIn("somebody", causes[0]["message"])

    def test_a_user_without_rights_is_refused(self):
        identity = self.cluster.authority.client(f"nobody-{self.namespace}")
        restricted = self.cluster.api(identity)
        with self.assertRaises(ApiError) as refused:
            restricted.get(secret_path(self.namespace))
        self.assertEqual(403, refused.exception.reply.status)

    def test_a_user_may_do_what_a_role_of_one_secret_grants(self):
        user = f"one-{self.namespace}"
        identity = self.cluster.restricted_user(user, self.namespace, [
            {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["db"],
             "verbs": ["get"]}])
        self.apply("db", password=b"x")
        self.apply("other", password=b"x")
        api = self.cluster.api(identity)
        self.assertTrue(api.exists(secret_path(self.namespace, "db")))
        other = api.request("GET", secret_path(self.namespace, "other"))
        self.assertEqual(403, other.status)

    def test_a_manifest_of_rights_can_be_applied(self):
        self.api.apply_manifest(f"""\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: someone
  namespace: {self.namespace}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
  namespace: {self.namespace}
rules: []
""")
        rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces"
        self.assertTrue(self.api.exists(f"{rbac}/{self.namespace}/roles/reader"))

    def test_the_audit_log_shows_who_wrote_what(self):
        self.apply("db", password=b"x")
        events = self.cluster.audit_events(namespace=self.namespace)
        self.assertEqual([("patch", "admin", 201)],
                         [(event["verb"], event["user"]["username"],
                           event["responseStatus"]["code"]) for event in events])


class KmsEmulator(EndToEndTest):
    def test_the_emulator_starts_and_keeps_secrets(self):
        emulator = self.emulator()
        emulator.put_secret("prod/db", "first")
        emulator.rotate("prod/db", "second")
        self.assertEqual([("prod/db", 2)],
                         [(secret["name"], len(secret["versions"])) for secret in emulator.secrets()])

    def test_a_control_call_that_is_refused_says_why(self):
        with self.assertRaisesRegex(ControlError, "unknown fault kind"):
            self.emulator().fault("boredom")
