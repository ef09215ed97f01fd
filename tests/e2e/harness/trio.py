# SPDX-License-Identifier: Apache-2.0
"""Several daemons of one instance that share a Lease, chaos among them, and what the audit log
says of it. Used by test_leader.py for a minute and by tests/soak/run for as long as one likes."""

import random
import signal
import time

from . import kubeconfig, setup, wire
from .process import wait_until
from .suite import EndToEndTest
from .trail import Trail, number_in

NAMES = ("a", "b", "c")
LEASE = "kms-secretd-default"
LEASES = "coordination.k8s.io"
VERBS = {
    "secrets": ["get", "patch", "create", "delete", "list", "watch"],
    "leases": ["get", "update", "create"],
}
LEASE_SECONDS = 6  # the shortest that there is
RETRY_SECONDS = LEASE_SECONDS * 2 / 15
INTERVAL_SECONDS = 5  # between two readings of one source


class Member:
    """One daemon with a login of its own, so that the audit log tells it from the others. Wired: in
    a network namespace, with a cable that can be cut."""

    def __init__(self, test, number, secrets, wired=False, **lease):
        self.wire = self._wire(test) if wired else None
        self.user = f"{test.namespace}-{number}"
        rules = [{"apiGroups": [""], "resources": ["secrets"], "verbs": VERBS["secrets"]},
                 {"apiGroups": [LEASES], "resources": ["leases"], "verbs": VERBS["leases"]}]
        identity = test.cluster.restricted_user(self.user, test.namespace, rules)
        path = test.directory / f"kubeconfig-{number}"
        host = wire.KUBERNETES if wired else "127.0.0.1"
        kubeconfig.write(path, f"https://{host}:{test.cluster.port}",
                         test.cluster.authority.certificate, identity)
        endpoint = {"endpoint": wire.KMS} if wired else {}
        self.socket = test.directory / f"{number}.sock"
        self._text = lambda parts: setup.configuration(
            path, f'[control]\nsocket = "{self.socket}"\n',
            setup.store(test.kms, test.directory, **endpoint), *parts,
            interval=f"{INTERVAL_SECONDS}s", observe="watch",
            lease={"lease_namespace": test.namespace, "lease_duration": f"{LEASE_SECONDS}s",
                   **lease})
        self.daemon = test.daemon(self._text(secrets),
                                  within=self.wire.command if wired else None)
        self.logs = []
        self.paused = False
        self.is_cut = False
        self.resumed = []  # when it ran again after a pause (seconds since 1970)
        self.mended = []  # when its cut wire was mended

    @staticmethod
    def _wire(test):
        made = wire.Wire(test.directory)
        test.addCleanup(made.stop)
        made.carry(test.cluster.port)
        made.carry(test.kms.port, at=443)
        return made

    def configure(self, secrets):
        self.daemon.configure(self._text(secrets))

    def start(self):
        if self.daemon.process is not None:
            self.logs.append(self.daemon.process.log())
            self.daemon.process.log_path.unlink()
        self.daemon.start()

    def log(self):
        return self.daemon.process.log()

    def running(self):
        process = self.daemon.process
        return process is not None and process.exit_code() is None

    def kill(self):
        self.daemon.process.kill()
        self.paused = False

    def pause(self):
        self.daemon.process.send(signal.SIGSTOP)
        self.paused = True

    def resume(self):
        self.daemon.process.send(signal.SIGCONT)
        self.resumed.append(time.time())
        self.paused = False

    def cut(self):
        self.wire.cut()
        self.is_cut = True

    def mend(self):
        self.wire.mend()
        self.mended.append(time.time())
        self.is_cut = False

    def stop(self):
        return self.daemon.stop()


