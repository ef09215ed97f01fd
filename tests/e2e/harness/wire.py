# SPDX-License-Identifier: Apache-2.0
"""A daemon behind a cable of its own, that can be cut: a network namespace and a veth pair.

Inside there is one way out, to an address of the host; there a carrier hands the bytes on to the
loopback ports of the API server and of KMS. A cut takes the host's end down: nothing comes through
and nobody is told, as when a cable is pulled. Needs root."""

import os
import pathlib
import random
import socket
import subprocess
import threading

# What the host's end is called inside.
KUBERNETES = "kubernetes"  # a name in the API server's certificate
KMS = "kms.test"           # to be given to the emulator as a host name; at port 443 inside, for
#                            the emulator, like KMS, takes no signature of a name with a port


def why_not():
    """Why there can be no wires here, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    try:
        with Wire("probe"):
            return None
    except (OSError, RuntimeError) as error:
        return f"no network namespaces: {error}"


def _ip(*words):
    done = subprocess.run(["ip", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(map(str, words))}: {done.stderr.strip()}")


class Wire:
    """One namespace with one cable. Use as a context manager, or stop() it."""

    def __init__(self, directory):
        tag = f"{random.SystemRandom().getrandbits(24):06x}"
        self._namespace = f"kms-secretd-{tag}"
        self._outside, self._inside = f"kst{tag}h", f"kst{tag}n"
        self._hosts = pathlib.Path(directory) / f"hosts-{tag}"
        self._carriers = []
        # A part of the network that is set apart for measurements (RFC 2544): four addresses of it.
        base = random.SystemRandom().randrange(2 ** 15) * 4
        self._net = [f"198.{18 + (base >> 16)}.{base >> 8 & 255}.{(base & 255) + each}"
                     for each in (1, 2)]
        try:
            self._create()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _create(self):
        _ip("netns", "add", self._namespace)
        _ip("link", "add", self._outside, "type", "veth", "peer", "name", self._inside,
            "netns", self._namespace)
        _ip("addr", "add", f"{self._net[0]}/30", "dev", self._outside)
        _ip("link", "set", self._outside, "up")
        inside = ("-n", self._namespace)
        _ip(*inside, "addr", "add", f"{self._net[1]}/30", "dev", self._inside)
        _ip(*inside, "link", "set", self._inside, "up")
        _ip(*inside, "link", "set", "lo", "up")

    def carry(self, port, at=None):
        """Connections from inside to that port of the host's end (or to port `at`) reach the port of
        loopback."""
        self._carriers.append(_Carrier(self._net[0], at or port, port))

    def command(self, argv):
        """argv, to be run inside; KUBERNETES and KMS are names of the host's end there."""
        self._hosts.write_text(f"127.0.0.1 localhost\n{self._net[0]} {KUBERNETES} {KMS}\n")
        script = f'mount --bind "{self._hosts}" /etc/hosts && exec "$@"'
        return ["nsenter", f"--net=/run/netns/{self._namespace}", "unshare", "--mount", "sh", "-c",
                script, "sh", *argv]

    def cut(self):
        _ip("link", "set", self._outside, "down")

    def mend(self):
        _ip("link", "set", self._outside, "up")

    def stop(self):
        for carrier in self._carriers:
            carrier.stop()
        self._carriers = []
        for words in (("link", "del", self._outside), ("netns", "del", self._namespace)):
            try:
                _ip(*words)
            except (OSError, RuntimeError):
                pass  # it was never made


class _Carrier:
    """Hands bytes on from one address of the host to loopback."""

    def __init__(self, address, at, port):
        self._port = port
        self._listener = socket.create_server((address, at))
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        # A close alone does not wake who waits in accept().
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                client.close()
                continue
            for pair in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=pair, daemon=True).start()


def _pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for each in (source, target):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
