# SPDX-License-Identifier: Apache-2.0
"""Planted secrets, and the look whether any of them shows in a text."""

import base64

from . import memory


class Canaries:
    """Secrets by name; each is looked for whole, in pieces, in base64 and in hex."""

    def __init__(self):
        self._needles = {}

    def plant(self, name, length=40):
        """A new secret of letters."""
        return self.known(name, memory.canary(length))

    def known(self, name, value):
        """A secret that was made elsewhere, such as a piece of a key."""
        pieces = memory.needles(value)
        pieces |= {value.encode()[at:at + 16].hex().encode() for at in (0, max(0, len(value) - 16))}
        pieces.add(base64.b64encode(value.encode())[:16])
        self._needles[name] = pieces
        return value

    def shown_in(self, text):
        """The names of those that show in the text (str or bytes)."""
        data = text.encode(errors="surrogateescape") if isinstance(text, str) else text
        return sorted(name for name, pieces in self._needles.items()
                      if any(piece in data for piece in pieces))
