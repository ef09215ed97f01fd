# SPDX-License-Identifier: Apache-2.0
"""kms-secretctl and the control socket, against a running daemon, KMS and a real API server."""

import base64
import http.client
import json
import socket
import subprocess

from harness.ctl import CtlTest
from harness.process import free_port, wait_until


class WellTest(CtlTest):
    def test_status_says_in_one_screen_that_all_is_well(self):
        self.running(self.secret("s", a="a"))
        self.settled(s="in_sync")
        self.assertEqual([
            "kms-secretd VERSION, instance default, up SPAN, ready",
            "secrets 1 of 1 in sync",
            "queue 0 due, 0 under way",
            "cluster https://HOST (poll)",
            "login client certificate ends in SPAN",
            "STORE BACKEND STATE CREDENTIAL WHO WE ARE",
            f"shared kms-endpoint answers - access_key, access key id ...{self.key_tail()}"],
            self.plain(self.ctl("status")))

    def key_tail(self):
        return self.kms.access_key["id"][-4:]

    def test_yaml_is_written_where_it_is_asked_for(self):
        self.running(self.secret("s", a="a"))
        self.settled(s="in_sync")
        described = self.ctl("describe", f"{self.namespace}/s", "-o", "yaml").splitlines()
        self.assertIn("state: in_sync", described)
        self.assertIn("- store: shared", described)
        self.assertIn("  name: s", self.ctl("list", "-o", "yaml").splitlines())
        self.assertIn("stores:", self.ctl("status", "-o", "yaml").splitlines())

    def test_describe_tells_when_kms_means_to_rotate_a_source(self):
        self.kms.put_secret("rds", '{"AccountPassword":"1"}', type="Rds",
                            automatic_rotation="Enabled", rotation_interval="604800s",
                            next_rotation="2030-01-01T00:00:00Z")
        self.running(self.secret("s", a="rds"))
        self.settled(s="in_sync")
        shown = self.ctl("describe", f"{self.namespace}/s")
        self.assertIn("shared/rds by KMS at 2030-01-01T00:00:00Z", shown)

    def test_list_and_describe_show_targets_with_sources_and_history(self):
        self.running(self.secret("s", a="a"))
        self.settled(s="in_sync")
        self.assertEqual([
            "NAMESPACE NAME STATE CAUSE FOR LAST SUCCESS NEXT IN",
            "NS s in_sync - SPAN SPAN ago SPAN"], self.plain(self.ctl("list")))
        self.assertEqual(f"{self.namespace}/s\n", self.ctl("list", "-o", "name"))
        shown = self.plain(self.ctl("describe", f"{self.namespace}/s"))
        self.assertEqual("NS/s is in_sync", shown[0])
        self.assertIn("type Opaque", shown)
        self.assertIn("last TIME, created (never_seen, N ms)", shown)
        self.assertTrue(any(line == "a shared a - v1" for line in shown), shown)
        self.assertIn("TIME created -", shown)
        described = json.loads(self.ctl("describe", f"{self.namespace}/s", "-o", "json"))
        self.assertEqual("in_sync", described["state"])
        self.assertEqual(1, described["rounds"])

    def test_what_is_not_defined_is_said(self):
        self.running(self.secret("s", a="a"))
        self.ctl("describe", f"{self.namespace}/none", code=1, error="defines no secret")
        self.ctl("describe", "nonsense", code=2, error="NAMESPACE/NAME")
        self.ctl("sync", f"{self.namespace}/none", code=1, error="no such secret or store")
        self.ctl("sync", code=2)
        self.ctl("sync", "a/b", "--all", code=2)

    def test_sync_brings_a_new_value_long_before_its_interval(self):
        self.running(self.secret("s", a="a"), self.secret("t", a="a"))
        self.settled(s="in_sync", t="in_sync")
        for number, wish in enumerate(([f"{self.namespace}/s"], ["--store", "shared"], ["--all"])):
            # Equal reads are answered from memory for five seconds.
            value = str(number + 2)
            self.kms.rotate("a", value)
            def arrived(wish=wish, value=value):
                self.ctl("sync", *wish, "--wait")
                return self.api.secret_data(self.namespace, "s") == {"a": value.encode()}
            wait_until(arrived, "the value arrives", 30)
        said = self.ctl("sync", "--all", "--wait")
        self.assertEqual({"NS/s: in_sync", "NS/t: in_sync"}, set(self.plain(said)))

    def test_version_tells_both(self):
        self.running(self.secret("s", a="a"))
        self.assertRegex(self.ctl("version"), r"kms-secretctl \S+\nkms-secretd \S+ \(running\)\n")


