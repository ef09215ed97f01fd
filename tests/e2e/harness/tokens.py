# SPDX-License-Identifier: Apache-2.0
"""ServiceAccount tokens of any age, signed with the cluster's own key."""

import base64
import json
import subprocess
import time

ISSUER = "https://kubernetes.default.svc"


def _part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(token):
    """What a token says of itself."""
    payload = token.strip().split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def sign(cluster, namespace, account, uid, *, age, left):
    """A token of a ServiceAccount that was issued age seconds ago and is good for left more."""
    now = int(time.time())
    header = {"alg": "RS256", "typ": "JWT"}
    payload = {
        "iss": ISSUER, "aud": [ISSUER], "sub": f"system:serviceaccount:{namespace}:{account}",
        "iat": now - age, "nbf": now - age, "exp": now + left,
        "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": account, "uid": uid}}}
    signed = ".".join(_part(json.dumps(each).encode()) for each in (header, payload))
    key = cluster.authority.directory / "service-account.key"
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed.encode(),
                          capture_output=True, check=True)
    return f"{signed}.{_part(done.stdout)}"
