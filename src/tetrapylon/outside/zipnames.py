"""The names of the first entries of a zip, from its first bytes alone."""

from __future__ import annotations

import struct

_LOCAL = struct.Struct("<4s22x2H")
_SIGNATURE = b"PK\x03\x04"


def first_names(head: bytes) -> list[str]:
    """Return the names in the local headers within the head, in order.

    Entries are found by their signature, for sizes may stand behind the data. Whoever hides a signature inside the data
    of an entry adds a name: this tells what a file is taken for, not what is safe.
    """
    found: list[str] = []
    at = head.find(_SIGNATURE)
    while at == 0 or (at > 0 and found):
        if at + _LOCAL.size > len(head):
            break
        length = _LOCAL.unpack_from(head, at)[1]
        name = head[at + _LOCAL.size : at + _LOCAL.size + length]
        if len(name) < length:
            break
        found.append(name.decode("utf-8", "replace"))
        at = head.find(_SIGNATURE, at + _LOCAL.size)
    return found


def sample(*names: str) -> bytes:
    """Return the start of a zip with empty entries of these names."""
    headers = (_LOCAL.pack(_SIGNATURE, len(name), 0) + name.encode() for name in names)
    return b"".join(headers)
