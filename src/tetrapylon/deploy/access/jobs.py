"""Whether training and building run under identities of their own: keys that may do this and nothing else.

In this system a job is known by the key that signs what it leaves. A key that builds and releases could release what it built
itself; a holder of both is one identity, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tetrapylon.deploy.access.looked import Looked
from tetrapylon.evidence.rootfile import Grant, read_root
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.files import read_bytes

BUILD = "build"
ALONE = frozenset({BUILD, "scanner"})
"""Roles that machines hold while they make things; deciding about what was made is for others."""


def identities(root: Path, now: str) -> Looked:
    """Look at every key that may build."""
    looked = Looked()
    try:
        data = read_bytes(_newest(root))
        grants = list(read_root(data).grants.values())
    except TetrapylonError as error:
        looked.unseen.append(f"who builds is not known: {error.message}")
        return looked
    return judged(grants, now)


def judged(grants: Sequence[Grant], now: str) -> Looked:
    """Look at what else the keys and holders may do that may build now."""
    looked = Looked()
    valid = [each for each in grants if each.revoked_at is None and each.not_before <= now <= each.not_after]
    building = [each for each in valid if BUILD in each.roles]
    if not building:
        looked.unseen.append("no key may build models, so nothing tells a training job from anybody else")
    for each in building:
        looked.count += 1
        same = [other for other in valid if other.key.spki == each.key.spki or other.holder == each.holder]
        more = {role for other in same for role in other.roles} - ALONE
        if more:
            looked.wrong.append(f"`{each.holder}`, whose key builds, may also act as {', '.join(sorted(more))}")
    return looked


def _newest(root: Path) -> Path:
    folder = root / ".tetrapylon" / "trust"
    found = [each for each in folder.glob("*.root.json") if each.name.partition(".")[0].isdecimal()]
    return max(found, key=lambda each: int(each.name.partition(".")[0]), default=folder / "1.root.json")
