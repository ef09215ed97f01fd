# SPDX-License-Identifier: Apache-2.0
"""The manual pages: well formed, and in step with the program and the configuration reference."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

DOCS = pathlib.Path(os.environ["KMS_SECRETD_DOCS"])
TOML_MANUAL = pathlib.Path(os.environ["KMS_SECRETD_TOML_MANUAL"])
MANUALS = [DOCS / "man/kms-secretctl.1", DOCS / "man/kms-secretd.8", DOCS / "man/kms-secretd-plugin.7", TOML_MANUAL]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Manuals(unittest.TestCase):
    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc on this machine")
    def test_mandoc_finds_nothing_to_say(self):
        for page in MANUALS:
            with self.subTest(page.name):
                # What is beyond "style" compares with the manuals of one operating system.
                done = run("mandoc", "-Tlint", "-Wwarning", str(page))
                self.assertEqual("", done.stdout + done.stderr)

    def test_the_manual_has_every_flag_of_the_program_and_no_other(self):
        usage = run(os.environ["KMS_SECRETD_PROGRAM"], "--help").stdout
        manual = (DOCS / "man/kms-secretd.8").read_text()
        told = set(re.findall(r"--([a-z][a-z-]+)", usage))
        written = set(re.findall(r"(?m)^\.(?:It )?Fl -([a-z][a-z-]+)", manual))
        self.assertEqual(told, written)

    def test_the_manual_of_the_command_line_has_every_command_and_flag_and_no_other(self):
        program = os.environ["KMS_SECRETD_CTL"]
        usage = run(program, "--help").stdout
        commands = re.findall(r"(?m)^  ([a-z]+) +\S", usage.split("Subcommands:")[1])
        pages = [usage, *(run(program, command, "--help").stdout for command in commands)]
        told = set(re.findall(r"--([a-z][a-z-]+)", "\n".join(pages))) - {"help"}
        manual = (DOCS / "man/kms-secretctl.1").read_text()
        options = re.findall(r"(?m)^\.It Fl (?:o , -|-)([a-z][a-z-]+)", manual)
        self.assertGreater(len(commands), 6)
        self.assertEqual(set(commands), set(re.findall(r"(?m)^\.It Cm ([a-z]+)$", manual)))
        self.assertEqual(told, set(options))

    def test_the_toml_manual_has_every_key_of_the_reference(self):
        page = (DOCS / "configuration.md").read_text()
        keys = re.findall(r"(?m)^\| `([a-z_.]+)` \|", page)
        manual = TOML_MANUAL.read_text()
        self.assertGreater(len(keys), 40)
        for key in keys:
            self.assertIn(f'.It Cm "{key}"', manual)


if __name__ == "__main__":
    unittest.main()
