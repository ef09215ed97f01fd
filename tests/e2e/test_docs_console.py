# SPDX-License-Identifier: Apache-2.0
"""What the documentation shows of kms-secretctl is what it does.

Every ```console block of docs/*.md is run: lines that begin with "$ " by bash, in the scene that the
comment before the block names, and what they print is compared with the lines below them. Times,
addresses, paths and the like are made equal first. Every other command line that README, docs and
the manual show of kms-secretctl is run as well, and must be one that it takes.
"""

import base64
import os
import re
import subprocess
import threading

from harness import setup
from harness.ctl import CtlTest
from harness.process import wait_until
from harness.suite import CHECKOUT, build_dir

BLOCK = re.compile(r"<!-- scene: ([a-z]+) -->\n```console\n(.*?)```", re.S)
ANY_BLOCK = re.compile(r"^ *```console", re.M)
REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
ACCOUNT = "1234567890123456"

# On hosts that differ in it.
HOST_LINES = re.compile(r"(good|warning|bad|hint) memory ")

SAME = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"), (r"\b\d+ (s|min|h|days)\b", "SPAN"),
    (r"https://[\w.]+:\d+", "SERVER"), (r"\b\d+\.\d+\.\d+\.\d+(:\d+)?", "HOST"),
    (r"kms-secretd \d+\.\d+\.\d+", "kms-secretd VERSION"), (r"Kubernetes v[\w.+-]+", "Kubernetes V"),
    (r"\.toml:\d+:\d+", ".toml:AT"), (r"\b\d+ ms\b", "N ms"), (r"\.\.\.\w{4}\b", "...LAST"),
    (r"user/\w+", "user/NAME"), (r"(shared +prod/payments/\w+ +-) +\S+", r"\1 VERSION"),
    (r"\b\d+ hint, \d+ good", "N hint, N good"), (r"the \d+ rights", "the N rights"), (r"approved: [0-9a-f]{8}\b", "approved: CHANGE"),
    (r"[ \t]+", " "))


def blocks():
    """(page, scene, text) of each console block."""
    found = []
    for page in sorted((CHECKOUT / "docs").glob("*.md")):
        text = page.read_text()
        here = BLOCK.findall(text)
        assert len(here) == len(ANY_BLOCK.findall(text)), f"{page.name}: a block without a scene"
        found += [(page.name, scene, block) for scene, block in here]
    return found


def commands(block):
    """(command, what is printed) of each command in a block."""
    parts = re.split(r"(?m)^\$ ", block)
    assert parts[0] == "", "a block begins with a command"
    return [tuple(part.split("\n", 1)) for part in parts[1:]]


def same(text):
    for pattern, word in SAME:
        text = re.sub(pattern, word, text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [line for line in lines if not HOST_LINES.match(line)]


class Scenes(CtlTest):
    """The world that the documentation talks of; its namespace "payments" is the test's own."""

    def setUp(self):
        super().setUp()
        for name in ("api", "db", "user"):
            self.kms.put_secret(f"prod/payments/{name}", f"{name} 1")
        self.configured = None
        tools = self.directory / "bin"
        tools.mkdir()
        for name, text in (("kms-secretctl", self.wrapper()), ("kubectl", "cat >/dev/null\n")):
            (tools / name).write_text("#!/bin/bash\n" + text)
            (tools / name).chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}

    def wrapper(self):
        """kms-secretctl with what is not where it would be installed."""
        daemon = (f'--config "{self.directory}/kms-secretd.toml" --daemon '
                  f'"{build_dir()}/daemon/kms-secretd" --plugin-dir "{build_dir()}/plugins"')
        return (f'more=(--socket "{self.socket}")\ncase $1 in\n'
                f'validate|rbac|render|doctor) more+=({daemon}) ;;\n'
                f'plan) if [[ ! -S {self.socket} || " $* " == *" --offline "* ]]; then'
                f' more+=({daemon}); fi ;;\n'
                f'kubeconfig) more+=(--admin "{self.kubeconfig}" --out "{self.directory}/made.conf"'
                f' --directory "{self.directory}") ;;\n'
                f'import) case "$*" in *--from-cluster*) more+=(--admin "{self.kubeconfig}") ;; esac'
                f' ;;\nesac\nexec "{build_dir()}/daemon/ctl/kms-secretctl" "$@" "${{more[@]}}"\n')

    def store(self):
        keys = {part: self.directory / f"access-key-{part}" for part in ("id", "secret")}
        for part, path in keys.items():
            setup.write_secret(path, self.kms.access_key[part])
        return setup.store_with(self.kms, {
            "type": "access_key", **{part: {"file": str(path)} for part, path in keys.items()}})

    def configure(self, *secrets):
        text = setup.configuration(
            self.kubeconfig, f'[control]\nsocket = "{self.socket}"\n', self.store(), *secrets,
            interval="1h")
        self.configured = self.daemon(text)
        path = self.directory / "kms-secretd.toml"
        setup.write_secret(path, text)
        self.configured.config_path = path
        return self.configured

    def db(self, **more):
        return self.secret("db", password="prod/payments/db", **more)

    def api_token(self):
        return self.secret("api", token="prod/payments/api")

    def running_scene(self):
        daemon = self.configure(self.api_token(), self.db())
        daemon.start()
        wait_until(lambda: self.page("/healthz")[0] == 200, "the daemon answers")
        self.settled(api="in_sync", db="in_sync")

    def planned_scene(self):
        more = {"user": "prod/payments/user"}
        self.configure(self.db(**more)).start()
        wait_until(lambda: self.page("/healthz")[0] == 200, "the daemon answers")
        self.settled(db="in_sync")
        self.kms.rotate("prod/payments/db", "db 2")
        self.configure(self.api_token(), self.db(**more))

    def held_scene(self):
        """Two of three keys would go."""
        daemon = self.configure(
            self.db(user="prod/payments/user", token="prod/payments/api"))
        daemon.start()
        wait_until(lambda: self.page("/healthz")[0] == 200, "the daemon answers")
        self.settled(db="in_sync")
        self.configure(self.db())
        daemon.reload()
        self.settled(db="held")

    def certificate_scene(self):
        """Signs what is approved, as the cluster's controller does; the tests have none."""
        self.stopped = threading.Event()
        signer = threading.Thread(target=self.sign)
        signer.start()
        self.addCleanup(signer.join)
        self.addCleanup(self.stopped.set)

    def sign(self):
        while not self.stopped.wait(0.2):
            for request in self.api.get(REQUESTS)["items"]:
                status = request["status"]
                if "certificate" in status or not status.get("conditions"):
                    continue
                pki = self.cluster.authority
                signed = subprocess.run(
                    ["openssl", "x509", "-req", "-CA", pki.certificate, "-CAkey",
                     pki.directory / "ca.key", "-set_serial", "99", "-days", "2"], text=True,
                    input=base64.b64decode(request["spec"]["request"]).decode(),
                    capture_output=True, check=True).stdout
                status["certificate"] = base64.b64encode(signed.encode()).decode()
                self.api.request(
                    "PUT", f"{REQUESTS}/{request['metadata']['name']}/status", request)

    def token_scene(self):
        """Nothing is needed but the cluster."""

    def import_scene(self):
        self.define_crd("ExternalSecret")
        self.define_crd("SecretStore")
        self.api.post(f"/api/v1/namespaces/{self.namespace}/serviceaccounts", {
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {
                "name": "reader", "annotations": {
                    "ack.alibabacloud.com/role-arn": f"acs:ram::{ACCOUNT}:role/payments"}}})
        self.create_object("SecretStore", "main", {"KMS": {"KMSAuth": {
            "oidcProviderARN": f"acs:ram::{ACCOUNT}:oidc-provider/ack-rrsa",
            "serviceAccountRef": {"name": "reader"}}}})
        self.create_object("ExternalSecret", "db", {"data": [{
            "key": "prod/payments/db", "name": "password", "secretStoreRef": {"name": "main"}}]})

    def shell(self, command):
        command = re.sub(r"\bpayments(?=/(db|api)\b)", self.namespace, command)
        command = command.replace("--namespace payments", f"--namespace {self.namespace}")
        command = command.replace("NAMESPACE/NAME", f"{self.namespace}/db")
        done = subprocess.run(["bash", "-c", command], env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              stdin=subprocess.DEVNULL, timeout=150)
        text = done.stdout.replace(self.namespace, "payments")
        for ours, usual in (
                ("made.conf", "/etc/kubernetes/kms-secretd.conf"),
                ("client.crt", "/etc/kms-secretd/client.crt"),
                ("token", "/var/lib/kms-secretd/token"),
                ("kms-secretd.toml", "/etc/kms-secretd/kms-secretd.toml")):
            text = text.replace(f"{self.directory}/{ours}", usual)
        return done.returncode, text


