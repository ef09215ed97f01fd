# SPDX-License-Identifier: Apache-2.0
"""The base of tests that look after a daemon by kms-secretctl."""

import json
import re
import subprocess

from . import control, setup
from .process import wait_until
from .suite import EndToEndTest, build_dir


CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
OPERATOR = "alibabacloud.com"


class CtlTest(EndToEndTest):
    """A KMS, a kubeconfig, a control socket, and kms-secretctl itself."""

    # Where /tmp is deep, a socket in the daemon's own directory would have too long a path.
    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.socket = self.directory / "c.sock"
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig",
                                                  self.cluster.admin_identity)
        self.kms.put_secret("a", "1")

    def configuration(self, *parts, interval="1h"):
        return setup.configuration(
            self.kubeconfig, f'[control]\nsocket = "{self.socket}"\n',
            setup.store(self.kms, self.directory), *parts, interval=interval)

    def secret(self, name, **data):
        return setup.secret(self.namespace, name, data)

    def running(self, *parts, interval="1h", **options):
        daemon = self.daemon(self.configuration(*parts, interval=interval), **options)
        daemon.start()
        wait_until(lambda: self.page("/healthz")[0] == 200, "the daemon answers", 30,
                   daemon.process)
        return daemon

    def page(self, path, method="GET", body=None):
        return control.page(self.socket, path, method, body)

    def run_ctl(self, *words, **options):
        """A CompletedProcess with text."""
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(
            [str(build_dir() / "daemon/ctl/kms-secretctl"), "--socket", str(self.socket), *words],
            capture_output=True, text=True, check=False, timeout=150, **options)

    def ctl(self, *words, code=0, error=""):
        """Standard output, once the exit code and something of standard error are as expected."""
        done = self.run_ctl(*words)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        self.assertIn(error, done.stderr)
        return done.stdout

    def offline(self, command, daemon, *words, **expected):
        """A command that the daemon's own program does, with this daemon's configuration."""
        return self.ctl(command, *words, "--config", str(daemon.config_path), "--daemon",
                        str(daemon.program), "--plugin-dir", str(daemon.plugin_dir), **expected)

    def states(self):
        rows = json.loads(self.page("/v1/targets")[1])["targets"]
        return {row["name"]: row["state"] for row in rows}

    def settled(self, **states):
        wait_until(lambda: self.states() == states, f"the states are {states}", 30)

    def plain(self, text):
        """The text without what differs from run to run."""
        for pattern, word in (
                (re.escape(self.namespace), "NS"), (re.escape(str(self.directory)), "DIR"),
                (r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME"), (r"127\.0\.0\.1:\d+", "HOST"),
                (r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID"), (r"daemon-[a-z0-9_]{8}", "DAEMON"),
                (r"\b\d+ (s|min|h|days)\b", "SPAN"), (r"\d+ ms", "N ms"),
                (r"kms-secretd \d+\.\d+\.\d+", "kms-secretd VERSION"), (r" +", " "),
                (r"request [0-9A-Za-z-]+", "request ID")):
            text = re.sub(pattern, word, text)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def define_crd(self, kind):
        """A CRD that takes everything: as far as an import is concerned, ack-secret-manager's."""
        plural = kind.lower() + "s"
        reply = self.api.request("POST", CRDS, {
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{OPERATOR}"},
            "spec": {"group": OPERATOR, "scope": "Namespaced",
                     "names": {"plural": plural, "singular": kind.lower(), "kind": kind},
                     "versions": [{"name": "v1alpha1", "served": True, "storage": True,
                                   "schema": {"openAPIV3Schema": {
                                       "type": "object",
                                       "x-kubernetes-preserve-unknown-fields": True}}}]}})
        self.assertIn(reply.status, (201, 409))
        wait_until(lambda: self.api.request("GET", self.objects_path(kind)).status == 200,
                   f"{plural} are served")

    def objects_path(self, kind):
        return f"/apis/{OPERATOR}/v1alpha1/namespaces/{self.namespace}/{kind.lower()}s"

    def create_object(self, kind, name, spec):
        self.api.post(self.objects_path(kind), {
            "apiVersion": f"{OPERATOR}/v1alpha1", "kind": kind, "metadata": {"name": name},
            "spec": spec})
