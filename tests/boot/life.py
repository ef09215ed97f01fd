# SPDX-License-Identifier: Apache-2.0
"""The life of kms-secretd on a node, from apt install to apt purge. The chapters build on each
other and run in the order in which they stand here."""

import re
import unittest

from harness.runner import sentence
from node import CREDENTIALS_AUTH, ETC, NAMESPACE, OLDER, Node, Observer

UNIT = "kms-secretd.service"
DROP_INS = f"/etc/systemd/system/{UNIT}.d"


class Life(unittest.TestCase):
    """One node for all chapters."""

    node = None

    def setUp(self):
        self.machine = self.node.machine

    def failure_logs(self):
        return self.machine.try_run("systemctl", "status", "--no-pager", "-n", "25", UNIT).stdout

    def main_pid(self):
        return int(self.machine.show("MainPID"))

    def wait_for_restart(self, before):
        """Until another process is the daemon and says that it is ready."""
        def restarted():
            return (self.main_pid() not in (0, before)
                    and self.machine.show("ActiveState") == "active")
        self.machine.wait_for(restarted, "systemd has restarted the daemon")

    def process_status(self, name):
        text = self.machine.run("cat", f"/proc/{self.main_pid()}/status")
        return re.search(rf"(?m)^{name}:\s*(.*)$", text)[1]

    def limits(self):
        return self.machine.run("cat", f"/proc/{self.main_pid()}/limits")

    def drop_in(self, name, text):
        self.machine.write(f"{DROP_INS}/{name}.conf", "[Service]\n" + text)
        self.machine.run("systemctl", "daemon-reload")

    # Install.

    def test_apt_installs_the_packages_and_starts_nothing_unconfigured(self):
        self.machine.run("apt-get", "-qy", "install", *self.node.packages("old"))
        self.assertEqual("inactive", self.machine.show("ActiveState"))
        self.assertEqual("disabled", self.machine.show("UnitFileState"))
        self.assertEqual("", self.machine.run("systemctl", "--failed", "--plain", "--no-legend"))

    def test_the_configuration_is_for_root_and_the_daemon_only(self):
        listed = self.machine.run("stat", "-c", "%a %U:%G %n", ETC, f"{ETC}/conf.d",
                                  f"{ETC}/kms-secretd.toml")
        self.assertEqual([f"750 root:kms-secretd {ETC}", f"750 root:kms-secretd {ETC}/conf.d",
                          f"640 root:kms-secretd {ETC}/kms-secretd.toml"], listed.splitlines())

    def test_the_sample_configuration_says_what_is_missing(self):
        done = self.machine.try_run("kms-secretd", "--check-config")
        self.assertEqual(1, done.returncode)
        self.assertIn(f"{ETC}/kubeconfig", done.stderr)

    def test_an_unconfigured_start_leaves_the_mistake_in_the_status_line(self):
        self.machine.try_run("systemctl", "start", UNIT)
        status = self.node.wait_for_status("the configuration was refused")
        self.assertIn("kms-secretd.toml:", status)
        self.assertIn(f"{ETC}/kubeconfig", status)
        self.machine.run("systemctl", "stop", UNIT)
        self.machine.try_run("systemctl", "reset-failed", UNIT)

    # Run.

    def test_a_configured_daemon_starts_and_the_secret_arrives(self):
        self.node.plant("prod/db", "canary-first-value-of-db")
        self.node.write_login()
        self.node.configure(("db", "prod/db"))
        self.node.grant()
        self.machine.run("systemctl", "enable", "--now", UNIT)
        self.assertEqual("active", self.machine.show("ActiveState"))
        self.node.wait_for_value("canary-first-value-of-db")

    def test_systemctl_status_says_in_one_line_how_all_fares(self):
        self.node.wait_for_status("1 of 1 secrets in sync")
        shown = self.machine.run("systemctl", "status", UNIT)
        self.assertRegex(shown, r'Status: "leads since \S+; 1 of 1 secrets in sync"')
        self.assertIn("Docs: man:kms-secretd(8)", shown)

    def test_it_runs_as_its_own_user_and_without_privileges(self):
        uid = self.machine.run("id", "-u", "kms-secretd").strip()
        self.assertEqual([uid] * 4, self.process_status("Uid").split())
        self.assertEqual(0, int(self.process_status("CapEff"), 16))
        self.assertEqual(0, int(self.process_status("CapBnd"), 16))
        self.assertEqual("1", self.process_status("NoNewPrivs"))
        self.assertEqual("2", self.process_status("Seccomp"))
        self.assertRegex(self.limits(), r"Max core file size\s+0\s+0 ")

    def test_its_memory_is_locked_and_where_it_may_not_be_the_journal_says_so(self):
        locked = int(self.process_status("VmLck").split()[0])
        warned = "LimitMEMLOCK" in self.machine.journal("KMS_SECRETD_EVENT=MEMORY_UNLOCKED")
        # A container cannot have more than the machine below it gives.
        may = re.search(r"Max locked memory\s+unlimited", self.limits()) is not None
        self.assertEqual((may, may), (locked > 1000, not warned))

    def test_systemd_measures_an_exposure_below_one_and_a_half(self):
        shown = self.machine.run("systemd-analyze", "security", "--no-pager", UNIT)
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", shown)[1]
        self.assertLess(float(exposure), 1.5)

    def test_a_rotation_arrives(self):
        self.node.plant("prod/db", "canary-second-value-of-db", known=True)
        self.node.wait_for_value("canary-second-value-of-db")

    def test_journalctl_x_explains_a_line(self):
        lines = self.machine.journal("-x", "KMS_SECRETD_EVENT=SECRET_CREATED")
        self.assertIn(f"{NAMESPACE}/db: created", lines)
        self.assertIn("Subject: kms-secretd: SECRET_CREATED (notice)", lines)
        self.assertIn("The Secret did not exist and was written.", lines)

    def test_the_journal_can_be_asked_by_secret(self):
        lines = self.machine.journal(f"KMS_SECRETD_NAMESPACE={NAMESPACE}", "KMS_SECRETD_SECRET=db")
        self.assertIn("updated", lines)
        self.assertNotIn("STARTED", self.machine.journal("KMS_SECRETD_SECRET=none"))

    def test_the_journal_can_be_asked_by_a_key_that_was_written(self):
        lines = self.machine.journal("KMS_SECRETD_SECRET=db", "KMS_SECRETD_KEYS_ADDED=value")
        self.assertIn(f"{NAMESPACE}/db: created", lines)
        self.assertNotIn(f"{NAMESPACE}/db: updated", lines)

    # Reload.

    def test_a_good_reload_adds_a_secret_in_the_same_process(self):
        before, version = self.main_pid(), self.node.version()
        self.node.plant("prod/api", "canary-first-value-of-api")
        self.node.configure(("db", "prod/db"), ("api", "prod/api"))
        self.node.grant()
        self.machine.run("systemctl", "reload", UNIT)
        self.node.wait_for_value("canary-first-value-of-api", "api")
        self.assertEqual((before, version), (self.main_pid(), self.node.version()))
        self.node.wait_for_status("2 of 2 secrets in sync")

    def test_a_bad_reload_fails_and_the_old_configuration_works_on(self):
        before = self.main_pid()
        self.node.configure(more='[[secret]]\nnmae = "x"\n')
        done = self.machine.try_run("systemctl", "reload", UNIT)
        self.assertNotEqual(0, done.returncode)
        self.assertEqual((before, "active"), (self.main_pid(), self.machine.show("ActiveState")))
        self.node.plant("prod/db", "canary-third-value-of-db", known=True)
        self.node.wait_for_value("canary-third-value-of-db")

    def test_the_status_line_and_the_journal_say_what_was_refused(self):
        status = self.node.wait_for_status("the new configuration is refused since")
        self.assertIn("2 of 2 secrets in sync", status)
        lines = self.machine.journal("KMS_SECRETD_EVENT=RELOAD_FAILED")
        self.assertRegex(lines, r"kms-secretd\.toml:\d+:\d+: .*nmae")

    def test_a_mended_reload_ends_that(self):
        self.node.configure()
        self.machine.run("systemctl", "reload", UNIT)
        self.machine.wait_for(lambda: self.node.status().endswith("2 of 2 secrets in sync"),
                              "the refusal is gone from the status line")

    # Trouble.

    def test_an_outage_of_kms_changes_no_secret_and_the_status_says_since_when(self):
        version = self.node.version()
        self.node.kms.outage()
        status = self.node.wait_for_status("failing:")
        self.assertRegex(status, rf"failing: {NAMESPACE}/\S+ \(\w+.*\) since 20\d\d-")
        self.assertEqual(version, self.node.version())
        self.node.kms.back()
        self.node.wait_for_status("2 of 2 secrets in sync", 150)

    def test_a_killed_daemon_is_restarted(self):
        before, version = self.main_pid(), self.node.version()
        self.machine.run("kill", "-9", str(before))
        self.wait_for_restart(before)
        self.assertEqual(("1", version), (self.machine.show("NRestarts"), self.node.version()))
        self.node.wait_for_status("2 of 2 secrets in sync")

    def test_a_daemon_that_stands_still_is_restarted_by_the_watchdog(self):
        self.drop_in("quick", "WatchdogSec=4s\n")
        self.machine.run("systemctl", "restart", UNIT)
        before = self.main_pid()
        self.machine.run("kill", "-STOP", str(before))
        self.wait_for_restart(before)
        self.assertIn("Watchdog timeout", self.machine.journal())
        self.node.wait_for_status("2 of 2 secrets in sync")

    def test_a_daemon_that_works_is_left_alone_by_a_quick_watchdog(self):
        before = self.main_pid()
        reads = len(self.node.kms.requests())
        self.machine.wait_for(lambda: len(self.node.kms.requests()) >= reads + 6,
                              "more polls than the watchdog has patience")
        self.assertEqual(before, self.main_pid())

    # Credentials.

    def test_encrypted_credentials_replace_the_files(self):
        for part in ("id", "secret"):
            self.machine.run("mkdir", "-p", "/etc/credstore.encrypted")
            self.machine.run("systemd-creds", "encrypt", "--with-key=host", f"--name=ak-{part}", "-",
                             f"/etc/credstore.encrypted/ak-{part}",
                             input=self.node.kms.access_key[part])
            self.machine.run("rm", f"{ETC}/ak-{part}")
        self.drop_in("credentials", "".join(
            f"LoadCredentialEncrypted=ak-{part}:/etc/credstore.encrypted/ak-{part}\n"
            for part in ("id", "secret")))
        self.node.auth = CREDENTIALS_AUTH
        self.node.configure()
        self.machine.run("systemctl", "restart", UNIT)
        self.node.plant("prod/db", "canary-fourth-value-of-db", known=True)
        self.node.wait_for_value("canary-fourth-value-of-db")

    def test_a_reload_works_with_credentials(self):
        self.machine.run("systemctl", "reload", UNIT)
        self.node.wait_for_status("2 of 2 secrets in sync")

    def test_a_credential_whose_source_was_written_again_is_said_until_a_restart(self):
        self.machine.run("touch", "/etc/credstore.encrypted/ak-id")
        self.machine.wait_for(
            lambda: "CREDENTIAL_OUTDATED" in self.machine.run("journalctl", "-u", UNIT, "-o", "json"),
            "the journal says so")
        self.node.wait_for_status("newer than loaded: credential ak-id")
        self.machine.run("systemctl", "restart", UNIT)
        self.node.wait_for_status("2 of 2 secrets in sync")
        self.assertNotIn("newer than loaded", self.machine.show("StatusText"))

    # Upgrade.

    def test_values_keys_and_tokens_lie_wherever_package_scripts_could_look(self):
        for path in self.node.plant_on_the_disk():
            self.assertTrue(self.machine.exists(path), path)
        self.machine.run("systemctl", "reload", UNIT)
        self.node.wait_for_status("2 of 2 secrets in sync")

    def test_an_upgrade_restarts_the_daemon_and_leaves_the_secret_without_a_gap(self):
        before, version = self.main_pid(), self.node.version()
        self.assertIn(OLDER, self.machine.run("dpkg-query", "-W", "kms-secretd"))
        with Observer(self.node) as observer:
            self.machine.run("apt-get", "-qy", "install", *self.node.packages("new"))
            self.wait_for_restart(before)
            self.node.wait_for_status("2 of 2 secrets in sync")
        self.assertEqual({"canary-fourth-value-of-db"}, observer.seen)
        self.assertGreater(observer.looks, 5)
        self.assertEqual(version, self.node.version())
        self.assertNotIn(OLDER, self.machine.run("dpkg-query", "-W", "kms-secretd"))

    def test_the_upgrade_kept_configuration_and_drop_ins(self):
        self.assertIn('name = "api"', self.machine.run("cat", f"{ETC}/kms-secretd.toml"))
        self.assertEqual("enabled", self.machine.show("UnitFileState"))
        self.node.plant("prod/db", "canary-fifth-value-of-db", known=True)
        self.node.wait_for_value("canary-fifth-value-of-db")

    def test_a_new_plugin_alone_restarts_the_daemon_too(self):
        before = self.main_pid()
        plugin = next(path for path in self.node.packages("new") if "plugin-file" in path)
        self.machine.run("sleep", "1.1")  # systemd's time stamps have whole seconds
        self.machine.run("apt-get", "-qy", "--reinstall", "install", plugin)
        self.wait_for_restart(before)

    def test_the_maintainer_scripts_can_run_twice(self):
        before = self.main_pid()
        self.machine.run("dpkg-reconfigure", "kms-secretd")
        self.machine.run("/var/lib/dpkg/info/kms-secretd.postinst", "configure", OLDER)
        self.assertEqual("active", self.machine.show("ActiveState"))
        self.assertNotEqual(0, before)

    # Leave.

    def test_nothing_planted_stands_in_the_journal_or_in_what_apt_wrote(self):
        journal = self.machine.run("journalctl", "--no-pager", "-o", "export")
        self.assertIn("KMS_SECRETD_EVENT=SECRET_UPDATED", journal)
        for value in self.node.planted:
            self.assertNotIn(value, journal)
            # In /run/credentials systemd hands the daemon what was sealed, for root's eyes only.
            found = self.machine.try_run("grep", "-rlF", "--exclude-dir=credentials", value, "/etc",
                                         "/run", "/tmp", "/var/lib", "/var/log", "/var/tmp")
            self.assertEqual("", found.stdout)

    def test_a_removal_stops_the_daemon_and_keeps_the_secrets_and_the_configuration(self):
        self.machine.run("apt-get", "-qy", "remove", "kms-secretd")
        self.assertEqual("", self.machine.try_run("pgrep", "-x", "kms-secretd").stdout)
        self.assertEqual("canary-fifth-value-of-db", self.node.value())
        self.assertTrue(self.machine.exists(f"{ETC}/kms-secretd.toml"))

    def test_a_purge_takes_the_state_and_never_the_clusters_secrets(self):
        self.machine.write(f"{ETC}/conf.d/mine.toml", "# written by the admin\n")
        self.machine.run("apt-get", "-qy", "purge", "kms-secretd")
        for gone in (f"{ETC}/kms-secretd.toml", "/var/lib/kms-secretd", "/run/kms-secretd"):
            self.assertFalse(self.machine.exists(gone), gone)
        self.assertTrue(self.machine.exists(f"{ETC}/conf.d/mine.toml"))
        self.assertEqual(("canary-fifth-value-of-db", "canary-first-value-of-api"),
                         (self.node.value(), self.node.value("api")))

    def test_what_was_purged_can_be_installed_again(self):
        self.machine.run("apt-get", "-qy", "install", *self.node.packages("new"))
        self.assertEqual(("inactive", "disabled"), (self.machine.show("ActiveState"),
                                                    self.machine.show("UnitFileState")))
        self.assertTrue(self.machine.exists(f"{ETC}/kms-secretd.toml"))

    def test_no_package_script_told_what_was_planted_from_install_to_purge(self):
        said = "".join(self.machine.package_words)
        for package in ("kms-secretd", "kms-secretd-plugin-file"):
            self.assertIn(f"Setting up {package} ", said)
        for action in ("Removing kms-secretd", "Purging configuration files for kms-secretd"):
            self.assertIn(action, said)
        self.assertEqual([], self.node.shown_by_packages())

    def test_a_package_script_that_tells_would_be_found(self):
        self.node.install_a_package_that_tells(f"{ETC}/conf.d/planted.toml")
        self.assertEqual(["configuration"], self.node.shown_by_packages())


def names():
    return [name for name in vars(Life) if name.startswith("test_")]


def chapters():
    return [sentence(Life(name)) for name in names()]


def story(machine, debs, work, last):
    """The chapters in their order; `last` names the one to end with."""
    node = Node(machine, debs, work)

    class Running(Life):
        """With its node."""

        @classmethod
        def setUpClass(cls):
            cls.node = node
            node.start()

        @classmethod
        def tearDownClass(cls):
            node.stop()

    chosen = []
    for name in names():
        chosen.append(Running(name))
        if last and last in name:
            break
    return unittest.TestSuite(chosen)
