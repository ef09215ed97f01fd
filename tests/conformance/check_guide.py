#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/plugin-guide.md stays true: check_guide.py SOURCE_ROOT CONFORMANCE_FILE | --write SOURCE_ROOT

The code that it shows is the file plugin, byte for byte; the file plugin stays under 80 lines; the
build lines that it shows build a plugin from an installed tree (headers only), and that plugin
passes the conformance suite. --write puts the code of today into the guide.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CODE = re.compile(r"(<!-- begin: (\S+) -->\n```\w+\n)(.*?)(```\n<!-- end -->\n)", re.S)
BUILD = re.compile(r"<!-- tested build -->\n```sh\n(.*?)```\n", re.S)
EXAMPLE = "plugins/file/file_backend.cpp"
MAX_LINES = 80


def problems_of_code(root, guide):
    blocks = CODE.findall(guide)
    if EXAMPLE not in [name for _, name, _, _ in blocks]:
        yield f"the guide does not show {EXAMPLE}"
    for _, name, code, _ in blocks:
        if code != (root / name).read_text():
            yield f"the guide shows another {name} than there is (run with --write)"
    lines = (root / EXAMPLE).read_text().count("\n")
    if lines >= MAX_LINES:
        yield f"{EXAMPLE} has {lines} lines, expected fewer than {MAX_LINES}"


def build(root, guide, directory):
    """Runs the guide's build lines where only the SDK and the one source are."""
    shutil.copytree(root / "include/kms-secretd", directory / "include/kms-secretd")
    shutil.copy(root / EXAMPLE, directory)
    shown = BUILD.search(guide)
    if shown is None:
        raise SystemExit("the guide shows no build lines")
    environment = dict(os.environ, SDK=str(directory / "include"))
    environment.setdefault("CXX", "g++")
    subprocess.run(["sh", "-eu", "-c", shown.group(1)], cwd=directory, env=environment, check=True)
    return directory / "file.so"


def passes_conformance(plugin, suite):
    environment = dict(os.environ, KMS_SECRETD_FILE_PLUGIN=str(plugin))
    return subprocess.run([suite], env=environment, check=False).returncode == 0


def write(root):
    path = root / "docs/plugin-guide.md"

    def today(match):
        return match.group(1) + (root / match.group(2)).read_text() + match.group(4)

    path.write_text(CODE.sub(today, path.read_text()))
    return 0


def main():
    if sys.argv[1] == "--write":
        return write(pathlib.Path(sys.argv[2]))
    root = pathlib.Path(sys.argv[1])
    guide = (root / "docs/plugin-guide.md").read_text()
    problems = list(problems_of_code(root, guide))
    with tempfile.TemporaryDirectory() as directory:
        plugin = build(root, guide, pathlib.Path(directory))
        if not passes_conformance(plugin, sys.argv[2]):
            problems.append("the plugin built by the guide's lines fails the conformance suite")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
