#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every #include against the table "Who may use whom" of docs/architecture.md.

Of a row's second cell counts what stands before the first semicolon, without parentheses. A room
may always use itself and the standard library. "core" brings the SDK with it, because core's nouns
are made of SDK types. "(one source file)" behind a library means just that.
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tree  # noqa: E402  pylint: disable=wrong-import-position

HEADING = re.compile(r"^#+ +who may use whom", re.IGNORECASE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')
STAGES = ("schedule", "fetch", "transform", "plan", "apply", "report")

# A term of the table -> which headers it allows, as prefixes of the include's path.
LIBRARIES = {
    "SDK": ("kms-secretd/",),
    "Poco": ("Poco/",),
    "OpenSSL": ("openssl/",),
    "Boost.Beast": ("boost/beast/", "boost/asio/buffer", "boost/optional", "boost/system/"),
    "Boost.Beast's http": ("boost/beast/", "boost/asio/buffer", "boost/optional", "boost/system/"),
    "Boost.JSON": ("boost/json", "boost/system/"),
    "Boost.DLL": ("boost/dll",),
    "libsystemd": ("systemd/",),
    "toml++": ("toml++/",),
    "yaml-cpp": ("yaml-cpp/",),
    "RE2": ("re2/",),
    "the template engine": ("kainjow/",),
    "prometheus-cpp": ("prometheus/",),
    "CLI11": ("CLI/",),
    "protozero": ("protozero/",),
    "standard library": (),
    "X.509 checks through platform's wrapper": ("platform/x509.hpp",),
    "apply's interface": ("apply/kube_api.hpp",),
    "plugins/alicloud": ("alicloud/",),
}
FOREIGN = sorted({prefix.split("/")[0] + "/" for name, prefixes in LIBRARIES.items()
                  for prefix in prefixes if name[0].isupper() or name in ("toml++", "yaml-cpp")}
                 | {"prometheus/", "protozero/", "systemd/", "kainjow/"})


class TableError(Exception):
    """The table cannot be read; the message says what to mend."""


class Row:
    """What one room may include."""

    def __init__(self):
        self.everything = False
        self.posix = False
        self.prefixes = set()
        self.one_file = set()

    def allow(self, term, single):
        if term == "everything":
            self.everything = True
        elif term in ("POSIX", "POSIX headers"):
            self.posix = True
        elif term in ("the stages", "stages"):
            self.prefixes |= {f"{stage}/" for stage in STAGES}
        elif term in LIBRARIES:
            self.prefixes |= set(LIBRARIES[term])
            self.one_file |= set(LIBRARIES[term]) if single else set()
        elif re.fullmatch(r"[a-z_]+", term):
            self.prefixes.add(f"{term}/")
        else:
            raise TableError(f'"{term}" is not known: mend the table, or teach tests/lint/layering.py')
        if "core/" in self.prefixes:
            self.prefixes.add("kms-secretd/")


def table_lines(text):
    """The rows of the first table under the heading, as lists of cells."""
    lines = iter(text.splitlines())
    for line in lines:
        if HEADING.match(line):
            break
    else:
        raise TableError('no heading "Who may use whom"')
    rows = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif rows or line.startswith("#"):
            break
    if len(rows) < 3:
        raise TableError('no table under the heading "Who may use whom"')
    return rows[2:]


def terms(cell):
    """(term, stands "(one source file)" behind it) for each term of a cell."""
    for part in re.split(r",| and ", re.sub(r"\((?!one source file)[^)]*\)", "", cell.split(";")[0])):
        term = part.replace("(one source file)", "").strip().strip("`")
        if term:
            yield term, "(one source file)" in part


def read_table(text):
    """Room -> Row."""
    table = {}
    for rooms, allowed in (cells[:2] for cells in table_lines(text)):
        row = Row()
        for term, single in terms(allowed):
            row.allow(term, single)
        for room in rooms.split(","):
            table[room.strip().strip("`").removesuffix("/")] = row
    return table


def room_of(name):
    """include/kms-secretd, a room of daemon/, "main" or plugins/NAME; None where no rule holds."""
    parts = name.parts
    if parts[0] == "include":
        return "include/kms-secretd"
    if parts[0] == "daemon":
        return parts[1] if len(parts) > 2 else "main"
    if parts[0] == "plugins" and len(parts) > 2:
        return f"plugins/{parts[1]}"
    return None


def row_of(room, table):
    if room == "main" and room not in table:
        row = Row()
        for term in ("app", "platform"):
            row.allow(term, False)
        return row
    if room.startswith("plugins/"):
        return table.get(room) or table.get("plugins/*")
    return table.get(room)


def own_prefixes(room):
    if room == "include/kms-secretd":
        return ("kms-secretd/",)
    return (room.removeprefix("plugins/") + "/",)


def is_standard(path):
    return re.fullmatch(r"[a-z_0-9]+", path) is not None or path == "cxxabi.h"


def is_posix(path):
    return path.endswith(".h") and not path.startswith(tuple(FOREIGN))


def refusal(row, room, quoted, path, beside):
    """Why this include may not be, or None. beside: the file stands next to who includes it."""
    if path.startswith(("../", "./")) or "/../" in path:
        return "a relative path hides which room it enters"
    if row.everything or path.startswith(own_prefixes(room)) or path.startswith(tuple(row.prefixes)):
        return None
    if quoted and "/" not in path and beside:
        return None
    if not quoted and is_standard(path):
        return None
    if not quoted and is_posix(path):
        return None if row.posix else f"{room} may not use POSIX headers"
    return f"{room} may not use it"


def includes(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] == '"', match[2]


def check(root, names, table):
    """Every violation as "file:line: #include ...: why"."""
    problems = []
    users = {}
    for name in names:
        room = room_of(name)
        if room is None:
            continue
        row = row_of(room, table)
        if row is None:
            problems.append(f"{name}:1: {room} has no row in the table of docs/architecture.md")
            continue
        for number, quoted, path in includes((root / name).read_text(errors="replace")):
            why = refusal(row, room, quoted, path, ((root / name).parent / path).is_file())
            if why:
                problems.append(f"{name}:{number}: #include {path}: {why}")
            for prefix in row.one_file:
                if path.startswith(prefix):
                    users.setdefault((room, prefix), {})[name] = number
    for (room, prefix), files in users.items():
        if len(files) > 1:
            places = ", ".join(f"{name}:{number}" for name, number in files.items())
            problems.append(f"{places}: {prefix} belongs into one source file of {room}")
    return problems


def code_files(names):
    return [name for name in names if tree.is_cpp(name) or name.name.endswith((".hpp.in", ".cpp.in"))]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    page = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else root / "docs" / "architecture.md"
    try:
        problems = check(root, code_files(tree.tracked(root)), read_table(page.read_text()))
    except (TableError, OSError) as error:
        problems = [f"{page.name}: {error}"]
    print("\n".join(problems) if problems else "every include obeys the table")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
