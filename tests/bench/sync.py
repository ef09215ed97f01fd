# SPDX-License-Identifier: Apache-2.0
"""Time and CPU to sync N new Secrets, next to a raw parallel apply loop; memory; calls."""

import contextlib
import os
import pathlib
import subprocess
import sys
import time
import typing

import world
from page import figure

# What a cluster may hold of the default workers: the raw loop has as many connections.
PARALLEL = 8
RAW_WATCH = pathlib.Path(__file__).with_name("raw_watch.py")
STEADY_TARGET_MIB = 40
IDLE_TARGET_MIB = 16
# Seconds between the last Secret of a first sync and the look at the memory.
REST = 10
# Runs of which the best counts.
TURNS = 2


def _peer(bench, space):
    identity = bench.cluster.admin_identity
    return [str(bench.cluster.port), str(bench.cluster.authority.certificate),
            str(identity.certificate), str(identity.key), space]


class _Run(typing.NamedTuple):
    """A run to the last Secret: its seconds, and the CPU seconds of whoever made it and of the
    servers, by name."""

    seconds: float
    cpu: float
    servers: dict


def _raw(bench, count, cores=None, watched=False):
    """The raw loop; watched: while somebody holds a watch open, as the daemon does."""
    peer = _peer(bench, world.namespace(bench))
    with _watch(peer, cores) if watched else contextlib.nullcontext():
        servers = _Servers(bench)
        seconds, cpu, _, code = world.timed(
            [str(bench.program("raw-apply")), *peer, str(count), str(PARALLEL)], cores)
        spent = servers.spent()
    if code != 0:
        raise RuntimeError("raw-apply failed")
    return _Run(seconds, cpu, spent)


@contextlib.contextmanager
def _watch(peer, cores):
    watch = subprocess.Popen(world.on(cores, [sys.executable, str(RAW_WATCH), *peer]),
                             stdout=subprocess.PIPE)
    try:
        if watch.stdout.readline().strip() != b"200":
            raise RuntimeError("raw_watch.py failed")
        yield
    finally:
        watch.kill()
        watch.wait()
        watch.stdout.close()


def _first(bench, count, prefix, cores=None, rest=REST):
    """A daemon that starts with so many new Secrets, and then rests: (its run from its start until
    all are there, its memory when it has rested)."""
    text = world.configuration(bench, world.secrets(world.namespace(bench), prefix, range(count)))
    daemon = world.daemon(bench, text, cores)
    servers, began = _Servers(bench), time.monotonic()
    daemon.start()
    try:
        world.in_sync(daemon, count)
        run = _Run(time.monotonic() - began, world.cpu_of(daemon.process.pid), servers.spent())
        time.sleep(rest)
        return run, world.rss_of(daemon.process.pid)
    finally:
        daemon.stop()


def measure(bench):
    world.put_values(bench, "one", 1)
    _, memory = _first(bench, 1, "one")
    rows = [figure("resident memory with one Secret", memory["VmRSS"], "MiB", IDLE_TARGET_MIB),
            figure("... of which no file backs", memory["RssAnon"], "MiB")]
    for count in bench.sizes:
        rows += _size(bench, count) + _apart(bench, count)
    return rows


def _apart(bench, count):
    """As on a node: the API server and etcd do not work on the cores of the daemon. KMS, which is
    elsewhere, too, does."""
    if bench.cores()[0] is None:
        return []
    best = _best(bench, count)
    what = f"{count:,} new Secrets, the API server on a core of its own"
    target = 0.9 if count == bench.sizes[-1] else None
    return [figure(f"{what}: seconds", best["daemon"], "s"),
            figure(f"{what}: seconds of the raw apply loop", best["raw"], "s"),
            figure(f"{what}: ... while a watch is open, as the daemon's is", best["watched"], "s"),
            figure(f"{what}: speed of the raw apply loop", best["raw"] / best["daemon"], "", target,
                   at_most=False),
            figure(f"{what}: ... while a watch is open", best["watched"] / best["daemon"], "",
                   target, at_most=False)]


