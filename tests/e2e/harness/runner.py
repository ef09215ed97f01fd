# SPDX-License-Identifier: Apache-2.0
"""Runs test modules: each in a process of its own, all against one cluster."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from .cluster import Cluster
from .suite import CLUSTER_VARIABLE, build_dir

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$")


def sentence(test):
    """test_a_rotated_secret_arrives -> "a rotated secret arrives" (or the docstring's first line)."""
    if not hasattr(test, "_testMethodName"):
        return str(test)
    described = test.shortDescription()
    return described or test.id().rsplit(".", 1)[1].removeprefix("test_").replace("_", " ")


class SentenceResult(unittest.TestResult):
    """One line a test as it ends; details of failures below the line."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self._began = 0.0
        self._failed_subtests = set()

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        if test not in self._failed_subtests:
            self.passed += 1
            self._line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line("skip", test, f": {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._failed(test, self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._failed(test, self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._failed_subtests.add(test)
            self._failed(subtest, self._exc_info_to_string(err, test))

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._failed(test, "expected to fail, and did not")

    def counts(self):
        failed = len(self.failures) + len(self.errors) + len(self.unexpectedSuccesses)
        return self.passed, failed, len(self.skipped)

    def _failed(self, test, details):
        self._line("FAIL", test)
        owner = getattr(test, "test_case", test)
        logs = owner.failure_logs() if hasattr(owner, "failure_logs") else ""
        print(details.rstrip() + ("\n" + logs if logs else ""), flush=True)

    def _line(self, verdict, test, more=""):
        seconds = time.monotonic() - self._began if self._began else 0.0
        print(f"  {verdict:4} {sentence(test)}{more} ({seconds:.1f} s)", flush=True)


def run_module(path, pattern):
    """In the child: runs one test module; returns (passed, failed, skipped)."""
    sys.path[:0] = [str(path.parent)]
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{pattern}*"] if pattern else None
    result = SentenceResult()
    loader.loadTestsFromName(path.stem).run(result)
    counts = result.counts()
    print("{} passed, {} failed, {} skipped".format(*counts), flush=True)
    return counts


def _run_in_child(path, pattern, cluster):
    """In the parent: (path, its output, its counts); a module that died counts as one failure."""
    command = [sys.executable, path.parent / "run", "--module", path]
    if pattern:
        command += ["--only", pattern]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False, timeout=1800,
        env={**os.environ, CLUSTER_VARIABLE: json.dumps(cluster.describe())})
    lines = done.stdout.rstrip().splitlines()
    match = SUMMARY.match(lines[-1]) if lines else None
    if match is None:
        return path, done.stdout + f"\n  FAIL ended with {done.returncode} and no summary", (0, 1, 0)
    return path, "\n".join(lines[:-1]), tuple(map(int, match.groups()))


def _run_modules(paths, pattern, jobs, cluster):
    total = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(_run_in_child, path, pattern, cluster) for path in paths]
        for future in concurrent.futures.as_completed(futures):
            path, output, counts = future.result()
            if sum(counts) > 0:
                print(f"{path.stem.removeprefix('test_').replace('_', ' ')}:\n{output}", flush=True)
            total = [have + more for have, more in zip(total, counts)]
    return tuple(total)


def run_all(paths, pattern, jobs):
    """Starts the cluster, runs the modules, keeps the logs under the build directory."""
    logs = build_dir() / "e2e-logs"
    shutil.rmtree(logs, ignore_errors=True)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="kms-secretd-e2e-"))
    began = time.monotonic()
    try:
        with Cluster(directory) as cluster:
            print(f"kube-apiserver is up after {time.monotonic() - began:.1f} s; "
                  f"{len(paths)} test modules, {jobs} at a time", flush=True)
            return _run_modules(paths, pattern, jobs, cluster)
    finally:
        logs.mkdir(parents=True, exist_ok=True)
        for log in directory.glob("*.log"):
            shutil.copy(log, logs)
        shutil.rmtree(directory, ignore_errors=True)
