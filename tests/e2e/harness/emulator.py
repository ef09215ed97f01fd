# SPDX-License-Identifier: Apache-2.0
"""A KMS emulator of a test's own (tests/emulator/README.md describes its control API)."""

import http.client
import json
import pathlib
import urllib.parse

from .process import Process, StartError, wait_until

ACCESS_KEY = {"id": "e2eAccessKeyId", "secret": "e2eAccessKeySecret"}


class ControlError(Exception):
    """The emulator refused a control call; the message says why."""


class Emulator:
    """Starts kms-emulator and talks to its control port. Usable by `with`, too.

    One access key is registered from the start (ACCESS_KEY). Names given as host_names are in
    the server certificate beside localhost and 127.0.0.1; flags are more options of the program
    (--private-ca makes an instance's certificate chain).
    """

    def __init__(self, build_dir, directory, host_names=(), port=0, access_key=None, flags=()):
        self.access_key = dict(access_key or ACCESS_KEY)
        self._directory = pathlib.Path(directory)
        self._log_path = self._directory / "emulator.log"
        self._argv = [pathlib.Path(build_dir) / "tests" / "emulator" / "kms-emulator",
                      "--state-dir", self._directory / "state", "--port", str(port)]
        for name in host_names:
            self._argv += ["--host-name", name]
        self._argv += flags
        self._process = None
        self.url = self.control_url = self.ca_file = self.metadata_url = None
        self.intermediate_file = None

    def start(self):
        """Returns when both ports answer; url, control_url and ca_file are known then."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._log_path.unlink(missing_ok=True)
        self._process = Process("kms-emulator", self._argv, self._log_path)
        ready = wait_until(self._ready_line, "the emulator is ready", process=self._process)
        self.url, self.control_url, self.ca_file = ready["kms"], ready["control"], ready["ca"]
        self.metadata_url = ready["metadata"]
        self.intermediate_file = ready.get("intermediate")
        self.put_key(**self.access_key)
        return self

    def _ready_line(self):
        for line in self._process.log().splitlines():
            if line.startswith("{") and line.endswith("}"):
                return json.loads(line)
        return None

    def __enter__(self):
        return self.start() if self._process is None else self

    def __exit__(self, *_):
        self.stop()

    # The process, as EndToEndTest.watch() wants it.

    def stop(self, timeout=10.0):
        return self._process.stop(timeout)

    def kill(self):
        self._process.kill()

    def exit_code(self):
        return self._process.exit_code()

    def tail(self, lines=25):
        return self._process.tail(lines)

    @property
    def pid(self):
        return self._process.pid

    @property
    def host(self):
        """127.0.0.1:PORT of the KMS port."""
        return urllib.parse.urlsplit(self.url).netloc

    @property
    def metadata_host(self):
        """127.0.0.1:PORT of the metadata service."""
        return urllib.parse.urlsplit(self.metadata_url).netloc

    @property
    def port(self):
        return urllib.parse.urlsplit(self.url).port

    def call(self, method, path, body=None):
        """One control call: its parsed reply; raises ControlError."""
        connection = http.client.HTTPConnection(
            urllib.parse.urlsplit(self.control_url).netloc, timeout=60)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            reply = connection.getresponse()
            answer = json.loads(reply.read())
        except OSError as error:
            raise StartError(f"no answer from the emulator: {error}\n{self.tail()}") from error
        finally:
            connection.close()
        if reply.status != 200:
            raise ControlError(f"{method} {path}: {answer['error']}")
        return answer

    # Secrets

    def put_secret(self, name, data=None, **members):
        """Creates or replaces a secret, with a first version if there is data."""
        if data is not None:
            members["data"] = data
        self.call("POST", "/secrets", {"name": name, **members})

    def put_secrets(self, secrets):
        """Many at once: a list of objects as POST /secrets takes them."""
        self.call("POST", "/secrets", list(secrets))

    def put(self, name, data, **members):
        """A new version of a secret (ACSCurrent moves to it unless stages are given)."""
        self.call("POST", "/secrets/version", {"name": name, "data": data, **members})

    def move_stage(self, name, stage, to=""):
        self.call("POST", "/secrets/stage", {"name": name, "stage": stage, "to": to})

    def rotate(self, name, data):
        """A rotation: a new version, and the rotation dates move."""
        self.call("POST", "/secrets/rotate", {"name": name, "data": data})

    def delete(self, name, window_days=None):
        window = {} if window_days is None else {"window_days": window_days}
        self.call("POST", "/secrets/delete", {"name": name, **window})

    def restore(self, name):
        self.call("POST", "/secrets/restore", {"name": name})

    def deny(self, name, access_key="*"):
        self.call("POST", "/secrets/deny", {"name": name, "access_key": access_key})

    def allow(self, name, access_key="*"):
        self.call("POST", "/secrets/allow", {"name": name, "access_key": access_key})

    def secrets(self):
        return self.call("GET", "/secrets")["secrets"]

    # Access keys

    def put_key(self, id, secret, **members):  # pylint: disable=redefined-builtin
        """Registers an access key, or an STS triple when a token is given."""
        self.call("POST", "/keys", {"id": id, "secret": secret, **members})

    def delete_key(self, id):  # pylint: disable=redefined-builtin
        self.call("POST", "/keys/delete", {"id": id})

    # Roles, OIDC providers, the metadata service

    def put_role(self, arn, *trust, **members):
        """Creates or replaces a role; trust: ARNs, or (provider ARN, subject) pairs."""
        statements = [{"principal": each} if isinstance(each, str)
                      else {"principal": each[0], "subject": each[1]} for each in trust]
        self.call("POST", "/roles", {"arn": arn, "trust": statements, **members})

    def revoke_role(self, arn, keep_sessions=False):
        """As if the role were deleted; returns how many sessions of it ended."""
        return self.call("POST", "/roles/active", {
            "arn": arn, "active": False, "keep_sessions": keep_sessions})["ended_sessions"]

    def restore_role(self, arn):
        self.call("POST", "/roles/active", {"arn": arn, "active": True})

    def put_oidc_provider(self, arn, issuer, jwks, client_ids=("sts.aliyuncs.com",)):
        self.call("POST", "/oidc-providers", {
            "arn": arn, "issuer": issuer, "client_ids": list(client_ids), "jwks": jwks})

    def metadata(self, **members):
        """Changes the metadata service; returns how many requests it has had."""
        return self.call("POST", "/metadata", members)["requests"]

    # Client keys

    def client_key(self, id, **members):  # pylint: disable=redefined-builtin
        """Makes and registers one: {"json", "password", "certificate", "private_key", ...}."""
        return self.call("POST", "/client-keys", {"id": id, **members})

    def delete_client_key(self, id):  # pylint: disable=redefined-builtin
        self.call("POST", "/client-keys/delete", {"id": id})

    # Faults, outages, settings

    def fault(self, kind, **members):
        """Adds a fault rule; returns its id."""
        return self.call("POST", "/faults", {"kind": kind, **members})["id"]

    def faults(self):
        return self.call("GET", "/faults")["faults"]

    def clear_faults(self):
        self.call("DELETE", "/faults")

    def outage(self, connections="reset"):
        """Refuses connections until back() is called."""
        self.call("POST", "/outage", {"down": True, "connections": connections})

    def back(self):
        self.call("POST", "/outage", {"down": False})

    def close_connections(self, how="close"):
        self.call("POST", "/connections/close", {"how": how})

    def settings(self, **members):
        return self.call("POST", "/settings", members)

    # What happened

    def requests(self, since=0):
        """Requests newer than that sequence number, oldest first."""
        return self.call("GET", f"/requests?since={since}")["requests"]

    def clear_requests(self):
        self.call("DELETE", "/requests")

    def counters(self):
        return self.call("GET", "/counters")
