# SPDX-License-Identifier: Apache-2.0
"""kms-secretd as a child process, with a configuration of its own."""

import os
import pathlib
import signal
import subprocess

from .process import Process, wait_until


class Daemon:
    """One configured daemon. config is the text of its TOML file; watch is told each process."""

    def __init__(self, build_dir, directory, config, *, watch=lambda process: process, env=None,
                 within=None):
        self.program = build_dir / "daemon" / "kms-secretd"
        self.plugin_dir = build_dir / "plugins"
        self.directory = pathlib.Path(directory)
        self.config_path = self.directory / "kms-secretd.toml"
        self.process = None
        self._watch = watch
        self._env = env
        self._within = within or (lambda argv: argv)  # what makes of argv the command to run
        self.directory.mkdir(parents=True, exist_ok=True)
        self.configure(config)

    def configure(self, config):
        """Replaces the configuration file; a running daemon sees it at reload()."""
        self.config_path.touch(mode=0o600)
        self.config_path.write_text(config)

    def command(self, *flags):
        return self._within([str(self.program), "--config", str(self.config_path),
                             "--plugin-dir", str(self.plugin_dir), *flags])

    def run(self, *flags, timeout=60.0, input=""):  # pylint: disable=redefined-builtin
        """Runs it to its end (--once, --check-config): a CompletedProcess with text."""
        return subprocess.run(self.command(*flags), input=input, capture_output=True,
                              text=True, errors="replace", check=False, timeout=timeout,
                              env=self._environment())

    def once(self, timeout=60.0):
        return self.run("--once", "--foreground", timeout=timeout)

    def start(self):
        """In the foreground, logging into a file; returns the Process."""
        self.process = self._watch(Process("kms-secretd", self.command("--foreground"),
                                           self.directory / "kms-secretd.log", env=self._env))
        return self.process

    def reload(self):
        self.process.send(signal.SIGHUP)

    def stop(self, timeout=10.0):
        return self.process.stop(timeout)

    def wait_for_log(self, text, timeout=30.0, count=1):
        """Waits until text stands in the log count times; returns the last line that has it."""
        def found():
            lines = [line for line in self.process.log().splitlines() if text in line]
            return lines[-1] if len(lines) >= count else None
        return wait_until(found, f"kms-secretd logs {text!r}", timeout, self.process)

    def _environment(self):
        return None if self._env is None else {**os.environ, **self._env}
