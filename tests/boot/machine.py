# SPDX-License-Identifier: Apache-2.0
"""A booted system in a container: systemd as process 1, in the network of the test."""

import contextlib
import os
import pathlib
import select
import signal
import subprocess

from harness.process import Process, StartError, wait_until

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "LANG": "C.UTF-8", "HOME": "/root", "TERM": "dumb", "DEBIAN_FRONTEND": "noninteractive",
               "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0", "SYSTEMD_URLIFY": "0"}


class CommandFailed(AssertionError):
    """A command in the machine did not end as wanted; the message has its output."""


class Machine:
    """systemd-nspawn on a tree. Use as a context manager."""

    def __init__(self, tree, log_path):
        self.tree = pathlib.Path(tree)
        self._log_path = log_path
        self._process = None
        self._leader = None
        self.package_words = []  # all that apt, dpkg and the maintainer scripts said

    def __enter__(self):
        # Without a network of its own it has the test's: the peers on its loopback, and no other.
        # nspawn forbids mlock to who has not this capability; a host's systemd does not.
        self._process = Process("systemd-nspawn", [
            "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe",
            "--capability=CAP_IPC_LOCK", "-b", "-D", self.tree], self._log_path)
        try:
            self._leader = wait_until(self._find_leader, "the container begins to boot", 30,
                                      self._process)
            wait_until(self.booted, "the container has booted", 120, self._process, every=0.3)
        except BaseException:
            self._process.kill()
            raise
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):  # it ended by itself
            self._end_container()
        self._process.kill()

    def _end_container(self):
        """With process 1 of the container all of it ends. Who kills systemd-nspawn alone may leave its
        journal daemon alive, which goes on writing into the tree while it is removed."""
        leader = os.pidfd_open(int(self._leader))
        try:
            signal.pidfd_send_signal(leader, signal.SIGKILL)
            select.select([leader], [], [], 30)
        finally:
            os.close(leader)

    def _find_leader(self):
        """Process 1 of the container: the child whose root is the tree."""
        done = subprocess.run(["ps", "-o", "pid=", "--ppid", self._nspawn()], capture_output=True,
                              text=True, check=False)
        for pid in done.stdout.split():
            try:
                if os.path.samefile(f"/proc/{pid}/root", self.tree):
                    return pid
            except OSError:
                pass
        return None

    def _nspawn(self):
        """setpriv has become systemd-nspawn: same process."""
        return str(self._process.pid)

    def booted(self):
        done = self.try_run("systemctl", "is-system-running")
        return done.stdout.strip() in ("running", "degraded")

    def try_run(self, *command, timeout=120.0, **how):
        """Runs a command in the machine, as root: a CompletedProcess with text."""
        inside = ["nsenter", "-t", self._leader, "-m", "-u", "-i", "-p", "-r", "-w", "--",
                  "env", "-i", *(f"{key}={value}" for key, value in ENVIRONMENT.items()),
                  *map(str, command)]
        how.setdefault("stdin", None if "input" in how else subprocess.DEVNULL)
        if how["stdin"] is None:
            del how["stdin"]
        done = subprocess.run(inside, capture_output=True, text=True, errors="replace",
                              check=False, timeout=timeout, **how)
        if str(command[0]).startswith(("apt-get", "dpkg", "/var/lib/dpkg/info/")):
            self.package_words += [done.stdout, done.stderr]
        return done

    def run(self, *command, **how):
        """The same, and it must succeed: its output."""
        done = self.try_run(*command, **how)
        if done.returncode != 0:
            words = " ".join(map(str, command))
            raise CommandFailed(f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def write(self, path, text, mode=0o644, group=None):
        """A file in the machine, made as an admin does it."""
        file = self.tree / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        file.chmod(mode)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        if group is not None:
            self.run("chgrp", group, path)

    def exists(self, path):
        return os.path.lexists(self.tree / path.lstrip("/"))

    # The unit.

    def show(self, name, unit="kms-secretd"):
        """One property of a unit."""
        return self.run("systemctl", "show", "-p", name, "--value", unit).strip()

    def wait_for(self, condition, what, timeout=60.0):
        try:
            return wait_until(condition, what, timeout, self._process, every=0.2)
        except StartError as error:
            raise CommandFailed(f"{error}\n{self.journal('-n', '30')}") from None

    def journal(self, *arguments, unit="kms-secretd"):
        return self.try_run("journalctl", "--no-pager", "-u", unit, *arguments).stdout

    def tail(self, lines=30):
        return self._process.tail(lines)
