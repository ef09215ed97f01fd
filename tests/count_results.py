#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sums the tests of every executable of one `meson test` run, from its testlog.json.

An executable says its counts either as CppUTest does ("OK (15 tests, 15 ran, ...") or in a line
"N passed, N failed[, N skipped]"; the last such line counts. One that failed without counting a
failure (a crash, a time-out, a sanitizer at exit) is one failure more; one that says nothing and
succeeded is one test passed. The last line printed is the sum, "N passed, N failed, N skipped".
"""

import json
import pathlib
import re
import sys

CPPUTEST = re.compile(r"^(?:OK|Errors) \((.*)\)", re.MULTILINE)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def cpputest_counts(text):
    """(passed, failed, skipped) of the last CppUTest summary line, or None."""
    found = CPPUTEST.findall(text)
    if not found:
        return None
    numbers = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", found[-1])}
    failed = numbers.get("failures", 0)
    return max(0, numbers.get("ran", 0) - failed), failed, numbers.get("ignored", 0)


def plain_counts(text):
    found = PLAIN.findall(text)
    return tuple(int(number or 0) for number in found[-1]) if found else None


def counts(entry):
    """(passed, failed, skipped) of one entry of testlog.json."""
    text = COLOUR.sub("", entry.get("stdout") or "").replace("\r", "")
    said = cpputest_counts(text) or plain_counts(text)
    bad = entry["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")
    if said is None:
        return (0, 1, 0) if bad else (0, 0, 1) if entry["result"] == "SKIP" else (1, 0, 0)
    passed, failed, skipped = said
    return passed, max(failed, 1) if bad else failed, skipped


def entries(path):
    """The entries of a testlog.json; no file means that no test ran."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(errors="replace").splitlines() if line]


def main():
    build = pathlib.Path(sys.argv[1])
    total = [0, 0, 0]
    for entry in entries(build / "meson-logs" / "testlog.json"):
        own = counts(entry)
        total = [have + more for have, more in zip(total, own)]
        if own[1]:
            print(f"  FAIL {entry['name']}: {own[0]} passed, {own[1]} failed ({entry['result']})")
    print("{} passed, {} failed, {} skipped".format(*total))
    return 0 if total[0] > 0 and total[1] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
