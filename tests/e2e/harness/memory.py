# SPDX-License-Identifier: Apache-2.0
"""Looks for bytes in the writable memory of another process, from outside."""

import base64
import secrets
import string

_PIECE = 16
_BLOCK = 4 << 20


def canary(length):
    """A value that stands nowhere else."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(length))


def needles(value):
    """What a whole or partial copy of value would show: pieces of it, as they are and in base64.

    A piece in base64 is only found where it begins at a multiple of three bytes, as in an encoding
    of the whole value.
    """
    text = value.encode()
    last = max(0, (len(text) - _PIECE) // 3 * 3)
    pieces = {text[at:at + _PIECE] for at in (0, last // 6 * 3, last)}
    encoded = {base64.b64encode(text)[at // 3 * 4:][:_PIECE] for at in (0, last // 6 * 3, last)}
    return {piece for piece in pieces | encoded if len(piece) >= 8}


def writable_ranges(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            fields = line.split()
            if fields[1].startswith("rw"):
                begin, end = (int(each, 16) for each in fields[0].split("-"))
                yield begin, end, fields[5] if len(fields) > 5 else ""


def _blocks(memory, begin, end, overlap):
    """The bytes from begin to end, in blocks that overlap; nothing of what cannot be read."""
    at = begin
    while at < end:
        memory.seek(at)
        try:
            block = memory.read(min(_BLOCK, end - at) + min(overlap, max(0, end - at - _BLOCK)))
        except OSError:
            return
        yield block
        at += _BLOCK


def hits(pid, values):
    """How many places of the process's writable memory show each of values: {value: count}."""
    wanted = {value: needles(value) for value in values}
    counts = dict.fromkeys(values, 0)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for begin, end, _ in writable_ranges(pid):
            for block in _blocks(memory, begin, end, _PIECE - 1):
                for value, pieces in wanted.items():
                    counts[value] += sum(block.count(piece) for piece in pieces)
    return counts
