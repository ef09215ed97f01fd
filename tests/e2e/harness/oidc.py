# SPDX-License-Identifier: Apache-2.0
"""An OIDC issuer of a test's own: signs tokens as a cluster's API server would."""

import base64
import json
import pathlib
import subprocess
import time


def _base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _openssl(*arguments, data=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


class Issuer:
    """An RSA key, its JWKS, and tokens signed by it."""

    def __init__(self, directory, url="https://issuer.test"):
        self.url = url
        self._key = pathlib.Path(directory) / "issuer-key.pem"
        _openssl("genrsa", "-out", self._key, "2048")
        modulus = _openssl("rsa", "-in", self._key, "-noout", "-modulus").decode().split("=")[1]
        self.jwks = {"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "test",
                               "n": _base64url(bytes.fromhex(modulus.strip())), "e": "AQAB"}]}

    def token(self, subject, audience="sts.aliyuncs.com", lifetime=600, **claims):
        now = int(time.time())
        parts = [{"alg": "RS256", "kid": "test", "typ": "JWT"},
                 {"iss": self.url, "sub": subject, "aud": [audience], "iat": now,
                  "exp": now + lifetime, **claims}]
        text = ".".join(_base64url(json.dumps(part).encode()) for part in parts)
        signature = _openssl("dgst", "-sha256", "-sign", self._key, data=text.encode())
        return f"{text}.{_base64url(signature)}"
