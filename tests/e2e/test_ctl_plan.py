# SPDX-License-Identifier: Apache-2.0
"""kms-secretctl plan beside a running daemon, which makes the plan itself."""

import json
import os
import shutil
import subprocess
import time

from harness import setup
from harness.ctl import CtlTest
from harness.process import wait_until
from harness.suite import build_dir


SLOW = {"requests_per_second": 2}


class PlanBesideADaemonTest(CtlTest):
    def planned(self, *words, code=0):
        said = json.loads(self.ctl("plan", *words, "-o", "json", code=code))
        return said, {each["name"]: each for each in said["targets"]}

    def begin(self, *parts, store=None):
        """A daemon whose Secrets are in sync."""
        self.store_members = store or {}
        self.latest = self.running(*parts)
        wait_until(lambda: set(self.states().values()) == {"in_sync"}, "all are in sync", 60)
        return self.latest

    def configuration(self, *parts, interval="1h"):
        return setup.configuration(
            self.kubeconfig, f'[control]\nsocket = "{self.socket}"\n',
            setup.store(self.kms, self.directory, **self.store_members), *parts, interval=interval)

    def edit(self, *parts, more=""):
        """The configuration on disk, which the daemon has not read yet."""
        setup.write_secret(self.latest.config_path, self.configuration(*parts) + more)

    def rounds(self):
        rows = json.loads(self.page("/v1/targets")[1])["targets"]
        return {row["name"]: (row["rounds"], row["state"]) for row in rows}

    def writes(self):
        return [event for event in self.cluster.audit_events(self.namespace)
                if event["verb"] in ("create", "patch", "update", "delete")
                and event["objectRef"]["resource"] == "secrets"
                and "dryRun=All" not in event["requestURI"]]

    def slow(self):
        """A daemon whose plan takes a quarter of a minute: 14 reads, one a second."""
        names = [f"s{number}" for number in range(14)]
        for name in names:
            self.kms.put_secret(name, name)
        return self.begin(*(self.secret(name, a=name) for name in names), store=SLOW)

    def begin_plan(self, *words):
        """Only the plan reads: the next rounds are an hour away."""
        before = len(self.kms.requests())
        process = subprocess.Popen(
            [str(build_dir() / "daemon/ctl/kms-secretctl"), "--socket", str(self.socket), "plan",
             *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        wait_until(lambda: len(self.kms.requests()) > before, "the plan reads")
        return process

    def test_an_edited_configuration_is_judged_before_it_is_reloaded(self):
        self.kms.put_secret("b", "canary-Vx7nQ2")
        self.begin(self.secret("s", a="a"), self.secret("old", a="a"))
        before, rounds = len(self.writes()), self.rounds()
        self.edit(self.secret("s", a="a", b="b"), self.secret("t", b="b"))
        said, plan = self.planned()
        self.assertEqual("on disk", said["configuration"])
        self.assertEqual(("update", {"a": "kept", "b": "added"}),
                         (plan["s"]["action"], plan["s"]["keys"]))
        self.assertEqual("create", plan["t"]["action"])
        self.assertEqual(["old"], [each["name"] for each in said["no_longer_defined"]])
        text = self.ctl("plan")
        self.assertEqual("the configuration on disk, as a reload would take it:",
                         self.plain(text)[0])
        self.assertNotIn("canary-Vx7nQ2", text + json.dumps(said))
        said, plan = self.planned("--in-force")
        self.assertEqual("in force", said["configuration"])
        self.assertEqual({"s": "leave", "old": "leave"},
                         {name: each["action"] for name, each in plan.items()})
        self.assertEqual(before, len(self.writes()), "a plan wrote")
        self.assertEqual(rounds, self.rounds(), "a plan was taken for a round")

    def test_only_those_that_are_named_are_planned(self):
        self.begin(self.secret("s", a="a"), self.secret("t", a="a"))
        self.assertEqual({"t"}, set(self.planned(f"{self.namespace}/t")[1]))
        self.ctl("plan", f"{self.namespace}/tt", code=1, error="did you mean")
        self.ctl("plan", "nonsense", code=2, error="a secret is named")

    def test_a_configuration_that_would_be_refused_is_said_and_the_one_in_force_still_judged(self):
        self.begin(self.secret("s", a="a"))
        self.edit(self.secret("s", a="a"), more="nonsense = 1\n")
        self.ctl("plan", code=1, error="the configuration would be refused")
        self.ctl("plan", code=1, error="nonsense")
        self.assertEqual("leave", self.planned("--in-force")[1]["s"]["action"])

    def test_what_would_fail_is_said_and_is_the_exit_code(self):
        self.begin(self.secret("s", a="a"))
        self.edit(self.secret("s", a="absent"))
        self.assertIn("shared/absent", self.planned(code=1)[1]["s"]["trouble"])

    def test_a_member_of_the_group_needs_no_right_to_the_configuration(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become somebody else")
        self.begin(self.secret("s", a="a"))
        self.edit(self.secret("s", a="a"), self.secret("t", a="a"))
        tool = self.directory / "kms-secretctl"
        shutil.copy(build_dir() / "daemon/ctl/kms-secretctl", tool)
        self.directory.chmod(0o711)

        def plan(groups, *words):
            return subprocess.run(
                [str(tool), "--socket", str(self.socket), "plan", *words], user=65534, group=65534,
                extra_groups=groups, capture_output=True, text=True, check=False, timeout=60)

        member = plan([os.getegid()])
        self.assertEqual(0, member.returncode, member.stderr)
        self.assertIn("/t: create (absent)", member.stdout)
        stranger = plan([])
        self.assertEqual(3, stranger.returncode, stranger.stdout)
        self.assertIn("a member of the group", stranger.stderr)
        alone = plan([os.getegid()], "--offline", "--config", str(self.latest.config_path),
                     "--daemon", str(self.latest.program))
        self.assertNotEqual(0, alone.returncode, "the rights to the files are no proof")

    def test_one_plan_at_a_time_and_it_ends_with_who_asked(self):
        self.slow()
        first = self.begin_plan()
        self.ctl("plan", code=1, error="a plan is under way")
        self.assertEqual(200, self.page("/healthz")[0])
        first.kill()
        wait_until(lambda: "under way" not in self.run_ctl("plan", "--timeout", "1").stderr,
                   "the plan ended with its client", 5)
        self.assertEqual(200, self.page("/healthz")[0])

    def test_a_plan_that_has_no_time_for_all_says_what_it_knows(self):
        self.slow()
        said, plan = self.planned("--timeout", "4", code=1)
        self.assertFalse(said["complete"])
        self.assertEqual(14, said["wanted"])
        self.assertTrue(0 < len(plan) < 14, plan)
        self.assertEqual({"leave"}, {each["action"] for each in plan.values()})
        self.assertIn("the time was over: ", self.ctl("plan", "--timeout", "1", code=1))

    def test_a_plan_and_the_rounds_together_read_no_more_than_the_store_allows(self):
        self.slow()
        self.begin_plan()
        before, since = len(self.kms.requests()), time.monotonic()
        self.ctl("sync", "--all")
        time.sleep(6.5)
        read, span = len(self.kms.requests()) - before, time.monotonic() - since
        self.assertGreater(read, 6, "neither of both went on")
        self.assertLess(read, 2 * span + 3, "more than two a second")

    def test_a_stop_does_not_wait_for_a_plan(self):
        daemon = self.slow()
        self.begin_plan()
        since = time.monotonic()
        daemon.stop()
        self.assertLess(time.monotonic() - since, 5)

    def test_without_a_daemon_its_program_judges_and_that_is_said(self):
        self.store_members = {}
        self.latest = self.daemon(self.configuration(self.secret("s", a="a")))
        done = self.run_ctl("plan")
        self.assertIn("no daemon listens at", done.stderr)
        self.assertIn("this is judged offline", done.stderr)
        self.ctl("plan", "--in-force", code=3, error="no configuration is in force")
        text = self.offline("plan", self.latest)
        self.assertEqual("the configuration on disk, without the running daemon:",
                         self.plain(text)[0])
        self.ctl("plan", "--in-force", "--offline", code=2)
