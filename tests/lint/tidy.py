# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over the changed sources, several at a time, within a budget of seconds."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import time

import changes
import tree

# The compile commands are written for g++.
FOR_CLANG = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-ignored-optimization-argument"]


def compiled_sources(root, build):
    """Sources that the build compiles, relative to root."""
    commands = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    paths = (pathlib.Path(entry["directory"], entry["file"]).resolve() for entry in commands)
    return {path.relative_to(root) for path in paths if path.is_relative_to(root)}


def _tidy(root, build, source):
    done = subprocess.run(["clang-tidy", "-quiet", "-p", str(build), *FOR_CLANG, str(source)],
                          cwd=root, capture_output=True, text=True, errors="replace", check=False)
    return "" if done.returncode == 0 else (done.stdout.strip() or done.stderr.strip())


def check(root, build, everything, budget):
    """(problems, note): problems as clang-tidy printed them."""
    every = tree.tracked(root)
    wanted = every if everything else changes.changed_files(root)
    compiled = compiled_sources(root, build)
    sources = [name for name in changes.sources_for(wanted, every) if pathlib.Path(name) in compiled]
    deadline = None if everything or not budget else time.monotonic() + budget
    done, problems = 0, []

    def one(source):
        if deadline is not None and time.monotonic() > deadline:
            return None
        return _tidy(root, build, source)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for source, found in zip(sources, pool.map(one, sources)):
            done += found is not None
            if found:
                problems.append(f"{source}:\n{found}")
    note = f"{done} of {len(sources)} {'sources' if everything else 'changed sources'}"
    if done < len(sources):
        note += f"; the budget of {budget} s was used up, --all checks the rest"
    return problems, note
