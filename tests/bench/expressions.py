# SPDX-License-Identifier: Apache-2.0
"""The daemon's JMESPath next to Python's, on the same documents (tests/bench/jmespath)."""

import json
import pathlib
import subprocess

from page import figure

COMPARE = pathlib.Path(__file__).resolve().parent / "jmespath"


def measure(bench):
    done = subprocess.run([COMPARE, "--json", bench.program("bench-jmespath")],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    rows = []
    for case in json.loads(done.stdout):
        mine, theirs = case["search"]
        rows.append(figure(f"JMESPath, {case['name']}: search", mine / 1000, "µs"))
        rows.append(figure(f"JMESPath, {case['name']}: times as fast as Python's", theirs / mine))
    return rows
