"""All families, the digest of the pack that they make, and which of them a declared system needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tetrapylon.deploy.release.family import RANK, Family
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import Shelf, package_source

SHELF = Shelf("tetrapylon.deploy.release.families")
PACK = (
    "tetrapylon.deploy.release.families",
    "tetrapylon.deploy.release.oracles",
    "tetrapylon.deploy.release.crafting",
    "tetrapylon.deploy.release.text",
    "tetrapylon.deploy.release.family",
    "tetrapylon.deploy.release.controls",
)


@lru_cache(maxsize=1)
def families() -> Mapping[str, Family]:
    """Return every family by its id, the gravest first."""
    found: list[Family] = [part.FAMILY for part in SHELF.values()]
    return {each.id: each for each in sorted(found, key=lambda each: (RANK[each.severity], each.number))}


@lru_cache(maxsize=1)
def pack_digest() -> Digest:
    """Return the digest over everything that decides which prompts there are and how answers are judged."""
    return sha256("\0".join(package_source(each) for each in PACK).encode())


@dataclass(frozen=True, slots=True)
class Chosen:
    """A family, and why it is tried or not."""

    family: Family
    included: bool
    reason: str
    threats: tuple[str, ...] = ()
    """The declared threats that it tries."""


def choose(declared: Mapping[str, str] | None, named: Sequence[str] = ()) -> list[Chosen]:
    """Return each family with the reason for its inclusion or exclusion.

    `declared` are the system's threats (`kind@element`) and their severities; None where no system is declared, which includes all.

    Raises:
        UsageError: a family that was named does not exist (`no-such-family`).
    """
    unknown = sorted(set(named) - set(families()))
    if unknown:
        raise UsageError(f"there is no family `{unknown[0]}`", hint=f"known: {', '.join(families())}", code="no-such-family")
    return sorted((_choice(each, declared, named) for each in families().values()), key=lambda each: _rank(each, declared or {}))


def _choice(family: Family, declared: Mapping[str, str] | None, named: Sequence[str]) -> Chosen:
    tried = tuple(sorted(each for each in declared or () if kind_of(each) in family.threats))
    if named:
        return Chosen(
            family, family.id in named, "named on the command line" if family.id in named else "not named on the command line", tried
        )
    if declared is None:
        return Chosen(family, included=True, reason="no system is declared, so every family is tried")
    if tried:
        return Chosen(family, included=True, reason=f"tries {len(tried)} declared threats, such as `{tried[0]}`", threats=tried)
    return Chosen(family, included=False, reason=f"no declared threat is of the kinds {', '.join(family.threats)}")


def _rank(chosen: Chosen, declared: Mapping[str, str]) -> tuple[int, int]:
    """Return the place in the order of work: the severity of the declared threats, or the family's own."""
    grave = [RANK.get(declared[each], len(RANK)) for each in chosen.threats if each in declared]
    return (min(grave, default=RANK[chosen.family.severity]), chosen.family.number)


def kind_of(threat: str) -> str:
    """Return the kind of a threat such as `direct-injection@hosted-model:assistant`."""
    return threat.partition("@")[0]


def uncovered(declared: Iterable[str], kinds: Iterable[str], tried: Iterable[str]) -> list[str]:
    """Return the declared threats of kinds that a red team should try, and that nothing tried."""
    wanted, done = set(kinds), set(tried)
    return sorted(each for each in declared if kind_of(each) in wanted and kind_of(each) not in done)
