# SPDX-License-Identifier: Apache-2.0
"""Which C++ sources clang-tidy looks at: those that this change touched."""

import os
import pathlib
import subprocess

import tree

# A landing is made of the commits of a few hours; what is older landed before.
LANDING_SECONDS = 3 * 3600


def _git(root, *arguments):
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True,
                          check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def base_commit(root):
    """What this change is measured against; "" when everything is new.

    KMS_SECRETD_LINT_BASE, else the fork from the upstream branch, else the newest commit that is
    hours older than the last one (a fresh clone knows no more about the landing before).
    """
    named = os.environ.get("KMS_SECRETD_LINT_BASE")
    if named:
        return _git(root, "merge-base", named, "HEAD")
    head = _git(root, "rev-parse", "HEAD")
    fork = _git(root, "merge-base", "@{upstream}", "HEAD")
    if fork and fork != head:
        return fork
    made = _git(root, "log", "-1", "--format=%ct", "HEAD")
    if not made:
        return ""
    return _git(root, "log", "-1", "--format=%H", f"--before={int(made) - LANDING_SECONDS}")


def changed_files(root):
    """Tracked files that differ from the base, uncommitted changes included."""
    every = tree.tracked(root)
    base = base_commit(root)
    if not base:
        return every
    listed = _git(root, "diff", "--name-only", "-z", base)
    changed = {pathlib.PurePosixPath(name) for name in listed.split("\0") if name}
    return [name for name in every if name in changed]


def sources_for(names, every):
    """The sources to compile for changed names: a header is seen through the source of its name."""
    changed = set(names)
    chosen = []
    for source in every:
        if source.suffix == ".cpp" and (source in changed or source.with_suffix(".hpp") in changed):
            chosen.append(source)
    # The product first: a time budget may end before the tests' turn.
    rank = {"daemon": 0, "plugins": 1, "include": 1}
    return sorted(chosen, key=lambda name: (rank.get(name.parts[0], 2), str(name)))
