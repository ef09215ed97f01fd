# SPDX-License-Identifier: Apache-2.0
"""Values, keys, passwords and tokens are planted, everything goes wrong that can, and nothing of them
shows in anything that the daemon writes, answers or leaves behind."""

import json
import pathlib
import signal
import socket
import subprocess

from harness import control, setup
from harness.api import secret_path
from harness.canaries import Canaries
from harness.manager import ServiceManager
from harness.process import free_port, wait_until
from harness.suite import CHECKOUT, EndToEndTest, build_dir

PAGES = ("/v1/status", "/v1/targets", "/metrics", "/healthz", "/readyz", "/nonsense")


class CanaryTest(EndToEndTest):
    """One daemon with three stores: by an STS triple, by a client key, and by a wrong key."""

    def setUp(self):
        super().setUp()
        self.canaries = Canaries()
        self.kms = self.emulator()
        self.instance = self.emulator("instance", flags=["--private-ca"])
        self.instance.settings(gateway="instance")
        self.socket = self.directory / "c.sock"
        self.port = free_port()
        self.manager = ServiceManager(self.directory / "notify")
        self.addCleanup(self.manager.close)
        token = self.canaries.known("login token", self.cluster_token())
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "kubeconfig", token=token)
        self.put_secrets()
        self.config = self.configuration()

    def cluster_token(self):
        """A login for the daemon that has all rights."""
        self.api.post(f"/api/v1/namespaces/{self.namespace}/serviceaccounts", {
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "daemon"}})
        group = "rbac.authorization.k8s.io"
        self.api.post(f"/apis/{group}/v1/namespaces/{self.namespace}/rolebindings", {
            "apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": {"name": "daemon"},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "ServiceAccount", "name": "daemon", "namespace": self.namespace}]})
        return self.api.post(
            f"/api/v1/namespaces/{self.namespace}/serviceaccounts/daemon/token", {
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": {"expirationSeconds": 3600}})["status"]["token"]

    def put_secrets(self):
        plant = self.canaries.plant
        for kms in (self.kms, self.instance):
            kms.put_secret("app/text", plant(f"text {id(kms)}"))
            kms.put_secret("app/json", json.dumps({"user": "u", "password": plant(f"json {id(kms)}")}))
            kms.put_secret("app/broken", '{"half": "' + plant(f"broken {id(kms)}"))
            kms.put_secret("app/denied", plant(f"denied {id(kms)}"))
            kms.deny("app/denied")

    def key_store(self, name, secret):
        """A store by an STS triple whose parts are planted."""
        triple = {"id": "STS." + self.canaries.plant(f"{name} id", 24), "secret": secret,
                  "token": self.canaries.plant(f"{name} token", 200)}
        registered = {**triple, "secret": self.canaries.plant(f"{name} right secret")} \
            if name == "wrong" else triple
        self.kms.put_key(**registered)
        parts = {}
        for part, value in triple.items():
            setup.write_secret(self.directory / f"{name}-{part}", value + "\n")
            parts[part] = {"file": str(self.directory / f"{name}-{part}")}
        return "\n".join([f"[store.{name}]", 'backend = "kms-endpoint"', "custom_endpoint = true",
                          f"endpoint = {setup.toml(self.kms.host)}",
                          f"ca_file = {setup.toml(str(self.kms.ca_file))}",
                          f"auth = {setup.toml({'type': 'sts', **parts})}"]) + "\n"

    def client_key_store(self):
        key = self.instance.client_key("KAAP.canary",
                                       password="Ab1*" + self.canaries.plant("password"))
        self.canaries.known("client key file", json.loads(key["json"])["PrivateKeyData"][400:464])
        self.canaries.known("client key", key["private_key"].splitlines()[9])
        setup.write_client_key(self.directory, key)
        return setup.instance_store(self.instance, self.directory)

    def configuration(self):
        stores = [self.key_store("right", self.canaries.plant("right secret")),
                  self.key_store("wrong", self.canaries.plant("wrong secret")),
                  self.client_key_store()]
        secrets = []
        for store in ("right", "wrong", "instance"):
            for name, entry in (
                    ("good", {"source": "app/text"}),
                    ("path", {"source": "app/json", "decode": "hex"}),
                    ("denied", {"source": "app/denied"})):
                secrets.append(setup.secret(self.namespace, f"{store}-{name}",
                                            {"k": {**entry, "store": store}}))
            for name, source in (("members", "app/json"), ("broken", "app/broken")):
                secrets.append(f'[[secret]]\nnamespace = "{self.namespace}"\n'
                               f'name = "{store}-{name}"\n[[secret.data_process]]\n'
                               f'extract = {{ source = "{source}", store = "{store}" }}\n')
        return setup.configuration(
            self.kubeconfig, f'[control]\nsocket = "{self.socket}"\n',
            f'[metrics]\nlisten = "127.0.0.1:{self.port}"\n', *stores, *secrets, interval="5s",
            observe="watch")

    def running(self):
        """A daemon to which everything has happened once."""
        daemon = self.daemon(self.config, env=self.manager.environment)
        daemon.start()
        for store in ("right", "instance"):
            daemon.wait_for_log(f"{self.namespace}/{store}-good: created")
            daemon.wait_for_log(f"{store}-path: ")
            daemon.wait_for_log(f"cannot read {store}/app/denied")
            daemon.wait_for_log(f"{store}-broken: ")
        daemon.wait_for_log("cannot read wrong/")
        self.api.patch(secret_path(self.namespace, "right-good"), {"data": {"k": "b3RoZXI="}})
        daemon.wait_for_log("SECRET_HEALED")
        return daemon

    def clean(self, what, text, control_text):
        """Nothing of any secret shows, and the same look finds what is no secret."""
        self.assertEqual([], self.canaries.shown_in(text), what)
        self.assertIn(control_text, text, what)


class Written(CanaryTest):
    def test_the_log_the_status_line_and_the_cluster_show_no_secret(self):
        daemon = self.running()
        for kms in (self.kms, self.instance):
            kms.fault("garbage", at="body")
        setup.write_client_key(self.directory, {"json": "{}", "password": self.canaries.plant("new")})
        daemon.wait_for_log("the new client key cannot be used", timeout=60)
        daemon.wait_for_log("invalid_response", timeout=60)
        daemon.configure(self.config + "\n[store.more]\nbackend = \"none\"\n")
        daemon.reload()
        daemon.wait_for_log("the old one stays in force")
        self.clean("status line", "\n".join(self.manager.told) + self.manager.status(), "failing")
        events = self.api.get(f"/api/v1/namespaces/{self.namespace}/events")
        self.assertEqual([], self.canaries.shown_in(json.dumps(events)))
        for name in ("right-good", "instance-good", "right-members"):
            metadata = self.api.secret(self.namespace, name)["metadata"]
            self.clean(name, json.dumps(metadata), "kms-secretd")
        daemon.stop()
        self.clean("log", daemon.process.log(), "FETCH_FAILED")

    def test_what_is_printed_on_request_shows_no_secret(self):
        daemon = self.daemon(self.config)
        given = json.dumps({"right/app/text": self.canaries.plant("rendered")})
        for flags, expected, given in ((["--check-config"], "good", ""),
                                       (["--check-config", "--online"], "store wrong", ""),
                                       (["--print-rbac"], "Role", ""), (["--once"], "in sync", ""),
                                       (["--render", f"{self.namespace}/right-good"], "bytes", given)):
            done = daemon.run(*flags, input=given)
            self.clean(flags, done.stdout + done.stderr, expected)

    def test_a_crash_leaves_no_secret_behind(self):
        for number in (signal.SIGSEGV, signal.SIGABRT):
            with self.subTest(number.name):
                daemon = self.running()
                limits = pathlib.Path(f"/proc/{daemon.process.pid}/limits").read_text()
                self.assertRegex(limits, r"Max core file size +0 +0 ")
                before = set(pathlib.Path.cwd().iterdir())
                daemon.process.send(number)
                self.assertNotEqual(0, daemon.process.wait(10))
                self.assertEqual(before, set(pathlib.Path.cwd().iterdir()))
                self.clean("log", daemon.process.log(), "SECRET_CREATED")
                left = [path for path in daemon.directory.iterdir() if path.name.startswith("core")]
                self.assertEqual([], left)
                self.api.delete(secret_path(self.namespace, "right-good"))
                self.api.delete(secret_path(self.namespace, "instance-good"))
                self.kms.clear_faults()


class Answered(CanaryTest):
    def raw(self, request):
        """Every byte that the control socket answers."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(20)
            client.connect(str(self.socket))
            client.sendall(request)
            answer = b""
            while piece := client.recv(65536):
                answer += piece
        return answer

    def test_the_control_socket_and_the_metrics_show_no_secret(self):
        self.running()
        names = [row["name"] for row in
                 json.loads(control.page(self.socket, "/v1/targets")[1])["targets"]]
        self.assertEqual(15, len(names))
        for target in (*PAGES, *(f"/v1/targets/{self.namespace}/{name}" for name in names)):
            answer = self.raw(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                              .encode())
            self.clean(target, answer, b"HTTP/1.1 ")
        for path, body in (("sync", '{"all": true}'), ("sync", '{"store": "right"}'),
                           ("sync", "nonsense"), ("plan", "{}"), ("plan", '{"pending": false}')):
            answer = self.raw((f"POST /v1/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                               f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
            self.clean(body, answer, b"HTTP/1.1 ")
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            page = b"".join(iter(lambda: client.recv(65536), b""))
        self.clean("metrics over TCP", page, b"kms_secretd_")

    def test_kms_secretctl_shows_no_secret(self):
        self.running()
        for words in (["status"], ["status", "-o", "json"], ["list"], ["list", "-o", "json"],
                      ["sync", "--store", "right", "--wait"], ["plan"], ["plan", "-o", "json"],
                      *([["describe", f"{self.namespace}/{store}-{name}", *more]
                         for store in ("right", "wrong", "instance")
                         for name in ("good", "path", "denied", "members", "broken")
                         for more in ([], ["-o", "json"])])):
            self.clean(words, control.ctl(self.socket, *words), self.namespace)


class Packaged(EndToEndTest):
    """What root runs at install and removal never opens a file that may hold a secret."""

    def test_package_scripts_open_no_configuration(self):
        scripts = sorted((CHECKOUT / "packaging" / "debian").glob("kms-secretd*.p*"))
        scripts = [path for path in scripts if path.suffix in (".postinst", ".prerm", ".postrm")]
        self.assertGreaterEqual(len(scripts), 3)
        readers = {"cat", "sed", "grep", "awk", "cp", "mv", "tee", "head", "tail", ".", "source"}
        for path in scripts:
            for line in path.read_text().splitlines():
                words = line.split("#")[0].split()
                reads = readers & set(words) and any("kms-secretd" in word for word in words)
                self.assertFalse(reads, f"{path.name}: {line}")
            done = subprocess.run(["sh", "-n", str(path)], capture_output=True, check=False)
            self.assertEqual(0, done.returncode, path)
        self.assertTrue((build_dir() / "daemon" / "kms-secretd").exists())


class TheLookItself(EndToEndTest):
    def test_it_finds_pieces_base64_and_hex(self):
        canaries = Canaries()
        value = canaries.plant("it")
        import base64  # pylint: disable=import-outside-toplevel
        for text in (value, value[:16], value[-16:], base64.b64encode(value.encode()).decode(),
                     value.encode().hex()):
            self.assertEqual(["it"], canaries.shown_in(f"x {text} y"), text)
        self.assertEqual([], canaries.shown_in("nothing"))
