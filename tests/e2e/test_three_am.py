# SPDX-License-Identifier: Apache-2.0
"""What an admin reads at 3 a.m.: the status line of `systemctl status`, the journal and `kms-secretctl
status` say what, since when, what is affected and what to do. Whole outputs are compared with
tests/fixtures/three_am (KMS_SECRETD_WRITE_THREE_AM=1 writes them anew: read the difference)."""

import os
import re

from harness import control, setup
from harness.manager import ServiceManager
from harness.process import wait_until
from harness.suite import CHECKOUT, EndToEndTest

PAGES = CHECKOUT / "tests" / "fixtures" / "three_am"
RBAC = "/apis/rbac.authorization.k8s.io/v1"


class ThreeAm(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.maxDiff = None
        self.kms = self.emulator()
        for name in ("prod/db", "prod/mail"):
            self.kms.put_secret(name, "a value")
        self.user = f"kms-secretd-{self.namespace}"
        self.cluster.restricted_user(self.user, self.namespace, [
            {"apiGroups": [""], "resources": ["secrets"], "verbs": setup.SECRET_VERBS},
            {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]}])
        self.kubeconfig = self.cluster.kubeconfig(
            self.directory / "kubeconfig", self.cluster.authority.client(self.user))
        self.socket = self.directory / "c.sock"
        self.manager = ServiceManager(self.directory / "notify")
        self.addCleanup(self.manager.close)

    def configuration(self, *parts, interval="5s"):
        return setup.configuration(self.kubeconfig, f'[control]\nsocket = "{self.socket}"\n', *parts,
                                   interval=interval)

    def secrets(self, store="shared"):
        return [setup.secret(self.namespace, name, {"password": {"source": f"prod/{name}",
                                                                 "store": store}})
                for name in ("db", "mail")]

    def in_sync(self, *parts, interval="5s"):
        """A daemon whose two Secrets are in sync; what it says from now on is looked at."""
        daemon = self.daemon(self.configuration(*parts, interval=interval),
                             env=self.manager.environment)
        daemon.start()
        self.manager.wait_for("2 of 2 secrets in sync")
        daemon.before = len(daemon.process.log())
        return daemon

    def plain(self, text):
        """The text without what differs from run to run."""
        for pattern, word in (
                (re.escape(str(self.directory)), "DIR"), (re.escape(self.user), "USER"),
                (re.escape(self.namespace), "NS"),
                (r"daemon-[a-z0-9_]{8}", "DAEMON"), (r"127\.0\.0\.1:\d+", "HOST"),
                (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?", "TIME"),
                (r"(\bup |\bends in |\bended |\()\d+ (s|min|h|hours|days|minutes)\b", r"\1SPAN"),
                (r"\d+ due, \d+ under way", "N due, N under way"),
                (r"kms-secretd \d+\.\d+\.\d+", "kms-secretd V"),
                (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b", "ID"), (r" +$", ""),
                (r"(?<=\S)  +", "  ")):  # the columns' widths go with what was replaced
            text = re.sub(pattern, word, text, flags=re.MULTILINE)
        return text

    def lines(self, daemon):
        """Each line once; which of two Secrets is looked at first is nobody's to say."""
        return sorted(set(self.plain(daemon.process.log()[daemon.before:]).splitlines()))

    def status_line(self):
        """The one that failed first stands for both."""
        return re.sub(r"failing: NS/(db|mail)", "failing: NS/NAME", self.plain(self.manager.status()))

    def screen(self):
        """kms-secretctl status, with the failing ones by name."""
        head, *troubles = re.split(r"\n\n(?=NS/)",
                                   self.plain(control.ctl(self.socket, "status")).rstrip("\n"))
        return "\n\n".join([head, *sorted(troubles)]) + "\n"

    def check(self, name, daemon):
        page = "\n".join(["$ systemctl status kms-secretd", f'     Status: "{self.status_line()}"', "",
                          "$ journalctl -u kms-secretd", *self.lines(daemon), "",
                          "$ kms-secretctl status", self.screen()])
        path = PAGES / f"{name}.txt"
        if os.environ.get("KMS_SECRETD_WRITE_THREE_AM"):
            path.write_text(page)
        self.assertEqual(path.read_text(), page)

    def failing(self, daemon, *texts, asking=False):
        """Waits until both Secrets fail, every text was said and the status line knows. asking: for
        rounds meanwhile, because a store that refused its login rests for a minute."""
        def settled():
            log, status = daemon.process.log()[daemon.before:], self.manager.status()
            screen = control.ctl(self.socket, "status")
            known = "2 failing" in status and "2 failing" in screen
            if asking and not known:
                control.ctl(self.socket, "sync", "--all")
            # What was asked for may be under way; it ends with the store at rest again.
            resting = "refuses the login" in screen or not asking
            return known and resting and all(text in log for text in texts)
        wait_until(settled, f"both fail and {texts} is said", 90, daemon.process, every=0.5)

    def test_kms_is_down(self):
        daemon = self.in_sync(setup.store(self.kms, self.directory), *self.secrets())
        self.kms.outage()
        self.failing(daemon, "STORE_SILENT", f"{self.namespace}/db", f"{self.namespace}/mail")
        self.check("kms_down", daemon)

    def test_the_rights_in_the_cluster_are_taken_away(self):
        daemon = self.in_sync(setup.store(self.kms, self.directory), *self.secrets())
        self.api.delete(f"{RBAC}/namespaces/{self.namespace}/rolebindings/{self.user}")
        self.failing(daemon, "APPLY_FAILED", "EVENTS_REFUSED", f"{self.namespace}/db", f"{self.namespace}/mail")
        self.check("rights_gone", daemon)

    def test_the_client_key_has_ended(self):
        instance = self.emulator("instance", flags=["--private-ca"])
        instance.settings(gateway="instance")
        for name in ("prod/db", "prod/mail"):
            instance.put_secret(name, "a value")
        setup.write_client_key(self.directory, instance.client_key("KAAP.night", expires_in=15))
        daemon = self.in_sync(setup.instance_store(instance, self.directory),
                              *self.secrets("instance"))
        daemon.wait_for_log("KAAP.night ended", timeout=60)
        self.failing(daemon, "expired at", f"{self.namespace}/db", f"{self.namespace}/mail",
                     asking=True)
        self.check("client_key_ended", daemon)

    def test_the_configuration_is_bad(self):
        parts = [setup.store(self.kms, self.directory), *self.secrets()]
        daemon = self.in_sync(*parts, interval="1h")
        daemon.configure(self.configuration(*parts, interval="1h").replace(
            '"prod/mail"', '"prod/mail"\nversionstage = "ACSPrevious"').replace(
                'store = "shared"', 'store = "share"', 1))
        daemon.reload()
        daemon.wait_for_log("the old one stays in force")
        wait_until(lambda: "refused" in self.manager.status(), "the status line knows", 20)
        self.check("configuration_bad", daemon)
        started = self.daemon(daemon.config_path.read_text(), env=self.manager.environment)
        self.assertEqual(1, started.run("--foreground").returncode)
        status = self.status_line()
        self.assertIn("not started: the configuration was refused: ", status)
        self.assertIn("kms-secretd.toml:", status)
