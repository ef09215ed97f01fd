# SPDX-License-Identifier: Apache-2.0
"""What every file must say (its licence) and what none may (somebody's machine, a registry)."""

import re

import tree

LICENCE = "SPDX-License-Identifier: Apache-2.0"

# Written so that this file does not contain what it forbids.
FORBIDDEN = [
    (re.compile(r"(?<![\w.$}*-])/(work|home/\w+|root)/"), "a path of somebody's machine"),
    (re.compile(r"(?<![\w.$}*-])/tmp/(b)-"), "a path of somebody's machine"),
    (re.compile(r"\b(pypi|pythonhosted|npmjs|proxy\.golang|sum\.golang|deb\.debian|crates|"
                r"security\.debian|snapshot\.debian|maven(\.apache)?)\.(org|com|io)\b"),
     "the host name of a package registry"),
]


def needs_licence(root, name):
    if tree.is_fixture(name):
        return False
    return (tree.is_cpp(name) or name.name == "meson.build" or tree.is_python(root, name) or
            tree.is_shell(root, name) or name.name.endswith((".hpp.in", ".cpp.in")))


def missing_licence(root, names):
    """The licence stands in the first line, or in the second below a #! line."""
    for name in names:
        if needs_licence(root, name):
            head = (root / name).read_text(errors="replace").splitlines()[:2]
            first = head[1:] if head and head[0].startswith("#!") else head[:1]
            if not first or LICENCE not in first[0]:
                yield f"{name}:1: the first line must say {LICENCE}"


def forbidden_text(root, names):
    for name in names:
        content = (root / name).read_bytes()
        if b"\0" in content[:4096]:
            continue
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
            for pattern, what in FORBIDDEN:
                if pattern.search(line):
                    yield f"{name}:{number}: {what}: {line.strip()[:80]}"
