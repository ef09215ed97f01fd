# SPDX-License-Identifier: Apache-2.0
"""How long a new Secret waits behind 10,000 refreshes."""

import time

import world
from harness.api import secret_path
from page import figure

NEW = 25


def measure(bench):
    count = bench.sizes[-1]
    world.put_values(bench, "late", count + NEW)
    space = world.namespace(bench)
    # More refreshes are due than the store's limit lets through: the queue is never empty.
    def text(total, rate):
        return world.configuration(bench, world.secrets(space, "late", range(total)),
                                   interval="30s", requests_per_second=rate)
    daemon = world.daemon(bench, text(count, 5000))
    daemon.start()
    try:
        world.in_sync(daemon, count)
        daemon.configure(text(count, 100))
        daemon.reload()
        time.sleep(40)
        waits = sorted(_one(bench, daemon, space, count + n, text) for n in range(NEW))
    finally:
        daemon.stop()
    return [figure(f"a new Secret behind {count:,} refreshes at 100 calls a second: median",
                   waits[len(waits) // 2], "s"),
            figure(f"a new Secret behind {count:,} refreshes: the longest of {NEW}, for the p99",
                   waits[-1], "s", 2)]


def _one(bench, daemon, space, number, text):
    """From the reload that brings a Secret until it stands in the cluster."""
    api = bench.cluster.admin()
    daemon.configure(text(number + 1, 100))
    reloaded = daemon.process.log().count("[RELOADED]")
    daemon.reload()
    while daemon.process.log().count("[RELOADED]") == reloaded:
        time.sleep(0.002)
    began = time.monotonic()
    while not api.exists(secret_path(space, f"s{number}")):
        time.sleep(0.01)
    return time.monotonic() - began
