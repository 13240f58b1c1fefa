"""What waits for a named person: one file for each held output, and beside it the person's decision.

`.tetrapylon/holds/ID.json` is written here, by the code that held; `ID.decision.json` by whoever decides, and only a
decision that names this very output, under a signature that counts, releases it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

SCHEMA = "tetrapylon/hold/1"
LIMIT = 32 << 20
"""Bytes of one file."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a named person decided about a held output."""

    action: Literal["release", "refuse"]
    person: str
    reason: str
    at: str


Decisions = Callable[[str, str], Decided | None]
"""Given a hold's id and its output's digest, returns the decision whose signature counts, or None.

MUST raise when there is one that does not count.
"""


def undecided(name: str, output: str) -> Decided | None:
    """Return that nobody decided: where nobody can, everything stays held."""
    del name, output
    return None


@dataclass(frozen=True, slots=True)
class Holds:
    """The folder of held outputs."""

    folder: Path
    decisions: Decisions = undecided

    async def put(self, kind: str, output: Mapping[str, Any], about: Mapping[str, str]) -> dict[str, Any]:
        """Keep an output that is held, durably, and return what was kept.

        Raises:
            StorageError: the medium refused: then nothing is answered.
        """
        held = {
            "schema": SCHEMA,
            "id": f"hold-{secrets.token_hex(8)}",
            "kind": kind,
            "at": SystemClock().now(),
            **about,
            "output": dict(output),
            "outputDigest": sha256(canonical_json(dict(output))),
        }
        await asyncio.to_thread(self._write, held)
        return held

    def _write(self, held: Mapping[str, Any]) -> None:
        make_folder(self.folder, 0o700)
        write_atomic(self.folder / f"{held['id']}.json", msgspec.json.encode(held), 0o600, replace=False)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return a held output by its id, with the decision on it if there is one.

        Raises:
            TetrapylonError: the file, or the decision on it, is not what was written.
        """
        path = self.folder / f"{name}.json"
        if not path.is_file():
            return None
        try:
            held: dict[str, Any] = msgspec.json.decode(read_bytes(path, LIMIT), type=dict[str, Any])
            same = held["id"] == name and sha256(canonical_json(held["output"])) == held["outputDigest"]
        except (msgspec.DecodeError, KeyError) as error:
            raise TetrapylonError(f"the held output `{name}` is not what was written", code="malformed") from error
        if not same:
            raise TetrapylonError(f"the held output `{name}` is not what was held", code="malformed")
        return {**held, "decision": self.decisions(name, held["outputDigest"])}
