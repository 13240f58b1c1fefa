"""Versions of packages in their order: PEP 440 for Python, semantic versions for npm; and ranges of them as OSV writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tetrapylon.kernel.canonical import Json

Key = tuple[Any, ...]

_PEP440 = re.compile(
    r"v?(?:(?P<epoch>\d{1,9})!)?(?P<release>\d{1,18}(?:\.\d{1,18}){0,20})"
    r"(?:[-_.]?(?P<pre>a|b|c|rc|alpha|beta|pre|preview)[-_.]?(?P<pren>\d{0,18}))?"
    r"(?:-(?P<post1>\d{1,18})|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<postn>\d{0,18}))?"
    r"(?:[-_.]?(?P<dev>dev)[-_.]?(?P<devn>\d{0,18}))?(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+){0,20}))?",
    re.ASCII,
)
_SEMVER = re.compile(
    r"v?(\d{1,18})\.(\d{1,18})\.(\d{1,18})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+){0,40}))?(?:\+[0-9A-Za-z.-]{1,200})?", re.ASCII
)
_PHASES = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
_FIRST, _LAST = (-1,), (1,)


def python_key(text: str) -> Key | None:
    """Return what Python versions sort by, or None where the text is none (PEP 440)."""
    found = _PEP440.fullmatch(text.strip().lower())
    if found is None:
        return None
    release = [int(each) for each in found["release"].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    post = found["post1"] if found["post1"] is not None else (found["postn"] or "0") if found["post"] else None
    dev = (found["devn"] or "0") if found["dev"] else None
    if found["pre"]:
        pre: Key = (0, _PHASES.get(found["pre"], found["pre"]), int(found["pren"] or 0))
    else:
        # A development version of a final one comes before its previews.
        pre = _FIRST if post is None and dev is not None else _LAST
    local = tuple((1, int(each), "") if each.isdigit() else (0, 0, each) for each in re.split(r"[-_.]", found["local"] or "") if each)
    return (
        int(found["epoch"] or 0),
        tuple(release),
        pre,
        _FIRST if post is None else (0, int(post)),
        _LAST if dev is None else (0, int(dev)),
        local,
    )


def npm_key(text: str) -> Key | None:
    """Return what semantic versions sort by, or None where the text is none (semver 2.0.0, section 11)."""
    found = _SEMVER.fullmatch(text.strip())
    if found is None:
        return None
    preview = tuple((0, int(each), "") if each.isdigit() else (1, 0, each) for each in (found[4] or "").split(".") if each)
    return (int(found[1]), int(found[2]), int(found[3]), (0, preview) if preview else (1, ()))


KEYS: Mapping[str, Callable[[str], Key | None]] = {"pypi": python_key, "npm": npm_key}


def affects(ecosystem: str, version: str, listed: Sequence[str], ranges: Sequence[Sequence[tuple[str, str]]]) -> bool | None:
    """Return whether an advisory's versions or ranges hold the version; None where it or a bound cannot be compared.

    A range is a list of events: `introduced`, `fixed`, `last_affected`, each with a version.
    """
    key_of = KEYS[ecosystem]
    wanted = key_of(version)
    if version in listed or (wanted is not None and any(key_of(each) == wanted for each in listed)):
        return True
    if wanted is None:
        return None
    answers = [_in_range(key_of, wanted, each) for each in ranges]
    return True if True in answers else None if None in answers else False


def _in_range(key_of: Callable[[str], Key | None], wanted: Key, events: Sequence[tuple[str, str]]) -> bool | None:
    bounds: list[tuple[Key, str]] = []
    for kind, text in events:
        key = () if kind == "introduced" and text == "0" else key_of(text)
        if key is None:
            return None
        bounds.append((key, kind))
    inside = False
    for key, kind in sorted(bounds, key=lambda each: each[0]):
        if kind == "introduced" and key <= wanted:
            inside = True
        elif (kind == "fixed" and key <= wanted) or (kind == "last_affected" and key < wanted):
            inside = False
    return inside


def events_of(ranges: Json) -> list[list[tuple[str, str]]]:
    """Return the events of OSV's ranges; those of repositories are of commits, which no lock compares."""
    found = []
    for each in ranges if isinstance(ranges, list) else ():
        if isinstance(each, dict) and each.get("type") in {"ECOSYSTEM", "SEMVER"}:
            events = each.get("events")
            pairs = [pair for event in events if isinstance(event, dict) for pair in event.items()] if isinstance(events, list) else []
            found.append(
                [(kind, text) for kind, text in pairs if kind in {"introduced", "fixed", "last_affected"} and isinstance(text, str)]
            )
    return found
