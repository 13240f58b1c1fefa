"""Examine every part from outside: whose it is, whether it is held to one version, who vouches for it, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tetrapylon.develop.supply.decisions import FILE, Decisions
from tetrapylon.develop.supply.finding import Finding
from tetrapylon.develop.supply.origin import unpinned_models, unverified_parts, without_supplier
from tetrapylon.develop.supply.packages import declared_locks, unhashed, unlocked, unpinned
from tetrapylon.develop.supply.sources import Allowed, outside_indexes, outside_packages
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.content import Recognised, recognised_in
from tetrapylon.outside.view import View


@dataclass(frozen=True)
class Supply:
    """What is the matter with the parts from outside."""

    without_supplier: tuple[Finding, ...]
    unpinned: tuple[Finding, ...]
    unverified: tuple[Finding, ...]
    outside_sources: tuple[Finding, ...]
    marked: tuple[Finding, ...]
    """What would be unpinned or unverified, had nobody said so with a reason and an end."""

    runs_code: tuple[Recognised, ...]
    """Model files that can run code when they are loaded."""

    unseen: tuple[str, ...]
    """Locks and lines of them that could not be read."""


def examine(view: View) -> Supply:
    """Return what is the matter with the parts from outside."""
    decisions = decisions_beside(view.root, FILE, Decisions, view.facts)
    locks = declared_locks(view)
    allowed, marked = Allowed([each.url for each in decisions.source]), decisions.marked(view.now())
    loose = [*(each for lock in locks.read for each in unpinned(lock)), *unpinned_models(view.facts)]
    loose += unlocked(view.repository, tuple(view.facts["system"].get("locks", ())))
    recognised = list(recognised_in(view.repository))
    liars = tuple(each for each in recognised if each.disagrees)
    doubtful = [*(each for lock in locks.read for each in unhashed(lock)), *unverified_parts(view), *map(_lie, liars)]
    outside = [each for lock in locks.read for each in outside_packages(lock, allowed)]
    return Supply(
        without_supplier=tuple(without_supplier(view.facts, decisions)),
        unpinned=_left(loose, marked),
        unverified=_left(doubtful, marked),
        outside_sources=(*outside, *outside_indexes(view.repository, allowed)),
        marked=tuple(each for each in (*loose, *doubtful) if each.id in marked),
        runs_code=tuple(each for each in recognised if each.runs_code),
        unseen=locks.unseen,
    )


def _lie(file: Recognised) -> Finding:
    """Return the finding that a file is not what its name says: whoever trusts the name loads something else."""
    return Finding(file.path, file.path, f"its name promises {' or '.join(file.promised)}, and its content is {file.format}")


def _left(found: Iterable[Finding], marked: set[str]) -> tuple[Finding, ...]:
    return tuple(each for each in found if each.id not in marked)
