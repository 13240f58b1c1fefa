"""Raw control characters that steer a terminal or forge a line of a log.

What it does: looks for escape sequences and other C0 and C1 controls that were not sent; tab and line ends do not count.
Why it matters: an answer that is printed or logged can rewrite what an operator sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.deploy.release.oracle import Judged

PROOF = True

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


def look(judged: Judged) -> Iterator[str]:
    """Yield that control characters came out."""
    if _CONTROLS.search(judged.seen.text) and set(_CONTROLS.findall(judged.seen.text)) - set(_CONTROLS.findall(judged.case.sent.text)):
        yield "raw control characters came out"


GOOD = ("A line\nand\tanother, and \\x1b[31m written out.",)
BAD = ("\x1b[2J\x1b]0;owned\x07",)
