# SPDX-License-Identifier: Apache-2.0
"""HTTP over the daemon's control socket."""

import http.client
import socket
import subprocess

from .suite import build_dir


class UnixConnection(http.client.HTTPConnection):
    """A connection to a socket file."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


def page(path, target, method="GET", body=None):
    """(status, body) of one request; status 0 where nobody answers."""
    connection = UnixConnection(path)
    try:
        connection.request(method, target, body)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def ctl(path, *words):
    """What kms-secretctl prints, whatever its exit code."""
    done = subprocess.run([str(build_dir() / "daemon/ctl/kms-secretctl"), "--socket", str(path),
                           *words], capture_output=True, text=True, check=False, timeout=60,
                          stdin=subprocess.DEVNULL)
    return done.stdout + done.stderr