def _best(bench, count):
    """The best of some runs of each, in turn: what else the machine does only makes them longer."""
    seconds = {"raw": [], "watched": [], "daemon": []}
    for turn in range(TURNS):
        prefix = f"apart{count}-{turn}"
        world.put_values(bench, prefix, count)
        for name, run in (("raw", lambda cores: _raw(bench, count, cores)),
                          ("watched", lambda cores: _raw(bench, count, cores, watched=True)),
                          ("daemon", lambda cores, prefix=prefix:
                           _first(bench, count, prefix, cores, rest=0)[0])):
            with _servers_apart(bench) as cores:
                seconds[name].append(run(cores).seconds)
    return {name: min(runs) for name, runs in seconds.items()}


@contextlib.contextmanager
def _servers_apart(bench):
    """A new API server and etcd with a core of their own; yields the cores of all others."""
    bench.renew_cluster()
    servers, others = bench.cores()
    for pid in (bench.cluster.apiserver.pid, bench.cluster.etcd.pid):
        world.confine(pid, servers)
    world.confine(bench.kms.pid, others)
    try:
        yield others
    finally:
        for pid in (bench.cluster.apiserver.pid, bench.cluster.etcd.pid, bench.kms.pid):
            world.confine(pid, os.sched_getaffinity(0))


def _size(bench, count):
    """All on the same cores: the best of some runs of each, in turn."""
    loops, daemons, before = [], [], bench.kms.counters()
    for turn in range(TURNS):
        prefix = f"sync{count}-{turn}"
        world.put_values(bench, prefix, count)
        bench.renew_cluster()
        loops.append(_raw(bench, count))
        bench.renew_cluster()
        daemons.append(_first(bench, count, prefix))
    after = bench.kms.counters()
    raw = min(loops, key=lambda run: run.seconds)
    run, memory = min(daemons, key=lambda each: each[0].seconds)
    last = count == bench.sizes[-1]
    new = f"{count:,} new Secrets, all on the same cores"
    rows = [
        figure(f"{new}: seconds", run.seconds, "s"),
        figure(f"{new}: seconds of the raw apply loop", raw.seconds, "s"),
        figure(f"{new}: speed of the raw apply loop", raw.seconds / run.seconds, "",
               0.9 if last else None, at_most=False),
        figure(f"{new}: CPU of the daemon each", run.cpu / count * 1e3, "ms"),
        figure(f"{new}: CPU of the raw loop each", raw.cpu / count * 1e3, "ms")]
    for name, busy in run.servers.items():
        rows.append(figure(f"{new}: CPU of {name} each", busy / count * 1e3, "ms"))
        rows.append(figure(f"{new}: CPU of {name} each, under the raw loop",
                           raw.servers[name] / count * 1e3, "ms"))
    return rows + [
        figure(f"{new}: KMS calls each",
               (after["requests"] - before["requests"]) / count / TURNS),
        figure(f"{new}: KMS connections", (after["connections"] - before["connections"]) / TURNS),
        figure(f"{count:,} Secrets: peak resident memory", memory["VmHWM"], "MiB"),
        figure(f"{count:,} Secrets: steady resident memory", memory["VmRSS"], "MiB",
               STEADY_TARGET_MIB if last else None),
        figure(f"{count:,} Secrets: ... of which no file backs", memory["RssAnon"], "MiB"),
    ]


class _Servers:
    """The CPU that the servers of the bench use from now on: they share the machine's cores."""

    def __init__(self, bench):
        self._pids = bench.servers()
        self._before = self._now()

    def _now(self):
        return {name: world.cpu_of(pid) for name, pid in self._pids.items()}

    def spent(self):
        return {name: busy - self._before[name] for name, busy in self._now().items()}