class ConsoleTest(Scenes):
    maxDiff = None

    def play(self, scene):
        """Runs every block of that scene, each in turn."""
        here = [(page, block) for page, name, block in blocks() if name == scene]
        self.assertTrue(here, f"no page has a block of the scene {scene}")
        getattr(self, f"{scene}_scene")()
        for page, block in here:
            for command, expected in commands(block):
                with self.subTest(page=page, command=command):
                    _, said = self.shell(command)
                    self.assertEqual(same(expected), same(said))

    def test_every_scene_is_played(self):
        played = {name.removesuffix("_scene") for name in dir(self) if name.endswith("_scene")}
        self.assertEqual(played, {scene for _, scene, _ in blocks()})

    def test_beside_a_running_daemon(self):
        self.play("running")

    def test_before_a_change(self):
        self.play("planned")

    def test_a_login_by_certificate(self):
        self.play("certificate")

    def test_a_login_by_token(self):
        self.play("token")

    def test_an_approval_of_what_is_held(self):
        self.play("held")

    def test_an_import_from_the_cluster(self):
        self.play("import")


class ShownCommandsTest(Scenes):
    """Command lines outside of console blocks."""

    IN_TEXT = re.compile(r"`(kms-secretctl [a-z][^`]*)`")
    INDENTED = re.compile(r"(?m)^ {4,}(kms-secretctl [a-z][^\n#]*)")
    IN_MANUAL = re.compile(r"(?m)^\.Dl (kms-secretctl .*)")

    def shown(self):
        found = set()
        pages = [CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md")]
        for page in pages:
            text = re.sub(r"```console\n.*?```", "", page.read_text(), flags=re.S)
            found |= set(self.IN_TEXT.findall(text)) | set(self.INDENTED.findall(text))
        found |= set(self.IN_MANUAL.findall((CHECKOUT / "docs/man/kms-secretctl.1").read_text()))
        # What stands behind two spaces says what it does.
        return sorted({re.split(r"  +|  *>", command)[0].strip() for command in found})

    def test_every_command_line_is_one_that_is_taken(self):
        self.running_scene()
        self.define_crd("ExternalSecret")
        self.certificate_scene()
        shown = self.shown()
        self.assertGreater(len(shown), 10, shown)
        bare = {"kms-secretctl sync", "kms-secretctl describe", "kms-secretctl kubeconfig",
                "kms-secretctl render"}
        for command in shown:
            if command in bare:
                continue
            with self.subTest(command):
                (self.directory / "definitions.yaml").write_text("")
                code, said = self.shell(f"cd {self.directory} && {command}")
                self.assertIn(code, (0, 1), said)
