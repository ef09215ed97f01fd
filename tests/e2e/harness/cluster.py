# SPDX-License-Identifier: Apache-2.0
"""etcd and a real kube-apiserver: one cluster's control plane, on loopback, for the tests."""

import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.request

from . import kubeconfig
from .api import Api
from .pki import Authority, Identity
from .process import Process, StartError, free_port, program, start_with_retry, wait_until

BUILD_SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "build-kube-apiserver"

AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: RequestResponse
  resources:
  - {group: "", resources: [secrets]}
- level: RequestResponse
  resources:
  - {group: coordination.k8s.io, resources: [leases]}
- level: None
"""


def find_kube_apiserver():
    """KUBEBUILDER_ASSETS if set, else the one on PATH, else the one built into the cache."""
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    if assets:
        found = program("kube-apiserver", pathlib.Path(assets) / "kube-apiserver")
        if found is None:
            raise StartError(f"KUBEBUILDER_ASSETS={assets} holds no kube-apiserver")
        return found
    found = program("kube-apiserver")
    if found is None:
        cached = subprocess.run([BUILD_SCRIPT, "--path"], capture_output=True, text=True,
                                check=False)
        found = cached.stdout.strip() or None
    if found is None:
        raise StartError("no kube-apiserver: run tests/e2e/build-kube-apiserver, or set "
                         "KUBEBUILDER_ASSETS to a directory that holds one")
    return found


class ClusterView:
    """What a test needs of a running cluster; enough to reach it from another process."""

    def __init__(self, directory, port):
        self.directory = pathlib.Path(directory)
        self.port = port
        self.authority = Authority(self.directory / "pki")
        self.audit_log = self.directory / "audit.log"

    @property
    def server(self):
        return f"https://127.0.0.1:{self.port}"

    @property
    def admin_identity(self):
        pki = self.authority.directory
        return Identity(pki / "client-admin.crt", pki / "client-admin.key")

    def admin(self):
        """The Api of a cluster administrator."""
        return self.api(self.admin_identity)

    def api(self, identity=None, token=None):
        return Api(self.port, self.authority.certificate, identity, token)

    def restricted_user(self, user, namespace, rules):
        """A client certificate for a user who has exactly these RBAC rules in one namespace."""
        admin = self.admin()
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
        group = "rbac.authorization.k8s.io"
        admin.post(f"{rbac}/roles", {
            "apiVersion": f"{group}/v1", "kind": "Role", "metadata": {"name": user},
            "rules": rules})
        admin.post(f"{rbac}/rolebindings", {
            "apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": {"name": user},
            "roleRef": {"apiGroup": group, "kind": "Role", "name": user},
            "subjects": [{"apiGroup": group, "kind": "User", "name": user}]})
        return self.authority.client(user)

    def kubeconfig(self, path, identity=None, **how):
        """A kubeconfig for this cluster; how: token=, token_file=, embed= (see kubeconfig.write)."""
        return kubeconfig.write(path, self.server, self.authority.certificate, identity, **how)

    def audit_events(self, namespace=None, user=None):
        """The recorded requests on Secrets and Leases with their bodies, oldest first."""
        with open(self.audit_log, encoding="utf-8") as lines:
            # A line that is being written has no newline yet.
            events = [json.loads(line) for line in lines if line.endswith("\n")]
        return [event for event in events
                if namespace in (None, event.get("objectRef", {}).get("namespace"))
                and user in (None, event["user"]["username"])]

    def describe(self):
        """For another process: ClusterView(**described)."""
        return {"directory": str(self.directory), "port": self.port}


class Cluster(ClusterView):
    """Owns etcd and kube-apiserver (with more flags if given). Use as a context manager."""

    def __init__(self, directory, flags=()):
        super().__init__(directory, 0)
        self._flags = flags
        self.etcd = None
        self.apiserver = None
        self._etcd_port = 0
        self._signing_key = None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        self.authority.create()
        self.authority.client("admin", ["system:masters"])
        self.authority.server("kube-apiserver", ["localhost", "kubernetes"])
        self._signing_key = self.authority.signing_key("service-account")
        (self.directory / "audit-policy.yaml").write_text(AUDIT_POLICY)
        self.etcd = start_with_retry(self._start_etcd)
        self.apiserver = start_with_retry(lambda: self._start_apiserver(free_port()))
        return self

    def stop(self):
        """kube-apiserver waits for its clients on SIGTERM; nothing here is worth waiting for."""
        for process in (self.apiserver, self.etcd):
            if process is not None:
                process.kill()

    def kill_apiserver(self):
        self.apiserver.kill()

    def restart_apiserver(self):
        """On the same port, with the same etcd."""
        self.apiserver = self._start_apiserver(self.port)

    def _start_etcd(self):
        binary = program("etcd")
        if binary is None:
            raise StartError("no etcd on PATH: apt-get install etcd-server (or ./dev setup)")
        client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        process = Process("etcd", [
            binary, "--data-dir", self.directory / "etcd", "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
            "--unsafe-no-fsync"], self.directory / "etcd.log")
        self._etcd_port = int(client.rsplit(":", 1)[1])
        wait_until(lambda: _answers(f"{client}/health"), "etcd is healthy", 30, process)
        return process

    def _start_apiserver(self, port):
        self.port = port
        pki = self.authority.directory
        process = Process("kube-apiserver", [
            find_kube_apiserver(), f"--etcd-servers=http://127.0.0.1:{self._etcd_port}",
            f"--secure-port={port}", "--bind-address=127.0.0.1",
            f"--tls-cert-file={pki / 'kube-apiserver.crt'}",
            f"--tls-private-key-file={pki / 'kube-apiserver.key'}",
            f"--client-ca-file={self.authority.certificate}",
            f"--service-account-key-file={self._signing_key}",
            f"--service-account-signing-key-file={self._signing_key}",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--api-audiences=https://kubernetes.default.svc", "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.96.0.0/24", "--disable-admission-plugins=ServiceAccount",
            f"--audit-policy-file={self.directory / 'audit-policy.yaml'}",
            f"--audit-log-path={self.audit_log}",
            f"--cert-dir={self.directory / 'apiserver-certs'}", *self._flags,
        ], self.directory / "kube-apiserver.log")
        wait_until(self._ready, "kube-apiserver answers /readyz", 90, process)
        return process

    def _ready(self):
        try:
            return self.admin().request("GET", "/readyz", timeout=5).status == 200
        except OSError:
            return False


def _answers(url):
    try:
        # Loopback is never asked through a proxy of the environment.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=2) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False
