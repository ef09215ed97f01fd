# SPDX-License-Identifier: Apache-2.0
"""The base of every end-to-end test, and what is shared by the whole run."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest
import uuid

from .cluster import Cluster, ClusterView
from .daemon import Daemon
from .emulator import Emulator

# Set by tests/e2e/run for the processes that run one test module each.
CLUSTER_VARIABLE = "KMS_SECRETD_E2E_CLUSTER"
CHECKOUT = pathlib.Path(__file__).resolve().parents[3]


def build_dir():
    return pathlib.Path(os.environ.get("BUILD_DIR") or CHECKOUT / "build").resolve()


def shared_cluster():
    """The run's one cluster: every test has a namespace of its own in it."""
    described = os.environ.get(CLUSTER_VARIABLE)
    if not described:
        raise RuntimeError("start end-to-end tests by tests/e2e/run (or ./dev e2e)")
    return ClusterView(**json.loads(described))


class EndToEndTest(unittest.TestCase):
    """Gives each test a namespace, a directory, and peers that are stopped when it ends.

    Names of test methods are read as sentences: test_a_foreign_secret_is_left_alone.
    """

    def setUp(self):
        self.cluster = shared_cluster()
        self.api = self.cluster.admin()
        self.namespace = f"t-{uuid.uuid4().hex[:12]}"
        self.api.create_namespace(self.namespace)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kms-secretd-e2e-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.processes = []

    def watch(self, process):
        """Its log is shown when the test fails; it is stopped when the test ends."""
        self.processes.append(process)
        self.addCleanup(process.kill)
        return process

    def own_cluster(self):
        """A cluster for tests that kill the API server. Takes about 10 s."""
        cluster = Cluster(self.directory / "cluster")
        self.addCleanup(cluster.stop)
        return cluster.start()

    def emulator(self, name="emulator", **options):
        """A running KMS emulator of this test's own (see harness/emulator.py)."""
        emulator = Emulator(build_dir(), self.directory / name, **options)
        self.watch(emulator.start())
        return emulator

    def daemon(self, config, **options):
        """A kms-secretd that is configured and not started yet (see harness/daemon.py)."""
        directory = pathlib.Path(tempfile.mkdtemp(prefix="daemon-", dir=self.directory))
        return Daemon(build_dir(), directory, config, watch=self.watch, **options)

    def failure_logs(self):
        return "\n".join(process.tail(40) for process in self.processes)
