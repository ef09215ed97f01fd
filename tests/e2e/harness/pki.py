# SPDX-License-Identifier: Apache-2.0
"""A certificate authority of one test cluster, made with the openssl command."""

import dataclasses
import pathlib
import subprocess

_EC_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


@dataclasses.dataclass(frozen=True)
class Identity:
    """A certificate with its key: PEM files."""

    certificate: pathlib.Path
    key: pathlib.Path


def _openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")


class Authority:
    """Issues certificates into one directory; safe for one thread at a time per name."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.certificate = self.directory / "ca.crt"
        self._key = self.directory / "ca.key"

    def create(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        _openssl("req", "-x509", *_EC_KEY, "-keyout", self._key, "-out", self.certificate,
                 "-days", 2, "-subj", "/CN=kms-secretd test authority",
                 "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        return self

    def server(self, name, hosts=("localhost",), addresses=("127.0.0.1",)):
        alternatives = [f"DNS:{host}" for host in hosts] + [f"IP:{ip}" for ip in addresses]
        return self._issue(name, f"/CN={name}", "serverAuth",
                           f"subjectAltName={','.join(alternatives)}")

    def client(self, user, groups=(), days=2):
        """A client certificate as Kubernetes reads it: CN is the user, each O is a group."""
        subject = "".join(f"/O={group}" for group in groups) + f"/CN={user}"
        return self._issue(f"client-{user.replace('/', '_').replace(':', '_')}", subject,
                           "clientAuth", days=days)

    def signing_key(self, name):
        """An RSA key for service account tokens."""
        path = self.directory / f"{name}.key"
        _openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path)
        return path

    def _issue(self, name, subject, usage, extra="", days=2):
        made = Identity(self.directory / f"{name}.crt", self.directory / f"{name}.key")
        request = self.directory / f"{name}.csr"
        extensions = self.directory / f"{name}.ext"
        extensions.write_text(f"extendedKeyUsage={usage}\nkeyUsage=digitalSignature\n{extra}\n")
        _openssl("req", "-new", *_EC_KEY, "-keyout", made.key, "-out", request, "-subj", subject)
        # A random serial: several processes issue from the same authority.
        serial = int.from_bytes(open("/dev/urandom", "rb").read(15), "big")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key,
                 "-set_serial", serial, "-days", days, "-extfile", extensions,
                 "-out", made.certificate)
        return made
