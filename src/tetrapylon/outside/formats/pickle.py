"""Python's pickle, every protocol.

What it does: reads the opcodes with the standard library's own table, running none of them.
Why it matters: a pickle is a program, and loading it runs it.
"""

from __future__ import annotations

import pickletools

ENDINGS: tuple[str, ...] = (".pkl", ".pickle", ".pck", ".pt", ".pth", ".bin", ".ckpt", ".dill", ".cloudpickle")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = "loading it runs whatever code its maker put into it"
GOOD: tuple[bytes, ...] = (
    b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00]\x94.",
    b"\x80\x02}q\x00.",
    b"cos\nsystem\n(S'true'\ntR.",
    b"(dp0\nS'a'\np1\nI1\ns.",
    b"(lp0\nI1\naI2\na.",
    b"]q\x01.",
)
BAD: tuple[bytes, ...] = (
    b"\x80\x09]\x94.",
    b"class Reader:\n    pass\n",
    b"column\nname\n1\n",
    b"(see below)\n",
    b"N.",
    b"I am not a pickle.\n",
    b"]",
    b"}",
    b"",
)

_HEADER = b"\x80"
"""What begins protocol 2 and above, followed by its number."""

_PROTOCOLS = frozenset({b"\x02", b"\x03", b"\x04", b"\x05"})
_FEWEST = 3
_LOOKED_AT = 200
"""Opcodes that are read before it is called a pickle."""

_BUILDS = frozenset(
    {"GLOBAL", "STACK_GLOBAL", "INST", "EMPTY_LIST", "EMPTY_DICT", "EMPTY_TUPLE", "LIST", "DICT", "TUPLE", "TUPLE1", "FRAME"}
)
"""Without a header, one of these must be there: a lone number or text is found in any file."""


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    headed = head.startswith(_HEADER)
    if headed and head[1:2] not in _PROTOCOLS:
        return False
    seen, ended = _opcodes(head)
    whole = ended or len(seen) >= _LOOKED_AT or (len(head) < size and len(seen) > _FEWEST)
    return whole and (headed or (len(seen) >= _FEWEST and not _BUILDS.isdisjoint(seen)))


def _opcodes(head: bytes) -> tuple[list[str], bool]:
    """Return the names of the opcodes until the head ends or makes no sense, and whether the program ended properly."""
    seen: list[str] = []
    try:
        for opcode, argument, _ in pickletools.genops(head):
            if opcode.name in {"GLOBAL", "INST"} and not _is_name(argument):
                return [], False
            seen.append(opcode.name)
            if len(seen) >= _LOOKED_AT:
                break
    except (ValueError, IndexError, OverflowError):
        # Cut off where the head ends, or nonsense: what came before counts, and `matches` asks for enough of it.
        return seen, False
    return seen, bool(seen) and seen[-1] == "STOP"


def _is_name(argument: object) -> bool:
    module, _, name = str(argument).partition(" ")
    return all(each.isidentifier() for each in (*module.split("."), *name.split(".")))
