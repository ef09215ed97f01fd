#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds code to its size budgets: small by budget, checked.

No function over 60 lines, no source over 500, no header over 250 (tests included, fixtures not).
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tree  # noqa: E402  pylint: disable=wrong-import-position

FUNCTION_LINES = 60
SOURCE_LINES = 500
HEADER_LINES = 250


class ToolError(Exception):
    """ctags is missing or did not understand its arguments."""


def functions(root, names):
    """(name, first line, last line, file) of every function, as universal-ctags sees them."""
    command = ["ctags", "-o", "-", "--fields=+ne", "--kinds-C++=f", "--kinds-C=f",
               "--kinds-Python=fm", "--langmap=C++:+.hpp", "--sort=no", "-L", "-"]
    try:
        done = subprocess.run(command, cwd=root, input="\n".join(map(str, names)),
                              capture_output=True, text=True, errors="replace", check=False)
    except FileNotFoundError:
        raise ToolError("ctags is not installed: apt-get install universal-ctags") from None
    if done.returncode != 0 or "Usage: " in done.stderr:
        raise ToolError(f"ctags: {done.stderr.strip()} (universal-ctags is needed)")
    for line in done.stdout.splitlines():
        if line.startswith("!"):
            continue
        name, file, fields = line.split("\t", 2)
        numbers = dict(field.split(":", 1) for field in fields.split("\t") if ":" in field[:8])
        if "line" in numbers and "end" in numbers:
            yield name, int(numbers["line"]), int(numbers["end"]), file


def long_functions(root, names):
    for name, first, last, file in functions(root, names):
        lines = last - first + 1
        if lines > FUNCTION_LINES:
            yield f"{file}:{first}: {name} has {lines} lines, over {FUNCTION_LINES}"


def long_files(root, names):
    for name in names:
        lines = len((root / name).read_bytes().splitlines())
        limit = HEADER_LINES if name.suffix in (".hpp", ".h") else SOURCE_LINES
        if lines > limit:
            yield f"{name}:1: {lines} lines, over {limit}"


def measured(root, names):
    """Own code: C++, Python and shell; no fixtures."""
    return [name for name in names if not tree.is_fixture(name) and
            (tree.is_cpp(name) or tree.is_python(root, name) or tree.is_shell(root, name))]


def check(root, names):
    files = measured(root, names)
    return [*long_files(root, files), *long_functions(root, files)]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    try:
        problems = check(root, tree.tracked(root))
    except ToolError as error:
        problems = [str(error)]
    print("\n".join(problems) if problems else "every function and file is within its budget")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
