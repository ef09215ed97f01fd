# SPDX-License-Identifier: Apache-2.0
"""The unit and its companions, against systemd's own tools."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

UNIT = pathlib.Path(os.environ["KMS_SECRETD_UNIT"])
PROGRAM = os.environ["KMS_SECRETD_PROGRAM"]
SYSTEMD = pathlib.Path(os.environ["KMS_SECRETD_SYSTEMD"])
# systemd-analyze counts in tenths of an exposure.
HIGHEST_EXPOSURE = 14


def run(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, check=False, **how)


def needs(tool):
    return unittest.skipUnless(shutil.which(tool), f"no {tool} on this machine")


class Unit(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kms-secretd-unit-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.unit = self.directory / "kms-secretd.service"
        # The program is not installed where the unit expects it.
        text = re.sub(r"(?m)^(Exec\w+=)\S+/kms-secretd\b", rf"\g<1>{PROGRAM}", UNIT.read_text())
        self.unit.write_text(text)

    def security(self, threshold):
        return run("systemd-analyze", "security", "--offline=true", "--no-pager",
                   f"--threshold={threshold}", str(self.unit))

    @needs("systemd-analyze")
    def test_the_exposure_is_below_one_and_a_half(self):
        done = self.security(HIGHEST_EXPOSURE)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    @needs("systemd-analyze")
    def test_a_unit_without_its_hardening_would_be_noticed(self):
        self.unit.write_text(self.unit.read_text().replace("NoNewPrivileges=yes\n", "")
                             .replace("SystemCallFilter=", "#"))
        self.assertNotEqual(0, self.security(HIGHEST_EXPOSURE).returncode)

    @needs("systemd-analyze")
    def test_systemd_understands_every_line(self):
        done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(self.unit))
        self.assertEqual(("", 0), (done.stderr, done.returncode))

    @needs("systemd-analyze")
    def test_the_drop_in_examples_are_understood(self):
        for example in sorted((SYSTEMD / "examples").glob("*.conf")):
            with self.subTest(example.name):
                drop_ins = self.directory / "kms-secretd.service.d"
                drop_ins.mkdir(exist_ok=True)
                shutil.copy(example, drop_ins / "example.conf")
                done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                           str(self.unit))
                self.assertEqual(("", 0), (done.stderr, done.returncode))

    def test_every_exception_to_the_hardening_is_explained(self):
        lines = self.unit.read_text().splitlines()
        for option in ("RestrictAddressFamilies", "PrivateNetwork", "RootDirectory"):
            with self.subTest(option):
                at = next(i for i, line in enumerate(lines) if option in line)
                block = "\n".join(lines[max(0, at - 3):at + 1])
                self.assertIn("# Exception", block)

    @needs("systemd-sysusers")
    def test_the_user_is_made_by_sysusers(self):
        root = self.directory / "root"
        (root / "etc").mkdir(parents=True)
        shutil.copy(SYSTEMD / "kms-secretd.sysusers", self.directory / "kms-secretd.conf")
        done = run("systemd-sysusers", f"--root={root}", "--dry-run",
                   str(self.directory / "kms-secretd.conf"))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("kms-secretd", done.stdout + done.stderr)

    @needs("journalctl")
    def test_the_journal_takes_the_catalogue(self):
        database = self.directory / "root/var/lib/systemd/catalog"
        catalogue = self.directory / "root/usr/lib/systemd/catalog"
        database.mkdir(parents=True)
        catalogue.mkdir(parents=True)
        shutil.copy(SYSTEMD / "kms-secretd.catalog", catalogue)
        done = run("journalctl", f"--root={self.directory}/root", "--update-catalog",
                   env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"})
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertTrue((database / "database").stat().st_size > 1000)


if __name__ == "__main__":
    unittest.main()
