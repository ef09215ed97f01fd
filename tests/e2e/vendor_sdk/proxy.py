# SPDX-License-Identifier: Apache-2.0
"""A loopback CONNECT proxy: lets a client use a vendor's host name without leaving this machine."""

import socket
import socketserver
import threading


def _copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class _Tunnel(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().decode("latin-1").split()
        while self.rfile.readline().strip():
            pass
        target = self.server.targets.get(words[1]) if words[:1] == ["CONNECT"] else None
        if target is None:
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(target, timeout=10) as upstream:
            self.server.connected.append(words[1])
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_copy, args=(upstream, self.connection))
            back.start()
            _copy(self.connection, upstream)
            back.join()


class Proxy(socketserver.ThreadingTCPServer):
    """`targets` maps "name:port" to a loopback address; everything else is forbidden."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, targets):
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.targets = targets
        self.connected = []
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self):
        self.shutdown()
        self._thread.join()
        self.server_close()
