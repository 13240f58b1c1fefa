"""What changed decides the version: the rule, and whether a release followed it.

* another model or dataset: the first number rises;
* another prompt, guard, policy, tool, code or lock: the second number rises at least;
* anything else that is declared: the third number rises at least.
Settings of this tool and its own policy are no part of what is delivered and decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tetrapylon.outside.view import Past
from tetrapylon.system.assets import Asset, diff
from tetrapylon.system.manifest import GATE_POLICY

Numbers = tuple[int, int, int]

LEVELS = ("none", "patch", "minor", "major")

_MAJOR = frozenset({"model-file", "model-hosted", "dataset"})
_MINOR = frozenset({"prompt", "guard", "policy", "tool", "code", "lock"})
_NUMBERS = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a version is the one that the changes ask for."""

    followed: bool
    needs: str
    """The least step that the changes ask for: one of `LEVELS`."""

    because: str
    """One sentence."""

    changes: tuple[str, ...] = ()
    """What changed, as `kind id`."""


def level_of(asset: Asset) -> int:
    """Return the place in `LEVELS` that a change of this asset asks for."""
    if asset.kind == "configuration" or (asset.kind == "policy" and asset.id == GATE_POLICY):
        return 0
    return 3 if asset.kind in _MAJOR else 2 if asset.kind in _MINOR else 1


def judge(version: str, assets: Sequence[Asset], earlier: Iterable[Past]) -> Judged:
    """Return whether the version follows the rule, given everything that was released before, oldest first."""
    before = list(earlier)
    if _NUMBERS.fullmatch(version) is None:
        return Judged(followed=False, needs="none", because=f"the version `{version[:40]}` is not three numbers such as `1.2.3`")
    if not before:
        return Judged(followed=True, needs="none", because="nothing was released before, so any version is the first")
    # Against the same version first: what it named once, it names for ever.
    same = [each for each in before if each.release == version]
    return _compared(version, assets, same[0] if same else before[-1])


def _compared(version: str, assets: Sequence[Asset], last: Past) -> Judged:
    changed = _changed(last.assets, assets)
    needed = max((level_of(each) for each in changed), default=0)
    if last.release != version and needed <= 1:
        # The manifest names the version, so it always differs between two of them.
        needed = max(needed, 1)
    names = tuple(f"{each.kind} {each.id}" for each in changed if level_of(each) == needed)
    step = _step(last.release, version)
    why = f"{', '.join(names[:3])} changed since {last.release}" if names else f"nothing that is delivered changed since {last.release}"
    if needed == 0 or step >= needed:
        return Judged(followed=True, needs=LEVELS[needed], because=why, changes=names)
    return Judged(
        followed=False,
        needs=LEVELS[needed],
        because=f"{why}, which asks for a new {LEVELS[needed]} version than {last.release}, and the manifest says {version}",
        changes=names,
    )


def _changed(old: Sequence[Asset], new: Sequence[Asset]) -> list[Asset]:
    found = diff(old, new)
    changed = [*found.added, *found.removed, *(after for _, after in found.changed)]
    return [each for each in changed if level_of(each) > 0]


def _step(old: str, new: str) -> int:
    """Return which step leads from one version to the other: the place in `LEVELS`, 0 where it is none or goes back."""
    before, after = _NUMBERS.fullmatch(old), _NUMBERS.fullmatch(new)
    if after is None:
        return 0
    if before is None:
        return 3
    first, second = [tuple(int(each) for each in found.groups()) for found in (before, after)]
    if second <= first:
        return 0
    return 3 if second[0] > first[0] else 2 if second[1] > first[1] else 1
