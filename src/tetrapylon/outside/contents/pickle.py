"""Python's pickle, every protocol.

What it does: reads the opcodes with the standard library's own table, running none of them.
Why it matters: a pickle is a program, and loading it runs it.
"""

from __future__ import annotations

import io
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
    b"label,group,p0,p1,p2\n1,2,3,4,5\n",
    b"(a, b, c)\nand more",
    b"]",
    b"}",
    b"",
)

_HEADER = b"\x80"
"""What begins protocol 2 and above, followed by its number."""

_PROTOCOLS = frozenset({b"\x02", b"\x03", b"\x04", b"\x05"})
_STARTS = frozenset({b"(", b"c", b"]", b"}", b")", b"i"})
"""What a program without a header begins with, if it builds anything: a mark, an import, something empty to fill."""

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
    if (headed and head[1:2] not in _PROTOCOLS) or (not headed and head[:1] not in _STARTS):
        return False
    seen, cut = _opcodes(head)
    whole = seen[-1:] == ["STOP"] or len(seen) >= _LOOKED_AT or (cut and len(head) < size and len(seen) > _FEWEST)
    return whole and (headed or (len(seen) >= _FEWEST and not _BUILDS.isdisjoint(seen)))


def _opcodes(head: bytes) -> tuple[list[str], bool]:
    """Return the names of the opcodes until the program ends or makes no sense, and whether it was the head that ended."""
    seen: list[str] = []
    file = io.BytesIO(head)
    try:
        for opcode, argument, _ in pickletools.genops(file):
            if opcode.name in {"GLOBAL", "INST"} and not _is_name(argument):
                return [], False
            seen.append(opcode.name)
            if len(seen) >= _LOOKED_AT:
                break
    except (ValueError, IndexError, OverflowError):
        # Whoever reads an argument reads to the end where it is cut off, and stops before where it is nonsense.
        return seen, file.tell() == len(head)
    return seen, False


def _is_name(argument: object) -> bool:
    module, _, name = str(argument).partition(" ")
    return all(each.isidentifier() for each in (*module.split("."), *name.split(".")))
