# SPDX-License-Identifier: Apache-2.0
"""What kms-secretctl finds out without a running daemon: doctor, plan, render."""

import base64
import json
import subprocess

from harness import setup
from harness.ctl import CtlTest


class DoctorTest(CtlTest):
    def checks(self, daemon, code=0):
        said = json.loads(self.offline("doctor", daemon, "-o", "json", code=code))
        return {(each["check"], each["level"]): each for each in said["checks"]}

    def test_all_that_is_well_is_said_in_one_line_each(self):
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        daemon.config_path.chmod(0o600)
        lines = self.plain(self.offline("doctor", daemon))
        for expected in (
                "good configuration DIR/DAEMON/kms-secretd.toml is good: 1 secrets from 1 stores",
                "good tls HOST answers", "good clock this host and", "good permission shared/a may be read",
                "good api https://HOST answers, Kubernetes v",
                "good rights we have all of the ", "good quota store shared: 1 distinct reads",
                "hint encryption whether", "good files"):
            self.assertTrue(any(expected in line or line.startswith(expected) for line in lines),
                            f"{expected}: {lines}")
        self.assertRegex(lines[-1], r"^\d+ hint, \d+ good$")

    def test_what_is_missing_is_named_with_what_to_do(self):
        who = f"nobody-{self.namespace}"
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "nobody",
                                                  self.cluster.authority.client(who))
        self.kms.deny("a")
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        daemon.config_path.chmod(0o666)
        (self.directory / "shared-access-key-secret").chmod(0o644)
        found = self.checks(daemon, code=1)
        rights = found["rights", "bad"]
        self.assertIn(f"get secrets {self.namespace}/s", rights["what"])
        self.assertEqual("kms-secretctl rbac | kubectl apply -f -", rights["do"])
        self.assertIn("shared/a may not be read", found["permission", "bad"]["what"])
        self.assertIn("access-key-secret", found["files", "bad"]["what"])

    def test_the_rights_of_rbac_are_enough(self):
        user = f"daemon-{self.namespace}"
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "daemon.conf",
                                                  self.cluster.authority.client(user))
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        printed = self.offline("rbac", daemon)
        self.assertIn(("rights", "bad"), self.checks(daemon, code=1))
        self.api.apply_manifest(printed.replace('name: "kms-secretd"\n', f'name: "{user}"\n'))
        self.assertIn(("rights", "good"), self.checks(daemon))

    def test_a_peer_that_is_not_there_is_named(self):
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        self.kms.kill()
        found = self.checks(daemon, code=1)
        self.assertIn("127.0.0.1", found["tls", "bad"]["what"])

    def test_a_clock_that_is_wrong_is_said(self):
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        self.kms.settings(clock_offset=-3600)
        self.assertIn("ahead of", self.checks(daemon, code=1)["clock", "bad"]["what"])

    def test_a_refused_configuration_is_the_first_thing_said(self):
        daemon = self.daemon(self.configuration(self.secret("s", a="a")) + "nonsense = 1\n")
        found = self.checks(daemon, code=1)
        self.assertIn("nonsense", found["configuration", "bad"]["what"])

    def test_a_running_daemon_is_looked_at(self):
        daemon = self.running(self.secret("s", a="a"))
        self.settled(s="in_sync")
        said = json.loads(self.offline("doctor", daemon, "-o", "json"))
        memory = [each["what"] for each in said["checks"] if each["check"] == "memory"]
        self.assertTrue(all(f"process {daemon.process.pid}" in what for what in memory), memory)
        self.assertTrue(any("no core dump" in what for what in memory), memory)

    def test_no_value_and_no_key_is_ever_said(self):
        self.kms.put_secret("a", "canary-Zq8rT1xW")
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        said = self.offline("doctor", daemon) + self.offline("plan", daemon)
        for text in ("canary-Zq8rT1xW", self.kms.access_key["secret"]):
            self.assertNotIn(text, said)
            self.assertNotIn(base64.b64encode(text.encode()).decode().rstrip("="), said)


