# SPDX-License-Identifier: Apache-2.0
"""The in-tree double of the API server as a child process, where no real one was built."""

import base64
import json
import pathlib
import re
import urllib.parse

from .api import Api
from .pki import Identity
from .process import Process, wait_until


class Double:
    """kube-api-double; use as a context manager."""

    def __init__(self, build_dir, directory):
        self._program = pathlib.Path(build_dir) / "tests" / "fakes" / "kube-api-double"
        self.directory = pathlib.Path(directory)
        self.process = None
        self.kubeconfig = None
        self._server = None

    def __enter__(self):
        (self.directory / "state").mkdir(parents=True)
        self.process = Process("kube-api-double", [self._program, "--dir", self.directory / "state"],
                               self.directory / "kube-api-double.log")
        ready = wait_until(self._ready, "the double is ready", process=self.process)
        self._server, self.kubeconfig = ready["server"], ready["kubeconfig"]
        return self

    def __exit__(self, *_):
        self.process.kill()

    def _ready(self):
        return next((json.loads(line) for line in self.process.log().splitlines()
                     if line.startswith("{") and line.endswith("}")), None)

    def admin(self):
        """The Api of its administrator, whose certificate the kubeconfig holds."""
        text = pathlib.Path(self.kubeconfig).read_text()
        identity = Identity(*(self._extract(text, part) for part in ("certificate", "key")))
        authority = self.directory / "state" / "ca.crt"
        return Api(urllib.parse.urlsplit(self._server).port, authority, identity)

    def _extract(self, kubeconfig, part):
        path = self.directory / f"admin.{part}"
        path.touch(mode=0o600)
        path.write_bytes(base64.b64decode(re.search(f"client-{part}-data: (\\S+)", kubeconfig)[1]))
        return path
