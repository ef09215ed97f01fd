# SPDX-License-Identifier: Apache-2.0
"""Every fault of KMS, on one source and on each of several: a Secret is as it was or wholly new."""

from harness import setup
from harness.suite import EndToEndTest

# What a reply may suffer; the second word tells whether the daemon may still make something of it.
FAULTS = {
    "error-500": ({"kind": "error", "status": 500, "code": "InternalFailure"}, "fails"),
    "error-503": ({"kind": "error", "status": 503, "code": "ServiceUnavailableTemporary"}, "fails"),
    "error-429": ({"kind": "error", "status": 429, "code": "Rejected.Throttling"}, "fails"),
    "error-403": ({"kind": "error", "status": 403, "code": "Forbidden.NoPermission"}, "fails"),
    "error-404": ({"kind": "error", "status": 404, "code": "Forbidden.ResourceNotFound"}, "fails"),
    "error-gateway": ({"kind": "error", "status": 400, "code": "Throttling.User",
                       "form": "gateway"}, "fails"),
    "body-html": ({"kind": "body", "status": 503}, "fails"),
    "body-html-good": ({"kind": "body", "status": 200}, "fails"),
    "body-empty": ({"kind": "body", "status": 200, "body": "",
                    "content_type": "application/json"}, "fails"),
    "body-other-json": ({"kind": "body", "status": 200, "body": "{\"SecretData\":7}",
                         "content_type": "application/json"}, "fails"),
    "redirect": ({"kind": "redirect", "location": "https://127.0.0.1:1/"}, "fails"),
    "late": ({"kind": "latency", "delay_ms": 6000}, "fails"),
    "a-little-late": ({"kind": "latency", "delay_ms": 200}, "works"),
    "reset-request": ({"kind": "reset", "at": "request"}, "fails"),
    "reset-headers": ({"kind": "reset", "at": "headers"}, "fails"),
    "reset-body": ({"kind": "reset", "at": "body"}, "fails"),
    "truncate-goodbye": ({"kind": "truncate", "at": "close_notify"}, "fails"),
    "truncate-fin": ({"kind": "truncate", "at": "fin"}, "fails"),
    "length-more": ({"kind": "length", "delta": 10}, "fails"),
    "length-less": ({"kind": "length", "delta": -10}, "fails"),
    "drip-headers": ({"kind": "drip", "at": "headers"}, "fails"),
    "drip-body": ({"kind": "drip", "at": "body"}, "fails"),
    "garbage-reply": ({"kind": "garbage", "at": "reply"}, "fails"),
    "garbage-body": ({"kind": "garbage", "at": "body"}, "fails"),
    "huge-body": ({"kind": "huge", "at": "body"}, "fails"),
    "huge-headers": ({"kind": "huge", "at": "headers"}, "fails"),
    "chunked": ({"kind": "chunked"}, "works"),
    "black-hole": ({"kind": "black_hole"}, "fails"),
    "close-idle": ({"kind": "close_idle"}, "works"),
}
CONNECTION_FAULTS = ("accept", "reset", "hello", "alert", "garbage", "silence")
SOURCES = 3


class KmsFaultsTest(EndToEndTest):
    """Four Secrets for each fault: of one source, and of three with the first, second or third
    struck. Each fault has a store of its own, so that no breaker hides another fault."""

    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)

    @staticmethod
    def shapes(fault):
        """Secret name: (its sources, the one that is struck)."""
        made = {f"{fault}-single": ([f"{fault}/single/0"], f"{fault}/single/0")}
        for struck in range(SOURCES):
            sources = [f"{fault}/{struck}/{number}" for number in range(SOURCES)]
            made[f"{fault}-{struck}"] = (sources, sources[struck])
        return made

    def configured(self, faults):
        stores, secrets = [], []
        for fault in faults:
            stores.append(setup.store(self.kms, self.directory, name=fault, timeout="1500ms",
                                      requests_per_second=1000))
            for name, (sources, _) in self.shapes(fault).items():
                data = {f"k{n}": {"source": source, "store": fault}
                        for n, source in enumerate(sources)}
                secrets.append(setup.secret(self.namespace, name, data))
        return self.daemon(setup.configuration(self.kubeconfig, *stores, *secrets))

    def put(self, faults, text):
        self.kms.put_secrets([
            {"name": source, "data": f"{text} of {source}"}
            for fault in faults for sources, _ in self.shapes(fault).values() for source in sources])

    def secrets(self):
        """name: (resourceVersion, data) of all."""
        listed = self.api.get(f"/api/v1/namespaces/{self.namespace}/secrets")["items"]
        return {each["metadata"]["name"]:
                (each["metadata"]["resourceVersion"], each["metadata"]["uid"], each["data"])
                for each in listed}

    def whole(self, name, fault, text):
        """The data that a round with every source would have written."""
        sources = self.shapes(fault)[name][0]
        return {f"k{n}": f"{text} of {source}".encode() for n, source in enumerate(sources)}

    def check_new(self, faults, text):
        for fault in faults:
            for name in self.shapes(fault):
                self.assertEqual(self.whole(name, fault, text),
                                 self.api.secret_data(self.namespace, name), name)

    def test_b1_no_fault_on_any_source_changes_a_secret_in_part(self):
        daemon = self.configured(FAULTS)
        self.put(FAULTS, "old")
        done = daemon.once(timeout=120)
        self.assertEqual(0, done.returncode, done.stderr[-3000:])
        before = self.secrets()
        self.put(FAULTS, "new")
        for fault, (rule, _) in FAULTS.items():
            for _, struck in self.shapes(fault).values():
                self.kms.fault(**rule, secret=struck)
        done = daemon.once(timeout=180)
        self.assertEqual(1, done.returncode)
        after = self.secrets()
        for fault, (_, how) in FAULTS.items():
            for name in self.shapes(fault):
                if how == "works":
                    self.assertEqual(self.whole(name, fault, "new"),
                                     self.api.secret_data(self.namespace, name), name)
                else:
                    self.assertEqual(before[name], after[name], name)
                    self.assertIn(f"{self.namespace}/{name}: cannot read", done.stderr)
        self.assertNotIn("new of", done.stderr)
        self.assertEqual({fault: True for fault in FAULTS}, self.fired())
        self.kms.clear_faults()
        done = daemon.once(timeout=120)
        self.assertEqual(0, done.returncode, done.stderr[-3000:])
        self.check_new(FAULTS, "new")

    def fired(self):
        """Whether each fault really struck: a rule that matches nothing would prove nothing."""
        struck = dict.fromkeys(FAULTS, False)
        for rule in self.kms.faults():
            if rule["fired"] > 0:
                struck[rule["secret"].split("/")[0]] = True
        return struck

    def test_b1_a_connection_that_fails_changes_nothing(self):
        for at in CONNECTION_FAULTS:
            daemon = self.configured([at])
            self.put([at], "old")
            self.assertEqual(0, daemon.once().returncode)
            before = self.secrets()
            self.put([at], "new")
            self.kms.fault("tls", at=at)
            done = daemon.once()
            self.assertEqual(1, done.returncode, at)
            self.assertEqual(before, self.secrets(), at)
            self.kms.clear_faults()
            self.assertEqual(0, daemon.once().returncode)
            self.check_new([at], "new")