class AwayTest(CtlTest):
    def test_a_daemon_that_is_away_is_said_with_its_own_exit_code(self):
        for words in (["status"], ["list"], ["describe", "a/b"], ["sync", "--all"]):
            self.ctl(*words, code=3, error="is the daemon running?")
        self.assertIn("not running", self.ctl("version"))

    def test_validate_and_rbac_ask_the_daemons_own_program(self):
        daemon = self.daemon(self.configuration(self.secret("s", a="a")))
        how = ["--config", str(daemon.config_path), "--daemon", str(daemon.program)]
        # The installed plugin directory is not there in a build tree.
        self.ctl("validate", *how, code=1, error="plugin")
        self.assertIn("good: 1 secrets", self.offline("validate", daemon))
        self.assertIn("resourceNames", self.offline("rbac", daemon))
        daemon.configure(self.configuration(self.secret("s", a="a")).replace("interval", "intervall"))
        self.ctl("validate", *how, code=1, error="intervall")
        self.ctl("validate", "--daemon", "/nowhere/at/all", code=1, error="cannot be run")

    def test_completion_scripts_are_accepted_by_their_shell(self):
        script = self.directory / "completion"
        script.write_text(self.ctl("completion", "bash"))
        checked = subprocess.run(
            ["bash", "-c", f"source {script}; COMP_WORDS=(kms-secretctl st) COMP_CWORD=1; "
             "_kms_secretctl; echo ${COMPREPLY[@]}"], capture_output=True, text=True, check=False)
        self.assertEqual("status\n", checked.stdout, checked.stderr)
        for shell in ("zsh", "fish"):
            self.assertIn("describe", self.ctl("completion", shell))
        self.ctl("completion", "tcsh", code=2)


class TroubleTest(CtlTest):
    def trouble(self):
        """Of the one failing secret: heading, since, why, effect, do."""
        lines = self.plain(self.ctl("status", code=1))
        at = next(i for i, line in enumerate(lines) if line.startswith("NS/s is failing"))
        return lines, lines[at:at + 5]

    def test_a_silent_kms_is_said_with_what_it_means_and_what_to_do(self):
        self.running(self.secret("s", a="a"), interval="5s")
        self.settled(s="in_sync")
        self.kms.outage()
        self.settled(s="failing")
        lines, (heading, since, why, effect, remedy) = self.trouble()
        self.assertEqual("secrets 0 of 1 in sync, 1 failing", lines[[
            i for i, line in enumerate(lines) if line.startswith("secrets")][0]])
        self.assertEqual("NS/s is failing: unavailable", heading)
        self.assertEqual("since TIME (SPAN ago)", since)
        self.assertIn("shared/a", why)
        self.assertEqual("effect the Secret keeps the values of TIME; "
                         "changes in the store do not arrive", effect)
        self.assertRegex(remedy, "^do .+")
        wait_until(lambda: "does not answer" in self.ctl("status", code=1),
                   "the store is said to be silent", 90)
        self.assertEqual(503, self.page("/readyz")[0])
        self.assertIn("store shared does not answer", self.page("/readyz")[1])
        self.assertEqual(200, self.page("/healthz")[0])
        self.kms.back()
        wait_until(lambda: self.states() == {"s": "in_sync"}, "all is well again", 90)
        self.ctl("status")

    def test_missing_rights_are_said(self):
        identity = self.cluster.authority.client(f"nobody-{self.namespace}")
        self.kubeconfig = self.cluster.kubeconfig(self.directory / "nobody", identity)
        self.running(self.secret("s", a="a"))
        self.settled(s="failing")
        _, (heading, _, why, effect, remedy) = self.trouble()
        self.assertEqual("NS/s is failing: forbidden", heading)
        self.assertIn("NS", why)
        self.assertIn("was not brought up to date since the daemon started", effect)
        self.assertRegex(remedy, "^do .+")

    def test_a_refused_configuration_is_said_until_it_is_mended(self):
        daemon = self.running(self.secret("s", a="a"))
        self.settled(s="in_sync")
        good = daemon.config_path.read_text()
        daemon.configure(good + "nonsense\n")
        daemon.reload()
        daemon.wait_for_log("the old one stays in force")
        lines = self.plain(self.ctl("status", code=1))
        self.assertIn("config refused since TIME (SPAN ago); the one before it is in force: "
                      "kms-secretctl validate names the mistakes", lines)
        daemon.configure(good)
        daemon.reload()
        wait_until(lambda: json.loads(self.page("/v1/status")[1])["configuration_refused_since"]
                   is None, "the configuration is taken")
        self.ctl("status")


