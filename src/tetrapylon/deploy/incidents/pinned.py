"""Pinned regressions as the log and the folder know them: none may be lost, and each must have been tried on this release.

Every pin is on record with the digest of its file, so that one that was edited or removed is missed. A run on another release
says nothing about this one; a pin that was not tried here has no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.files import hash_file, inside
from tetrapylon.outside.view import Known, View

FOLDER = "regressions"
SUITE = "tetrapylon-regressions"
RUN = "regression"
PIN = "regression-pin"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the pinned regressions stand on this release, each by its path."""

    lost: Mapping[str, str]
    """What the log knows and the folder does not hold as it was, and why."""

    pinned: Mapping[str, str]
    """What is there: `green`, `red`, or why it was not tried."""

    @property
    def red(self) -> list[str]:
        """Those that succeed on this release."""
        return [name for name, each in self.pinned.items() if each == "red"]

    @property
    def untried(self) -> list[str]:
        """Those of which nothing is known on this release."""
        return [name for name, each in self.pinned.items() if each not in {"red", "green"}]


def on_disk(root: Path) -> dict[str, Digest | None]:
    """Return the digest of each pinned file by its path; None where it cannot be read as a plain file."""
    folder = root / FOLDER
    names = sorted(each.name for each in folder.glob("*.toml")) if folder.is_dir() else []
    return {f"{FOLDER}/{name}": _digest(root, f"{FOLDER}/{name}") for name in names}


def _digest(root: Path, path: str) -> Digest | None:
    try:
        return hash_file(inside(root, path))
    except TetrapylonError:
        return None


def recorded(view: View) -> dict[str, str]:
    """Return the digest that each pin had when it was pinned."""
    return {
        name: digest for each in view.evidence("test-result") if each.payload.get("kind") == PIN for name, digest in each.subjects.items()
    }


def last_run(view: View) -> Known | None:
    """Return the last run on exactly this release."""
    found = [each for each in view.evidence("test-result") if each.payload.get("suite") == SUITE and each.payload.get("kind") == RUN]
    return next((each for each in reversed(found) if view.release_digest in each.subjects.values()), None)


def standing(view: View) -> Standing:
    """Return how the pinned regressions stand on this release."""
    disk, log, run = on_disk(view.root), recorded(view), last_run(view)
    lost = {name: "is gone" if name not in disk else "was changed" for name, digest in log.items() if disk.get(name) != digest}
    tried = {} if run is None else {str(row.get("name")): row for row in run.payload.get("configuration", ())}
    return Standing(lost, {name: _tried(digest, tried.get(name)) for name, digest in disk.items()})


def _tried(digest: Digest | None, row: Mapping[str, Json] | None) -> str:
    if row is None:
        return "was not run on this release"
    if digest is None or digest != f"sha256:{row['digest']['sha256']}":
        return "is not what was run"
    outcome = str(row.get("outcome"))
    return outcome if outcome in {"red", "green"} else "could not be run"


def regressions(view: View) -> dict[str, Json]:
    """Return the payload about the release; where one was not tried and none is red, there is no answer."""
    found = standing(view)
    payload: dict[str, Json] = {
        "regressionsPinned": len(found.pinned),
        "regressionsLost": len(found.lost),
        "detail": [
            *(f"regressionsLost: `{name}` {why}" for name, why in found.lost.items()),
            *(f"regressionsRed: `{name}` succeeds again" for name in found.red),
            *(f"regressionsRed: `{name}` {found.pinned[name]}; run `tetrapylon deploy regress run`" for name in found.untried),
        ],
    }
    if found.red or not found.untried:
        payload["regressionsRed"] = len(found.red)
    return payload