class Chaos:
    """Kills, pauses and stops members at random while values rotate, and cuts their wires where they
    have one. In the end a leader is paused until another has taken over, and then left alone: at
    random a member that believes for ever that it leads may be killed before it shows it."""

    def __init__(self, members, rotate, seed):
        self.members, self.rotate = members, rotate
        self.random = random.Random(seed)
        self.counts = {"kill": 0, "pause": 0, "stop": 0, "cut": 0, "rotation": 0}
        self._later = []  # (when, what)

    def run(self, seconds):
        end = time.monotonic() + seconds
        next_blow = time.monotonic() + 2
        while time.monotonic() < end:
            now = time.monotonic()
            for each in [each for each in self._later if each[0] <= now]:
                self._later.remove(each)
                each[1]()
            if now >= next_blow:
                self._blow(now)
                next_blow = now + self.random.uniform(0.5, 5)
            self._rotate()
        self._heal()
        self._depose_one()

    def _rotate(self):
        self.rotate()
        self.counts["rotation"] += 1
        time.sleep(self.random.uniform(0.1, 0.6))

    def _rotate_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._rotate()

    def _heal(self):
        for member in self.members:
            if member.is_cut:
                member.mend()
            if member.running() and member.paused:
                member.resume()
            elif not member.running():
                member.start()

    def _depose_one(self):
        deposed = wait_for_leader(self.members)
        deposed.pause()
        wait_until(lambda: any(leads(each) for each in self.members if each is not deposed),
                   "another leads", 5 * LEASE_SECONDS)
        self._rotate_for(1)
        deposed.resume()
        self._rotate_for(INTERVAL_SECONDS + LEASE_SECONDS)

    def _blow(self, now):
        awake = [each for each in self.members
                 if each.running() and not each.paused and not each.is_cut]
        if not awake:
            return
        # The one that works is the one worth hitting.
        leading = [each for each in awake if leads(each)]
        member = self.random.choice(leading if leading and self.random.random() < 0.7 else awake)
        blows = ("kill", "pause", "pause", "stop")
        blow = self.random.choice(blows if member.wire is None else (*blows, "cut", "cut"))
        self.counts[blow] += 1
        if blow == "cut":
            member.cut()
            self._later.append((now + self.random.uniform(1, 3 * LEASE_SECONDS),
                                lambda: member.is_cut and member.mend()))
            return
        if blow == "pause":
            member.pause()
            self._later.append((now + self.random.uniform(0.5, 2.5 * LEASE_SECONDS),
                                lambda: member.running() and member.resume()))
            return
        (member.kill if blow == "kill" else member.stop)()
        self._later.append((now + self.random.uniform(0, 4),
                            lambda: None if member.running() else member.start()))


class LeaderCase(EndToEndTest):
    """An emulator with counting values, and daemons that keep them; the base of tests."""

    def setUp(self):
        super().setUp()
        self.kms = self.emulator(host_names=[wire.KMS])
        self.numbers = {}
        self.made = {}  # (name, number) -> when the value came into being (seconds since 1970)
        for name in NAMES:
            self.numbers[name] = 1000
            self.kms.put_secret(name, "1000")
        self.secrets = [setup.secret(self.namespace, name, {"value": name}) for name in NAMES]

    def members(self, count=3, **lease):
        members = [Member(self, number, self.secrets, **lease) for number in range(count)]
        for member in members:
            member.start()
        return members

    def trail(self, members):
        return Trail(self.cluster, self.namespace, members)

    def lease_path(self):
        return f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases/{LEASE}"

    def lease(self):
        return self.api.get(self.lease_path())

    def rotate(self, name=None):
        name = name or NAMES[sum(self.numbers.values()) % len(NAMES)]
        self.numbers[name] += 1
        self.made[name, self.numbers[name]] = time.time()  # not later than KMS has it
        self.kms.rotate(name, str(self.numbers[name]))

    def in_sync(self):
        return all(self.api.exists(f"/api/v1/namespaces/{self.namespace}/secrets/{name}")
                   and self.api.secret_data(self.namespace, name)
                   == {"value": str(number).encode()} for name, number in self.numbers.items())

    def wait_in_sync(self, timeout=60):
        wait_until(self.in_sync, "every Secret has the current value", timeout, every=0.2)

    def settled(self, members):
        """All Secrets are there, one member leads and every member is on the Lease."""
        leader = wait_for_leader(members)
        self.wait_in_sync()
        wait_until(lambda: len(self.lease()["metadata"]["annotations"]) == len(members),
                   "all are on the Lease")
        return leader

    def assert_chaos_does_no_harm(self, members, seconds, seed):
        """The whole ordeal, with all that it must not do."""
        chaos = Chaos(members, self.rotate, seed)
        chaos.run(seconds)
        print(f"chaos with seed {seed}: {chaos.counts}", flush=True)
        if any(member.wire for member in members):
            self.assertGreater(chaos.counts["cut"], 0, "the network was never cut")
        wait_until(self.in_sync, "no update is lost", 90, every=0.5)
        trail = self.trail(members)
        self.assertEqual([], trail.undone())
        for member in members:
            self.assertEqual([], trail.late(member))
        self.assertEqual([], trail.intruding(number_in, self.made))
        self.assertEqual([], trail.went_back(number_in))
        holders = {user for _, user, _ in trail.holders() if user is not None}
        self.assertGreater(len(holders), 1, "nobody ever took over")
        self.assertGreater(len(trail.changes()), len(NAMES))


def leads(member):
    """What it last said of itself."""
    said = [line for line in member.log().splitlines()
            if "LEADER_GAINED" in line or "LEADER_LOST" in line or "LEADER_OTHER" in line]
    return bool(said) and "LEADER_GAINED" in said[-1]


def wait_for_leader(members, timeout=60.0, besides=None):
    """The one member that leads (and is not the one given)."""
    def one():
        found = [each for each in members
                 if each is not besides and each.running() and not each.paused and leads(each)]
        return found[0] if len(found) == 1 else None
    return wait_until(one, "one daemon leads", timeout)