class MetricsTest(CtlTest):
    def series(self, text):
        return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))

    def test_series_come_and_go_with_their_target(self):
        daemon = self.running(self.secret("s", a="a"), self.secret("t", a="a"))
        self.settled(s="in_sync", t="in_sync")
        name = 'kms_secretd_secret_in_sync{cluster="default",namespace="%s",name="%s"}'
        series = self.series(self.page("/metrics")[1])
        self.assertEqual("1", series[name % (self.namespace, "s")])
        self.assertEqual("1", series[name % (self.namespace, "t")])
        calls = 'kms_secretd_store_calls_total{store="shared",operation="fetch",outcome="ok",code=""}'
        self.assertEqual("1", series[calls])
        self.assertEqual("2", series['kms_secretd_rounds_total{outcome="created"}'])
        daemon.configure(self.configuration(self.secret("s", a="a")))
        daemon.reload()
        daemon.wait_for_log("RELOADED")
        series = self.series(self.page("/metrics")[1])
        self.assertIn(name % (self.namespace, "s"), series)
        self.assertFalse([each for each in series if '"t"' in each])

    def test_tcp_serves_metrics_only_and_only_to_its_own_names(self):
        port = free_port()
        self.running(f'[metrics]\nlisten = "127.0.0.1:{port}"\n', self.secret("s", a="a"))
        def answer(path, host):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path, headers={"Host": host})
            return connection.getresponse().status
        self.assertEqual(200, answer("/metrics", f"127.0.0.1:{port}"))
        self.assertEqual(200, answer("/healthz", "localhost"))
        self.assertEqual(421, answer("/metrics", "rebound.example"))
        self.assertEqual(404, answer("/v1/status", f"127.0.0.1:{port}"))

    def test_a_port_in_use_is_said_and_work_goes_on(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            daemon = self.daemon(self.configuration(
                f'[metrics]\nlisten = "127.0.0.1:{port}"\n', self.secret("s", a="a")))
            daemon.start()
            daemon.wait_for_log("CONTROL_UNAVAILABLE")
            daemon.wait_for_log("SECRET_CREATED")


class CanaryTest(CtlTest):
    VALUES = ("canary-Zq8rT1xW", "canary-" + "Lk3vN9" * 100)

    def test_no_value_key_or_token_is_on_the_socket_or_in_the_log(self):
        for number, value in enumerate(self.VALUES):
            self.kms.put_secret(f"canary-{number}", value)
        daemon = self.running(self.secret("s", a="canary-0", b="canary-1"),
                              self.secret("t", a="absent"))
        self.settled(s="in_sync", t="failing")
        self.kms.deny("canary-0")
        self.ctl("sync", f"{self.namespace}/s", "--wait", code=None)
        everything = [daemon.process.log(), self.ctl("status", code=None), self.ctl("list"),
                      self.ctl("describe", f"{self.namespace}/s"), self.ctl("sync", "--all")]
        for path in ("/v1/status", "/v1/targets", f"/v1/targets/{self.namespace}/s", "/metrics",
                     f"/v1/targets/{self.namespace}/t", "/healthz", "/readyz"):
            everything.append(self.page(path)[1])
        everything.append(self.page("/v1/sync", "POST", '{"all": true}')[1])
        text = "\n".join(everything)
        self.assertIn(f"{self.namespace}", text)  # so the scan looks at something
        for secret in (*self.VALUES, self.kms.access_key["secret"]):
            for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")):
                self.assertNotIn(form, text)

    def ctl(self, *words, code=0, error=""):
        if code is not None:
            return super().ctl(*words, code=code, error=error)
        done = self.run_ctl(*words)
        return done.stdout + done.stderr
