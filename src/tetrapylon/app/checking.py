"""Look at a folder: find its AI and what is dangerous about it, without a manifest, a key or a network, writing nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tetrapylon.app.baseline import Baseline, baseline_bytes, read_baseline
from tetrapylon.app.checked import Checked, Suppressed, by_harm
from tetrapylon.app.fingerprint import Noted, noted
from tetrapylon.app.looks import look_everywhere, rules_version
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.repository.state import folder_state
from tetrapylon.system.finding import Severity, Unseen

if TYPE_CHECKING:
    from tetrapylon.outside.repository.view import Repository


@dataclass(frozen=True)
class Wanted:
    """What is to be looked at, and what it is compared with."""

    root: Path
    only: tuple[str, ...] = ()
    """Files below the root, where not everything is to be looked at."""

    baseline: Path | None = None
    own: tuple[Path, ...] = ()
    """Files of ours that may lie in the folder: they are no part of what is looked at."""

    fail_on: Severity = "low"
    anew: bool = False
    """Look even if nothing changed since the baseline."""

    def left_out(self) -> frozenset[str]:
        """Return the names, below the root, of files that are ours."""
        root = self.root.resolve()
        paths = [each.resolve() for each in (*self.own, *((self.baseline,) if self.baseline else ()))]
        return frozenset(each.relative_to(root).as_posix() for each in paths if each.is_relative_to(root))


@dataclass(frozen=True)
class Answer:
    """What was found, and the baseline that would know all of it."""

    checked: Checked
    everything: tuple[Noted, ...]
    state: str
    """The digest of what was looked at, empty where it was not all."""

    def baseline(self) -> bytes:
        """Return the baseline file that knows everything that was found."""
        return baseline_bytes(self.checked, self.everything, self.state)


def check(wanted: Wanted) -> Answer:
    """Look, or say that the old answer stands where nothing changed since the baseline.

    Raises:
        UsageError: the root is not a folder, or the baseline is not one.
        MissingError: the baseline, or a file that was named, is not there.
    """
    if not wanted.root.is_dir():
        raise UsageError(f"`{wanted.root}` is not a folder", hint="name a folder, or files in it", code="not-a-folder")
    known = read_baseline(wanted.baseline) if wanted.baseline else None
    state = "" if wanted.only else _state(wanted)
    if known and state and known.state == state and not wanted.anew:
        return Answer(_unchanged(known, wanted), (), state)
    return _looked(wanted, known, state)


def _state(wanted: Wanted) -> str:
    """Return the digest of everything that the answer follows from."""
    return sha256(f"{folder_state(wanted.root, wanted.left_out())}\n{rules_version()}".encode())


def _unchanged(known: Baseline, wanted: Wanted) -> Checked:
    return Checked(
        known.found,
        (),
        suppressed=known.suppressed,
        unseen=known.unseen,
        known=known.findings,
        excused=known.unread,
        files=known.files,
        fail_on=wanted.fail_on,
    )


def _looked(wanted: Wanted, known: Baseline | None, state: str) -> Answer:
    repository = _read(wanted)
    looked = look_everywhere(repository)
    everything = list(noted(looked.findings, repository))
    allowed = _allowed(everything, repository)
    excused = {one.noted for one in allowed}
    counted = [each for each in everything if each not in excused]
    new = [each for each in counted if known is None or each.fingerprint not in known.known]
    checked = Checked(
        looked.found,
        tuple(sorted(new, key=by_harm)),
        suppressed=tuple(allowed),
        unseen=tuple(sorted(repository.unseen)),
        failed=looked.failed,
        known=None if known is None else len(counted) - len(new),
        excused=known.unread if known else frozenset(),
        files=len(repository.files) + len(repository.artefacts),
        fail_on=wanted.fail_on,
    )
    # Where a look failed there is no answer that could stand for a later one.
    return Answer(checked, tuple(counted), "" if looked.failed else state)


def _read(wanted: Wanted) -> Repository:
    """Read what is wanted; what was named and is not read is said."""
    from tetrapylon.outside.repository.read import read_repository

    own, only = wanted.left_out(), frozenset(wanted.only)
    if not only:
        return read_repository(wanted.root, chosen=lambda name: name not in own)
    repository = read_repository(wanted.root, chosen=only.__contains__)
    said = tuple(each for each in repository.unseen if each.path in only)
    rest = only - repository.paths - {each.path for each in said}
    return replace(
        repository, unseen=(*said, *(Unseen(each, "lies in a folder that is left out", deliberate=True) for each in sorted(rest)))
    )


def _allowed(everything: list[Noted], repository: Repository) -> list[Suppressed]:
    """Return the findings that a comment allows, with its reason."""
    from tetrapylon.outside.repository.allowing import Allowed, split_allowed

    split = zip(everything, split_allowed(repository, (each.finding for each in everything)), strict=True)
    return [Suppressed(each, said.reason) for each, said in split if isinstance(said, Allowed)]