class PlanTest(CtlTest):
    def planned(self, *parts, code=0, names=()):
        self.latest = self.daemon(self.configuration(*parts))
        said = json.loads(self.offline("plan", self.latest, *names, "-o", "json", code=code))
        return {each["name"]: each for each in said["targets"]}

    def writes(self):
        return [event for event in self.cluster.audit_events(self.namespace)
                if event["verb"] in ("create", "patch", "update", "delete")
                and event["objectRef"]["resource"] == "secrets"
                and "dryRun=All" not in event["requestURI"]]

    def synced(self, *parts):
        done = self.daemon(self.configuration(*parts)).once()
        self.assertEqual(0, done.returncode, done.stderr)

    def test_before_the_first_start_every_secret_is_to_be_created_and_nothing_is_written(self):
        plan = self.planned(self.secret("s", a="a", b="a"))
        self.assertEqual("create", plan["s"]["action"])
        self.assertEqual({"a": "added", "b": "added"}, plan["s"]["keys"])
        self.assertFalse(self.api.exists(f"/api/v1/namespaces/{self.namespace}/secrets/s"))
        self.assertEqual([], self.writes())
        self.assertEqual(["the configuration on disk, without the running daemon:",
                          "NS/s: create (absent)", "added a, b",
                          "1 create; nothing was written"],
                         self.plain(self.offline("plan", self.latest)))

    def test_a_secret_in_sync_needs_nothing(self):
        self.synced(self.secret("s", a="a"))
        plan = self.planned(self.secret("s", a="a"))
        self.assertEqual(("leave", "in_sync"), (plan["s"]["action"], plan["s"]["reason"]))
        self.assertEqual({"a": "kept"}, plan["s"]["keys"])
        self.assertIn("NS/s: nothing to do", self.plain(self.offline("plan", self.latest)))

    def test_keys_that_change_come_and_go_are_named(self):
        for name in ("keep", "turn", "drop", "come"):
            self.kms.put_secret(name, f"{name} 1")
        self.synced(self.secret("s", keep="keep", turn="turn", drop="drop"))
        before = len(self.writes())
        self.kms.rotate("turn", "turn 2")
        plan = self.planned(self.secret("s", keep="keep", turn="turn", come="come"))
        self.assertEqual("update", plan["s"]["action"])
        self.assertEqual({"keep": "kept", "turn": "changed", "drop": "removed", "come": "added"},
                         plan["s"]["keys"])
        self.assertEqual(before, len(self.writes()))
        self.synced(self.secret("s", keep="keep", turn="turn", come="come"))
        self.assertEqual({"keep", "turn", "come"}, set(self.api.secret_data(self.namespace, "s")))

    def test_what_would_fail_or_be_refused_is_said_with_its_remedy(self):
        self.api.post(f"/api/v1/namespaces/{self.namespace}/secrets", {
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "foreign"},
            "data": {"a": base64.b64encode(b"other").decode()}})
        self.api.post(f"/api/v1/namespaces/{self.namespace}/secrets", {
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "equal"},
            "data": {"a": base64.b64encode(b"1").decode()}})
        parts = [self.secret("foreign", a="a"), self.secret("gone", a="absent"),
                 setup.secret(self.namespace, "equal", {"a": "a"}, adopt="if-equal")]
        plan = self.planned(*parts, code=1)
        self.assertEqual(("refuse", "foreign"),
                         (plan["foreign"]["action"], plan["foreign"]["reason"]))
        self.assertIn("adopt", plan["foreign"]["do"])
        self.assertIn("shared/absent", plan["gone"]["trouble"])
        self.assertEqual(("adopt", {"a": "kept"}),
                         (plan["equal"]["action"], plan["equal"]["keys"]))
        parts[0] = setup.secret(self.namespace, "foreign", {"a": "a"}, adopt="if-equal")
        plan = self.planned(*parts, code=1)
        self.assertIn("differs in a held by", plan["foreign"]["trouble"])
        parts[0] = setup.secret(self.namespace, "foreign", {"a": "a"}, adopt="force")
        plan = self.planned(*parts, code=1)
        self.assertEqual(("adopt", {"a": "changed"}),
                         (plan["foreign"]["action"], plan["foreign"]["keys"]))

    def test_only_those_that_are_named_are_planned(self):
        parts = (self.secret("s", a="a"), self.secret("t", a="a"))
        self.assertEqual({"t"}, set(self.planned(*parts, names=[f"{self.namespace}/t"])))
        self.offline("plan", self.latest, f"{self.namespace}/tt", code=1, error="did you mean")


class RenderTest(CtlTest):
    def test_render_takes_values_from_standard_input_and_shows_none(self):
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        done = self.run_ctl("render", f"{self.namespace}/s", "--config", str(daemon.config_path),
                            "--daemon", str(daemon.program), "--plugin-dir",
                            str(daemon.plugin_dir), stdin=None, input="hidden-word")
        self.assertEqual("a\t11 bytes\n", done.stdout, done.stderr)
        self.offline("render", daemon, f"{self.namespace}/s", "--show-values", code=1,
                     error="only to a terminal")


class ReloadOnChangeTest(CtlTest):
    ON = "[daemon]\nreload_on_change = true\n"

    def test_a_changed_file_is_taken_without_a_signal_where_that_is_wanted(self):
        daemon = self.running(self.ON, self.secret("s", a="a"))
        self.settled(s="in_sync")
        daemon.configure(self.configuration(self.ON, self.secret("s", a="a"),
                                            self.secret("t", a="a")))
        self.settled(s="in_sync", t="in_sync")
        parts = daemon.directory / "conf.d"
        parts.mkdir()
        (parts / "more.toml").write_text(self.secret("u", a="a"))
        self.settled(s="in_sync", t="in_sync", u="in_sync")
        (parts / "more.toml").rename(parts / "more.toml.off")
        self.settled(s="in_sync", t="in_sync")

    def test_a_mistake_is_refused_and_mended_by_the_next_change(self):
        daemon = self.running(self.ON, self.secret("s", a="a"))
        self.settled(s="in_sync")
        daemon.configure(self.configuration(self.ON, self.secret("s", a="a")) + "nonsense = 1\n")
        daemon.wait_for_log("the old one stays in force")
        daemon.configure(self.configuration(self.ON, self.secret("t", a="a")))
        self.settled(t="in_sync")
