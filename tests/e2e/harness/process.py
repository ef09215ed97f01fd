# SPDX-License-Identifier: Apache-2.0
"""Child processes that never outlive the run, with their output in a file."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import time

_running = []


def free_port():
    """A loopback port that the kernel says is free; whoever starts on it retries on a collision."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class StartError(Exception):
    """A peer did not come up; the message carries the end of its log."""


class Process:
    """One child: argv, a log file, and the promise that it is gone when this process is."""

    def __init__(self, name, argv, log_path, env=None, cwd=None):
        self.name = name
        self.argv = [str(word) for word in argv]
        self.log_path = log_path
        self._log = open(log_path, "ab")
        # setpriv asks the kernel to end the child even when this process is killed outright.
        self._popen = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *self.argv], stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True, cwd=cwd,
            env=None if env is None else {**os.environ, **env})
        _running.append(self)

    @property
    def pid(self):
        return self._popen.pid

    def exit_code(self):
        """None while it runs."""
        return self._popen.poll()

    def send(self, signal_number):
        self._popen.send_signal(signal_number)

    def wait(self, timeout=30.0):
        """The exit code; raises StartError with the log's end when it does not end in time."""
        try:
            code = self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise StartError(f"{self.name} still runs after {timeout:.0f} s\n{self.tail()}") from None
        self._forget()
        return code

    def stop(self, timeout=10.0):
        """SIGTERM, then SIGKILL for who does not listen. Returns the exit code."""
        if self._popen.poll() is None:
            self._popen.terminate()
            try:
                self._popen.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self._forget()
        return self._popen.returncode

    def kill(self):
        if self._popen.poll() is None:
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        self._forget()

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as text:
            return text.read()

    def tail(self, lines=25):
        return "\n".join(f"  {self.name} | {line}" for line in self.log().splitlines()[-lines:])

    def _forget(self):
        self._log.close()
        if self in _running:
            _running.remove(self)


def stop_everything():
    for process in list(reversed(_running)):
        process.kill()


atexit.register(stop_everything)


def wait_until(condition, what, timeout=30.0, process=None, every=0.05):
    """Polls until condition() is truthy and returns that; a hang guard, not a stop-watch."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if process is not None and process.exit_code() is not None:
            raise StartError(f"{process.name} ended with {process.exit_code()} before: {what}\n"
                             f"{process.tail()}")
        if time.monotonic() > deadline:
            logs = f"\n{process.tail()}" if process is not None else ""
            raise StartError(f"not within {timeout:.0f} s: {what}{logs}")
        time.sleep(every)


def start_with_retry(start, attempts=4):
    """start() chooses free ports and starts; another program may take one in between."""
    for attempt in range(attempts):
        try:
            return start()
        except StartError as error:
            if attempt == attempts - 1 or "address already in use" not in str(error):
                raise
    return None


def program(name, *candidates):
    """The first of the candidate paths that can be run, or the one on PATH; None otherwise."""
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK) and os.path.isfile(candidate):
            return str(candidate)
    return shutil.which(name)
