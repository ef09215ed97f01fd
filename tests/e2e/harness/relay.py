# SPDX-License-Identifier: Apache-2.0
"""A man in the middle between the daemon and the API server: records requests, dies on command."""

import dataclasses
import http
import json
import socket
import ssl
import threading
import time

_WATCH = "watch=true"


@dataclasses.dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict
    at: float = 0.0  # when it came, by the monotonic clock

    @property
    def is_watch(self):
        return _WATCH in self.target or "watch=1" in self.target


@dataclasses.dataclass
class Death:
    """The server dies at a request: before it is heard, after it is done, or half-way through the
    answer."""

    at: int
    when: str  # before, after, half


@dataclasses.dataclass
class Fake:
    """The relay's own answer in the server's place; no status: it never answers."""

    method: str
    part: str  # of the target
    status: int = 0
    body: object = None
    headers: dict = dataclasses.field(default_factory=dict)

    def fits(self, request):
        return self.part in request.target and self.method in ("", request.method)

    def wire(self):
        text = json.dumps(self.body).encode()
        lines = [f"HTTP/1.1 {self.status} {http.HTTPStatus(self.status).phrase}",
                 "Content-Type: application/json", f"Content-Length: {len(text)}",
                 *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + text


class _Lost(Exception):
    """The other side is gone."""


class _Reader:
    """Reads HTTP/1.1 messages from a socket."""

    def __init__(self, sock):
        self._sock = sock
        self._buffer = b""

    def head(self):
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        return head + b"\r\n\r\n"

    def exactly(self, size):
        while len(self._buffer) < size:
            self._fill()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def chunk(self):
        """One chunk as it stands on the wire; the last one has size 0."""
        while b"\r\n" not in self._buffer:
            self._fill()
        line = self._buffer.split(b"\r\n", 1)[0]
        size = int(line.split(b";")[0], 16)
        return size, self.exactly(len(line) + 2 + size + 2)

    def end(self):
        """Reads until the other side is gone."""
        while True:
            self._fill()
            self._buffer = b""

    def _fill(self):
        try:
            data = self._sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            raise _Lost
        self._buffer += data


def _headers(head):
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)}


class Relay:
    """Listens on loopback with a certificate of the cluster's authority. Use as a context manager."""

    def __init__(self, cluster, name):
        self._cluster = cluster
        identity = cluster.authority.server(f"relay-{name}")
        self._server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server_tls.load_cert_chain(identity.certificate, identity.key)
        self._client_tls = ssl.create_default_context(cafile=cluster.authority.certificate)
        self._lock = threading.Lock()
        self._open = set()
        self._requests = []
        self._death = None
        self._seen = 0
        self._dead = False
        self._deaf = False
        self._fakes = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._listener.close()
        self._close_all()

    # What the tests say

    def requests(self):
        with self._lock:
            return list(self._requests)

    def die_at(self, number, when):
        """At that request on Secrets from now on (0 is the next; watches do not count) the server
        dies."""
        with self._lock:
            self._death, self._seen, self._dead = Death(number, when), 0, False

    def revive(self):
        """Lives; returns whether it had died."""
        with self._lock:
            died, self._dead, self._death = self._dead, False, None
        return died

    def answers_itself(self, part, status=0, body=None, method="", **headers):
        """Requests whose target holds that part get this answer, or (without a status) none; the
        server never hears of them. Headers with _ for -."""
        fake = Fake(method, part, status, body,
                    {name.replace("_", "-"): value for name, value in headers.items()})
        with self._lock:
            self._fakes.append(fake)

    def answers_no_more(self):
        """The server is asked again."""
        with self._lock:
            self._fakes.clear()

    def drop_connections(self):
        self._close_all()

    def hang_watches(self):
        """From now on nothing comes through the watches that are open; their connections stay."""
        self._deaf = True

    def let_watches_speak(self):
        """New watches speak; what hangs goes on hanging."""
        self._deaf = False

    # What happens

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        upstream = None
        try:
            if self._dead:
                return
            client = self._keep(self._server_tls.wrap_socket(sock, server_side=True))
            upstream = self._keep(self._client_tls.wrap_socket(
                socket.create_connection(("127.0.0.1", self._cluster.port)),
                server_hostname="127.0.0.1"))
            reader, answers = _Reader(client), _Reader(upstream)
            while True:
                self._exchange(client, reader, upstream, answers)
        except (_Lost, OSError):
            pass
        finally:
            for each in (sock, upstream):
                if each is not None:
                    self._forget(each)

    def _keep(self, sock):
        with self._lock:
            self._open.add(sock)
        return sock

    def _forget(self, sock):
        with self._lock:
            self._open.discard(sock)
        sock.close()

    def _close_all(self):
        with self._lock:
            sockets = list(self._open)
        for sock in sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _exchange(self, client, reader, upstream, answers):
        head = reader.head()
        headers = _headers(head)
        method, target, _ = head.decode("latin-1").split(" ", 2)
        body = reader.exactly(int(headers.get("content-length", 0)))
        request = Request(method, target, headers, time.monotonic())
        fake = self._fake_for(request)
        if fake is not None:
            if fake.status:
                return client.sendall(fake.wire())
            return reader.end()
        fate = self._fate(request)
        if fate == "before":
            return self._die()
        upstream.sendall(head + body)
        self._answer(client, answers, request, fate)

    def _fake_for(self, request):
        with self._lock:
            self._requests.append(request)
            return next((fake for fake in self._fakes if fake.fits(request)), None)

    def _fate(self, request):
        with self._lock:
            if request.is_watch or self._death is None or "/secrets" not in request.target:
                return None
            number, self._seen = self._seen, self._seen + 1
            return self._death.when if number == self._death.at else None

    def _die(self):
        with self._lock:
            self._dead = True
        self._close_all()
        raise _Lost

    def _answer(self, client, answers, request, fate):
        head = answers.head()
        headers = _headers(head)
        if headers.get("transfer-encoding") == "chunked":
            return self._stream(client, answers, head, request, fate)
        whole = head + answers.exactly(int(headers.get("content-length", 0)))
        if fate is not None:
            if fate == "half":
                client.sendall(whole[:len(whole) // 2])
            self._die()
        client.sendall(whole)

    def _stream(self, client, answers, head, request, fate):
        hangs = False
        client.sendall(head)
        if fate is not None:
            self._die()
        while True:
            size, chunk = answers.chunk()
            hangs = hangs or (request.is_watch and self._deaf)
            if not hangs:
                client.sendall(chunk)
            if size == 0:
                return
