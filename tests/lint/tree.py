# SPDX-License-Identifier: Apache-2.0
"""Which files the checks look at: what git tracks, so that a checkout's litter never matters."""

import pathlib
import re
import subprocess

SHELL = re.compile(r"#!.*[/ ](bash|dash|sh)\b")
CPP = (".cpp", ".hpp", ".c", ".h")


def tracked(root):
    """The tracked files that exist, as paths relative to root."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True,
                            text=True, check=True).stdout
    names = [pathlib.PurePosixPath(name) for name in listed.split("\0") if name]
    return [name for name in names if (root / name).is_file() and not (root / name).is_symlink()]


def is_fixture(name):
    return name.parts[:2] == ("tests", "fixtures")


def is_cpp(name):
    return name.suffix in CPP


def _shebang(root, name):
    with open(root / name, "rb") as file:
        return file.readline(200).decode(errors="replace")


def is_shell(root, name):
    if name.suffix in (".sh", ".bash"):
        return True
    return not name.suffix and SHELL.match(_shebang(root, name)) is not None


def is_python(root, name):
    return name.suffix == ".py" or (not name.suffix and "python3" in _shebang(root, name))
