# SPDX-License-Identifier: Apache-2.0
"""Configurations and processes that measurements share."""

import os
import pathlib
import subprocess
import tempfile
import time
import uuid

from harness import setup
from harness.daemon import Daemon
from harness.process import wait_until


def namespace(bench):
    name = f"b-{uuid.uuid4().hex[:10]}"
    bench.cluster.admin().create_namespace(name)
    return name


def put_values(bench, prefix, count, text="value"):
    bench.kms.put_secrets([{"name": f"{prefix}/{n}", "data": f"{text} {n}"} for n in range(count)])


def secrets(space, prefix, numbers):
    return [setup.secret(space, f"s{n}", {"value": f"{prefix}/{n}"}) for n in numbers]


def configuration(bench, parts, interval="1h", observe="watch", **store):
    directory = pathlib.Path(tempfile.mkdtemp(dir=bench.directory))
    kubeconfig = bench.cluster.kubeconfig(directory / "kubeconfig", bench.cluster.admin_identity)
    store.setdefault("requests_per_second", 5000)
    return setup.configuration(kubeconfig, setup.store(bench.kms, directory, **store), *parts,
                               interval=interval, observe=observe)


def daemon(bench, text, cores=None):
    return Daemon(bench.build_dir, tempfile.mkdtemp(dir=bench.directory), text,
                  within=lambda argv: on(cores, argv))


def on(cores, argv):
    """The command line that runs argv on these cores only; None: on all."""
    return argv if cores is None else ["taskset", "--cpu-list", ",".join(map(str, cores)), *argv]


def confine(pid, cores):
    """Lets a running process use these cores only. New threads are as those that make them, so one
    that was made meanwhile is found at the second look."""
    for _ in range(2):
        for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)


def timed(argv, cores=None):
    """Runs to the end: (seconds, CPU seconds, peak RSS in MiB, exit code)."""
    began = time.monotonic()
    process = subprocess.Popen(on(cores, argv), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode


def cpu_of(pid):
    """CPU seconds that a running process has used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_of(pid):
    """VmRSS (all that is resident), VmHWM (the most that ever was) and RssAnon (the part that no
    file backs: heap, stacks, written data) in MiB."""
    values = {}
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "VmHWM", "RssAnon"):
            values[name] = int(value.split()[0]) / 1024
    return values


def in_sync(running, count, timeout=1800):
    """Waits until every Secret was created."""
    created = _Counted(running.process.log_path, b"SECRET_CREATED")
    wait_until(lambda: created() >= count, f"{count} Secrets are created", timeout,
               running.process, every=0.02)


class _Counted:
    """How often a word stands in a growing file; reads each part once, for the CPU is shared."""

    def __init__(self, path, word):
        self._file = open(path, "rb")
        self._word = word
        self._count = 0
        self._rest = b""

    def __call__(self):
        *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
        self._count += sum(self._word in line for line in lines)
        return self._count
