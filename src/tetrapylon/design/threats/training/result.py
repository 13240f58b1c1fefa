"""Results of training: what each one says, and whether it counts.

What it does: reads `.tetrapylon/training/*.json`. A result is a signed statement about the digest of the module and of the items
that were asked. It counts when it is of this system, whole, about the module that it names, and signed by the person's own key or by
a key that may record training (`reviewer`); one that another person signed does not count.
Why it matters: training that anybody can write down for anybody shows nothing.

Cannot see: who sat at the keyboard, results that were deleted before anything counted them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tetrapylon.evidence.envelope import read_envelope
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.person import signed_by, stands_for
from tetrapylon.evidence.predicate import decode, predicate_type
from tetrapylon.evidence.statement import Statement, read_statement
from tetrapylon.evidence.trust import Trust, verify_chain
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

PREDICATE = "training-result"
FOLDER = "training"
"""In the folder of the state; it is personal, and version control does not keep it."""

RECORDER = "reviewer"
"""The role whose key may record a result for somebody else, as the policy has it for `training`."""

MOST = 100_000
"""Results that are read."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result under a signature that counts."""

    person: str
    module: str
    module_digest: str
    attempt: int
    score: float
    practical: Literal["correct", "wrong", "unknown"]
    passed: bool
    completed: str
    expires: str
    classes: frozenset[str]
    how: Literal["taken", "imported"]
    on_behalf: bool
    digest: Digest
    """The digest of the file."""


def folder_of(state: Path) -> Path:
    """Return where results are."""
    return state / FOLDER


def files_of(state: Path) -> list[Path]:
    """Return the files of results, by name.

    Raises:
        UsageError: there are more than are read.
    """
    folder = folder_of(state)
    found = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if len(found) > MOST:
        raise UsageError(f"`{folder}` holds more than {MOST} results", code="too-many-files")
    return found


def load_trust(state: Path) -> Trust | None:
    """Return the system's root of trust, or None where there is none.

    Raises:
        IntegrityError: it is broken.
    """
    folder = state / "trust"
    paths = [each for each in (folder.glob("*.root.json") if folder.is_dir() else ()) if each.name.partition(".")[0].isdecimal()]
    roots = [read_bytes(each, BOUNDS.json) for each in sorted(paths, key=lambda each: int(each.name.partition(".")[0]))]
    return verify_chain(roots, roots[0], check_native) if roots else None


def read_results(state: Path, facts: Mapping[str, Json]) -> tuple[list[Result], dict[str, str]]:
    """Return the results that count, and why each of the others does not, by file name."""
    found: list[Result] = []
    refused: dict[str, str] = {}
    paths = files_of(state)
    trust = load_trust(state) if paths else None
    for path in paths:
        try:
            if trust is None:
                raise IntegrityError("there is no root of trust to check it by", code="no-trust")
            found.append(read_result(read_bytes(path, BOUNDS.json), trust, facts, path.name))
        except TetrapylonError as error:
            refused[path.name] = error.message
    return found, refused


def read_result(data: bytes, trust: Trust, facts: Mapping[str, Json], name: str = "a result") -> Result:
    """Return the result in the bytes.

    Raises:
        IntegrityError: it is none, or it does not count: another system's, of another digest than it says, an unknown or ended
            key, or somebody else's.
    """
    envelope = read_envelope(data, f"`{name}`")
    statement = read_statement(envelope.payload, f"`{name}`")
    if statement.predicate_type != predicate_type(PREDICATE):
        raise IntegrityError(f"`{name}` is no result of a training", code="malformed")
    decode(PREDICATE, statement.predicate)
    result = _result(statement, sha256(data))
    _consistent(statement, facts, name)
    recorded = statement.observed_to
    assert recorded is not None
    holder = signed_by(envelope, trust, recorded, f"`{name}`")
    if not stands_for(holder, result.person, facts) and RECORDER not in holder.roles:
        said = f"`{name}` is of `{result.person}`, but the key is that of `{holder.holder}`, who may not record it"
        raise IntegrityError(said, code="wrong-person")
    return result


def _result(statement: Statement, digest: Digest) -> Result:
    found = statement.predicate
    # What another system recorded was completed before it was imported.
    completed = found["observedFrom"] if found["how"] == "imported" else found["observedTo"]
    return Result(
        person=found["person"],
        module=found["module"],
        module_digest=found["moduleDigest"],
        attempt=found["attempt"],
        score=float(found["score"]),
        practical=found["practical"],
        passed=found["passed"],
        completed=completed,
        expires=found["expires"],
        classes=frozenset(found["classes"]),
        how=found["how"],
        on_behalf=bool(found.get("onBehalf", False)),
        digest=digest,
    )


def _consistent(statement: Statement, facts: Mapping[str, Json], name: str) -> None:
    """Check that what it says fits together.

    Raises:
        IntegrityError: it does not.
    """
    found = statement.predicate
    if found["system"] != facts["system"]["id"]:
        raise IntegrityError(f"`{name}` is of another system", code="other-system")
    about = {found["moduleDigest"], found.get("itemsDigest") or found.get("source")}
    if about != statement.digests():
        raise IntegrityError(f"`{name}` is about another module or other items than it says", code="subject-mismatch")
    if found["person"] not in {each["id"] for each in facts.get("person", ())}:
        raise IntegrityError(f"`{name}` is of `{found['person'][:40]}`, whom the manifest does not know", code="unknown-person")
    if not 0 <= found["score"] <= 1 or (found["passed"] and found["score"] < found["threshold"]):
        raise IntegrityError(f"`{name}` has a score that cannot be", code="bad-score")
    if statement.observed_from is None or statement.observed_to is None or statement.observed_from > statement.observed_to:
        raise IntegrityError(f"`{name}` does not say when it was", code="malformed")
