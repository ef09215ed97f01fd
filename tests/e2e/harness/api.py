# SPDX-License-Identifier: Apache-2.0
"""A small client of the Kubernetes API for the tests: what they plant and what they look at."""

import base64
import dataclasses
import http.client
import json
import re
import ssl
import urllib.parse

METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
TABLE = "application/json;as=Table;g=meta.k8s.io;v=v1"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"


@dataclasses.dataclass(frozen=True)
class Reply:
    """One answer of the API server."""

    status: int
    headers: dict
    body: object

    @property
    def ok(self):
        return 200 <= self.status < 300


class ApiError(Exception):
    """The API server refused what a test needed; carries the Reply."""

    def __init__(self, method, path, reply):
        super().__init__(f"{method} {path}: {reply.status} {reply.body}")
        self.reply = reply


def secret_path(namespace, name=""):
    return f"/api/v1/namespaces/{namespace}/secrets" + (f"/{name}" if name else "")


class Api:
    """One user's view of the API server. A connection per call: any thread may use it."""

    def __init__(self, port, authority, identity=None, token=None, host="127.0.0.1"):
        self._address = (host, port)
        self._token = token
        self._tls = ssl.create_default_context(cafile=str(authority))
        if identity is not None:
            self._tls.load_cert_chain(str(identity.certificate), str(identity.key))

    def request(self, method, path, body=None, headers=None, timeout=30.0):
        """Sends and returns the Reply whatever its status; OSError when nobody answers."""
        sent = {"Accept": "application/json", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        if self._token is not None:
            sent["Authorization"] = f"Bearer {self._token}"
        connection = http.client.HTTPSConnection(*self._address, context=self._tls, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), _decoded(answer))
        finally:
            connection.close()

    def get(self, path, accept="application/json"):
        return self._must("GET", path, headers={"Accept": accept})

    def post(self, path, body):
        return self._must("POST", path, body)

    def put(self, path, body):
        return self._must("PUT", path, body)

    def patch(self, path, body, content_type=MERGE):
        return self._must("PATCH", path, body, {"Content-Type": content_type})

    def delete(self, path):
        return self._must("DELETE", path)

    def apply(self, path, body, manager, force=False, accept=METADATA_ONLY):
        """Server-side apply; returns the Reply (a conflict is an answer, too)."""
        query = urllib.parse.urlencode({"fieldManager": manager, "force": str(force).lower()})
        return self.request("PATCH", f"{path}?{query}", body,
                            {"Content-Type": APPLY, "Accept": accept})

    def apply_manifest(self, text, manager="admin"):
        """Applies every document of a YAML file that holds namespaces and RBAC objects."""
        for document in re.split(r"(?m)^---\s*$", text):
            if not re.search(r"(?m)^kind:", document):
                continue
            reply = self.apply(_manifest_path(document), document, manager, force=True)
            if not reply.ok:
                raise ApiError("PATCH", _manifest_path(document), reply)

    def exists(self, path):
        status = self.request("GET", path, headers={"Accept": METADATA_ONLY}).status
        if status not in (200, 404):
            raise RuntimeError(f"GET {path}: {status}")
        return status == 200

    def create_namespace(self, name):
        self.post("/api/v1/namespaces",
                  {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def create_secret(self, namespace, name, data, **metadata):
        """A Secret of somebody else: data maps key to bytes; metadata as labels=, annotations=."""
        encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
        return self.post(secret_path(namespace), {
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": encoded,
            "metadata": {"name": name, **metadata}})

    def secret(self, namespace, name):
        """The whole Secret object."""
        return self.get(secret_path(namespace, name))

    def secret_data(self, namespace, name):
        """Key to bytes."""
        data = self.secret(namespace, name).get("data") or {}
        return {key: base64.b64decode(value) for key, value in data.items()}

    def _must(self, method, path, body=None, headers=None):
        reply = self.request(method, path, body, headers)
        if not reply.ok:
            raise ApiError(method, path, reply)
        return reply.body


def _manifest_path(document):
    kind = re.search(r"(?m)^kind:\s*(\S+)", document)[1]
    name = re.search(r"(?m)^  name:\s*(\S+)", document)[1].strip("\"'")
    if kind == "Namespace":
        return f"/api/v1/namespaces/{name}"
    namespace = re.search(r"(?m)^  namespace:\s*(\S+)", document)
    place = "namespaces/" + namespace[1].strip("\"'") + "/" if namespace else ""
    group = "api/v1" if kind in ("Secret", "ServiceAccount") else "apis/rbac.authorization.k8s.io/v1"
    return f"/{group}/{place}{kind.lower()}s/{name}"


def _decoded(answer):
    raw = answer.read()
    if "json" in (answer.getheader("Content-Type") or ""):
        return json.loads(raw)
    return raw.decode(errors="replace")
