# SPDX-License-Identifier: Apache-2.0
"""The base of tests with a relay between the daemon and the API server."""

from . import kubeconfig, setup
from .api import secret_path
from .relay import Relay
from .suite import EndToEndTest

ALL_VERBS = ["get", "list", "watch", "create", "patch", "delete"]
RULES = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ALL_VERBS},
         {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]}]


class RelayTest(EndToEndTest):
    """A daemon that logs in by token, through a relay in front of the real API server."""

    rules = RULES

    def setUp(self):
        super().setUp()
        self.kms = self.emulator()
        self.relay = Relay(self.cluster, self.namespace)
        self.addCleanup(self.relay.stop)
        self.kubeconfig = kubeconfig.write(
            self.directory / "kubeconfig", f"https://127.0.0.1:{self.relay.port}",
            self.cluster.authority.certificate, token=self.token())

    def token(self):
        """Of a ServiceAccount that may do everything with Secrets here, and write Events."""
        core = f"/api/v1/namespaces/{self.namespace}"
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}"
        group = "rbac.authorization.k8s.io"
        self.api.post(f"{core}/serviceaccounts", {
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "daemon"}})
        self.api.post(f"{rbac}/roles", {
            "apiVersion": f"{group}/v1", "kind": "Role", "metadata": {"name": "daemon"},
            "rules": self.rules})
        self.api.post(f"{rbac}/rolebindings", {
            "apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": {"name": "daemon"},
            "roleRef": {"apiGroup": group, "kind": "Role", "name": "daemon"},
            "subjects": [{"kind": "ServiceAccount", "name": "daemon",
                          "namespace": self.namespace}]})
        made = self.api.post(f"{core}/serviceaccounts/daemon/token", {
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "spec": {"expirationSeconds": 3600}})
        return made["status"]["token"]

    def configuration(self, data, observe="poll", interval="1h", kubernetes=None, parts=(),
                      **members):
        """One secret "s". kubernetes: further members of [kubernetes]; parts: further tables."""
        return setup.configuration(
            self.kubeconfig, setup.store(self.kms, self.directory),
            setup.secret(self.namespace, "s", data, **members), *parts, interval=interval,
            observe=observe, kubernetes=kubernetes)

    def asked(self, part, method=""):
        """The requests so far whose target holds that part."""
        return [each for each in self.relay.requests()
                if part in each.target and method in ("", each.method)]

    def data(self):
        return self.api.secret_data(self.namespace, "s")

    def path(self):
        return secret_path(self.namespace, "s")
