# SPDX-License-Identifier: Apache-2.0
"""Time and CPU to sync N new Secrets, next to a raw parallel apply loop; memory; calls."""

import time

import world
from page import figure

# What a cluster may hold of the default workers: the raw loop has as many connections.
PARALLEL = 8
STEADY_TARGET_MIB = 40
IDLE_TARGET_MIB = 16


def _raw(bench, count):
    identity = bench.cluster.admin_identity
    seconds, cpu, _, code = world.timed([
        str(bench.program("raw-apply")), str(bench.cluster.port),
        str(bench.cluster.authority.certificate), str(identity.certificate), str(identity.key),
        world.namespace(bench), str(count), str(PARALLEL)])
    if code != 0:
        raise RuntimeError("raw-apply failed")
    return seconds, cpu


def _once(bench, count, prefix):
    text = world.configuration(bench, world.secrets(world.namespace(bench), prefix, range(count)))
    daemon = world.daemon(bench, text)
    seconds, cpu, peak, code = world.timed(daemon.command("--once"))
    if code != 0:
        raise RuntimeError("the daemon did not sync all")
    return seconds, cpu, peak


def _living(bench, count, prefix):
    """(steady RSS, peak RSS) of a daemon that has synced all and rests."""
    text = world.configuration(bench, world.secrets(world.namespace(bench), prefix, range(count)))
    daemon = world.daemon(bench, text)
    daemon.start()
    try:
        world.in_sync(daemon, count)
        time.sleep(10)
        return world.rss_of(daemon.process.pid)
    finally:
        daemon.stop()


def measure(bench):
    rows = []
    steady, _ = _living_of_one(bench)
    rows.append(figure("resident memory with one Secret", steady, "MiB", IDLE_TARGET_MIB))
    for count in bench.sizes:
        rows += _size(bench, count)
    return rows


def _living_of_one(bench):
    world.put_values(bench, "one", 1)
    return _living(bench, 1, "one")


def _size(bench, count):
    prefix = f"sync{count}"
    world.put_values(bench, prefix, count)
    raw_before, raw_cpu = _raw(bench, count)
    before = bench.kms.counters()
    seconds, cpu, _ = _once(bench, count, prefix)
    after = bench.kms.counters()
    raw_after, _ = _raw(bench, count)
    raw = min(raw_before, raw_after)
    steady, peak = _living(bench, count, prefix)
    last = count == bench.sizes[-1]
    return [
        figure(f"{count:,} new Secrets: seconds", seconds, "s"),
        figure(f"{count:,} new Secrets: seconds of the raw apply loop", raw, "s"),
        figure(f"{count:,} new Secrets: speed of the raw apply loop, which reads nothing from KMS",
               raw / seconds, "", 0.9 if last else None, at_most=False),
        figure(f"{count:,} new Secrets: CPU of the daemon each", cpu / count * 1e3, "ms"),
        figure(f"{count:,} new Secrets: CPU of the raw loop each", raw_cpu / count * 1e3, "ms"),
        figure(f"{count:,} new Secrets: KMS calls each", _calls(before, after) / count),
        figure(f"{count:,} new Secrets: KMS connections", _connections(before, after)),
        figure(f"{count:,} Secrets: peak resident memory", peak, "MiB"),
        figure(f"{count:,} Secrets: steady resident memory", steady, "MiB",
               STEADY_TARGET_MIB if last else None),
    ]


def _calls(before, after):
    return after["requests"] - before["requests"]


def _connections(before, after):
    return after["connections"] - before["connections"]
