"""Whether a file is still what it was: a cheap look ten times a second at most, and its digest when something changed."""

from __future__ import annotations

import time
from pathlib import Path

from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.files import hash_file
from tetrapylon.outside.watched import SECONDS


class StandingFile:
    """One file, and the digest that it must have."""

    def __init__(self, path: Path, digest: Digest) -> None:
        self.path = path
        self._digest = digest
        self._looked = float("-inf")
        self._seen: tuple[int, ...] | None = ()
        self._changed = False
        self.why: str | None = "nobody has looked at it yet"
        """Why it may not be relied on, as of the last look; None where it may."""

    @property
    def moved(self) -> bool:
        """Whether something about it changed since the last look, so that it must be hashed before it is relied on."""
        now = time.monotonic()
        if not self._changed and now - self._looked >= SECONDS:
            self._looked = now
            self._changed = self._state() != self._seen
        return self._changed

    def look(self) -> None:
        """Hash it, and say whether it is still what it was; takes as long as reading it."""
        seen = self._state()
        try:
            same = hash_file(self.path) == self._digest
            why = None if same else "its file is not what was verified any more"
        except TetrapylonError:
            why = "its file is gone"
        # As of before the hashing: a change meanwhile is met again at the next look.
        self._seen, self.why, self._changed = seen, why, False

    def _state(self) -> tuple[int, ...] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size
