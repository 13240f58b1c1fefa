"""The gateway's port for behaviour: takes note of each request, and never makes it wait or fail.

Events hold numbers and names, no text of any request or answer; who asked is a keyed digest, so that the file names nobody
while one user's requests still belong together. What cannot be written is counted and said by the next heartbeat.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic
from tetrapylon.outside.lines import append_lines

EVENTS = "events.jsonl"
KEY = "pseudonyms.key"
TOGETHER = 256
"""Events that are written at once; `close` writes the rest."""

KEPT = ("time", "tenant", "model", "route", "status", "seconds", "tokensIn", "tokensOut", "verdict", "rules", "tool", "ood")
NAMES = 4096
"""Pseudonyms that are kept at hand."""

_KEY_BYTES = 32
_ENCODER = msgspec.json.Encoder()


class EventLog:
    """Implements `gateway.ports.Watch` over a folder such as `.tetrapylon/monitor`."""

    def __init__(self, folder: Path, together: int = TOGETHER) -> None:
        make_folder(folder, 0o700)
        self.folder = folder
        self.lost = 0
        self._together = together
        self._waiting: list[bytes] = []
        self._names: dict[str, str] = {}
        self._key = _key(folder / KEY)

    def observe(self, event: Mapping[str, Any]) -> None:
        """Take note of one request."""
        try:
            kept = {name: value for name in KEPT if (value := event.get(name)) is not None}
            if "time" not in kept:
                kept["time"] = SystemClock().now()
            kept["principal"] = self._pseudonym(str(event.get("principal", "")))
            self._waiting.append(_ENCODER.encode(kept))
        except (TypeError, ValueError):
            self.lost += 1
        if len(self._waiting) >= self._together:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            append_lines(self.folder / EVENTS, b"\n".join((*waiting, b"")))
        except TetrapylonError:
            # Monitoring must not stop what it watches; that events are missing shows as silence.
            self.lost += len(waiting)

    def _pseudonym(self, principal: str) -> str:
        found = self._names.get(principal)
        if found is None:
            if len(self._names) >= NAMES:
                self._names.clear()
            found = self._names[principal] = self._digest(principal)
        return found

    def _digest(self, principal: str) -> str:
        return hmac.new(self._key, principal.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]


def _key(path: Path) -> bytes:
    try:
        return read_bytes(path, 2 * _KEY_BYTES)
    except MissingError:
        key = secrets.token_bytes(_KEY_BYTES)
        write_atomic(path, key, mode=0o600)
        return key
