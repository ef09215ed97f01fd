# SPDX-License-Identifier: Apache-2.0
"""Instructions of one HTTPS exchange: the daemon's transport next to OpenSSL alone."""

import re
import shutil
import socket
import ssl
import subprocess
import threading

from page import figure

FEW, MANY = 50, 550
BODY = b'{"SecretName":"prod/db","SecretData":"' + b"x" * 300 + b'","VersionId":"v1"}'
REPLY = (b"HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 00:00:00 GMT\r\nContent-Type: application/json"
         b";charset=utf-8\r\nContent-Length: " + str(len(BODY)).encode()
         + b"\r\nConnection: keep-alive\r\nx-acs-request-id: 0\r\n\r\n" + BODY)


class _Server:
    """Answers every request with the same reply."""

    def __init__(self, authority):
        identity = authority.server("bench-transport")
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(identity.certificate, identity.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            sock, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        try:
            with self._context.wrap_socket(sock, server_side=True) as stream:
                pending = b""
                while data := stream.recv(65536):
                    pending += data
                    while b"\r\n\r\n" in pending:
                        pending = pending.split(b"\r\n\r\n", 1)[1]
                        stream.sendall(REPLY)
        except OSError:
            pass


def _instructions(bench, kind, port, count):
    done = subprocess.run([
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
        str(bench.program("request-loop")), kind, str(port),
        str(bench.cluster.authority.certificate), str(count)],
        capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        raise RuntimeError(done.stderr)
    return int(found[1])


def measure(bench):
    if shutil.which("valgrind") is None:
        raise RuntimeError("no valgrind: ./dev bench installs it")
    server = _Server(bench.cluster.authority)
    each = {}
    for kind in ("raw", "transport"):
        few, many = (_instructions(bench, kind, server.port, count) for count in (FEW, MANY))
        each[kind] = (many - few) / (MANY - FEW)
    return [figure("instructions of one exchange, OpenSSL alone", each["raw"]),
            figure("instructions of one exchange, the daemon's transport", each["transport"]),
            figure("instructions of the transport over those of OpenSSL alone",
                   each["transport"] / each["raw"], "", 2)]
