"""The baseline: what `check` found once, so that later only what is new counts.

It knows findings by fingerprint, without line numbers. It also holds the digest of everything that was looked at and
of the code that looked: where both are the same again, looking again would find the same, and the old answer stands.
Whoever may change the file may hide findings, so a change of it is to be reviewed like code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.system.finding import Component, Finding, Place, Unseen

if TYPE_CHECKING:
    from tetrapylon.app.checked import Checked, Suppressed
    from tetrapylon.app.fingerprint import Noted

SCHEMA = "tetrapylon/baseline/1"


@dataclass(frozen=True)
class Baseline:
    """What is known, and the whole answer as it was for one state of the folder."""

    known: frozenset[str]
    """Fingerprints."""

    unread: frozenset[str]
    """Paths that could not be read."""

    state: str
    """The digest of what was looked at and of the code that looked; empty if the file was changed by hand."""

    found: tuple[Component, ...]
    unseen: tuple[Unseen, ...]
    suppressed: tuple[Suppressed, ...]
    findings: int
    files: int


def read_baseline(path: Path) -> Baseline:
    """Return the baseline in a file.

    Raises:
        MissingError: there is no such file (`no-such-file`).
        UsageError: it is not a baseline (`bad-baseline`).
    """
    try:
        data = read_bytes(path, BOUNDS.json)
    except MissingError as error:
        raise MissingError(error.message, hint="write it with `tetrapylon check --write-baseline FILE`", code=error.code) from error
    try:
        return _decoded(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        hint = "write it anew with `tetrapylon check --write-baseline FILE`"
        raise UsageError(f"`{path}` is not a baseline that this version reads", hint=hint, code="bad-baseline") from error


def _decoded(found: Json) -> Baseline:
    if found["schema"] != SCHEMA:
        raise ValueError(found["schema"])
    answer = found["answer"]
    # Who takes something out of what is known wants to see it again: then the old answer stands no longer.
    untouched = answer["about"] == _about(found)
    return Baseline(
        known=frozenset(str(each["fingerprint"]) for each in found["known"]),
        unread=frozenset(str(each) for each in found["unread"]),
        state=str(answer["state"]) if untouched else "",
        found=tuple(Component(each["kind"], each["id"], _place(each["at"]), each["how"]) for each in answer["found"]),
        unseen=tuple(Unseen(str(path), str(why), bool(deliberate)) for path, why, deliberate in answer["unseen"]),
        suppressed=tuple(_allowed(each) for each in answer["suppressed"]),
        findings=int(answer["findings"]),
        files=int(answer["files"]),
    )


def _place(found: Json) -> Place:
    path, line, cell = found
    return Place(str(path), int(line), int(cell))


def _allowed(found: Json) -> Suppressed:
    from tetrapylon.app.checked import Suppressed
    from tetrapylon.app.fingerprint import Noted

    texts = [str(found[each]) for each in ("rule", "severity", "title", "why", "fix")]
    finding = Finding(texts[0], found["severity"], _place(found["at"]), *texts[2:])
    return Suppressed(Noted(finding, str(found["fingerprint"])), str(found["reason"]))


def baseline_bytes(checked: Checked, everything: tuple[Noted, ...], state: str) -> bytes:
    """Return the file that knows all of this; the same answer gives the same bytes."""
    found: dict[str, Json] = {
        "schema": SCHEMA,
        "known": [
            {"fingerprint": each.fingerprint, "rule": each.finding.rule, "path": each.finding.at.path}
            for each in sorted(everything, key=lambda each: (each.finding.at.path, each.finding.rule, each.fingerprint))
        ],
        "unread": sorted({each.path for each in checked.unseen if not each.deliberate}),
        "answer": {
            "state": state,
            "findings": len(everything),
            "files": checked.files,
            "found": [{"kind": each.kind, "id": each.id, "at": _spelt(each.at), "how": each.how} for each in checked.found],
            "unseen": [[each.path, each.why, each.deliberate] for each in checked.unseen],
            "suppressed": [_allowed_row(each) for each in checked.suppressed],
        },
    }
    found["answer"]["about"] = _about(found)
    return (json.dumps(found, indent=1, ensure_ascii=True) + "\n").encode()


def _about(found: Json) -> str:
    """Return the digest of what is known, so that the answer is one about exactly that."""
    return sha256(canonical_json([found["known"], found["unread"]]))


def _spelt(place: Place) -> list[Json]:
    return [place.path, place.line, place.cell]


def _allowed_row(each: Suppressed) -> dict[str, Json]:
    found = each.noted.finding
    texts = {"rule": found.rule, "severity": found.severity, "title": found.title, "why": found.why, "fix": found.fix}
    return {**texts, "at": _spelt(found.at), "fingerprint": each.noted.fingerprint, "reason": each.reason}
