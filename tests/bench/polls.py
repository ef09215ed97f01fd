# SPDX-License-Identifier: Apache-2.0
"""What an unchanged poll costs, and how evenly polls are spread."""

import subprocess
import time

import world
from page import figure

SECRETS = 500
SPAN = 40


def measure(bench):
    world.put_values(bench, "poll", SECRETS)
    space = world.namespace(bench)
    daemon = world.daemon(bench, world.configuration(
        bench, world.secrets(space, "poll", range(SECRETS)), interval="5s"))
    daemon.start()
    try:
        world.in_sync(daemon, SECRETS)
        time.sleep(6)
        asked = _asked(bench, space)
        polls, cpu = bench.kms.counters()["requests"], world.cpu_of(daemon.process.pid)
        time.sleep(SPAN)
        done = bench.kms.counters()["requests"] - polls
        cpu = world.cpu_of(daemon.process.pid) - cpu
        requests = _asked(bench, space) - asked
    finally:
        daemon.stop()
    return [figure("CPU of an unchanged poll", cpu / done * 1e3, "ms"),
            figure("API requests of an unchanged poll", requests / done, "", 0)]


def _asked(bench, space):
    return len([event for event in bench.cluster.audit_events(space)
                if event["verb"] not in ("watch", "list")])


def simulate(bench):
    done = subprocess.run([bench.program("poll-rate"), "10000"], capture_output=True, text=True,
                          check=True)
    return [figure("10,000 Secrets, simulated hour: KMS calls of the busiest minute over the mean",
                   float(done.stdout), "", 1.1)]
