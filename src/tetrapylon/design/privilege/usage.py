"""Which grants were ever used, as the journal of the running system tells; where there is no journal nothing is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.place import journal_folder, open_ring
from tetrapylon.journal.searching import Hit, Query, search, segments
from tetrapylon.kernel.canonical import Json, read_json
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError
from tetrapylon.system.caller import PROBING

MOST_ENTRIES = 2000
"""Answers of one principal that are opened to see which tools they called."""

_ANSWERED = ("answer", "stream")


def grants(facts: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return every grant as principal and what is granted."""
    return [(each["id"], grant) for table in ("group", "service") for each in facts.get(table, ()) for grant in each.get("may", ())]


def unused(root: Path, facts: Mapping[str, Json], passphrase: bytes | None) -> list[tuple[str, str]] | None:
    """Return the grants of which the journal shows no use; None where there is no journal, or it cannot be read."""
    folder = journal_folder(root)
    try:
        if not segments(folder):
            return None
        ring = open_ring(root, passphrase)
        return [each for each in grants(facts) if not _used(folder, ring, *each)]
    except TetrapylonError:
        return None


def _used(folder: Path, ring: Ring, principal: str, grant: str) -> bool:
    action, _, resource = grant.partition(":")
    if action in {"chat", "infer"}:
        words = {"principal": principal, "model": resource}
        # One is enough, unless it is a probe of ours, which shows that a grant works and not that anybody needs it.
        return any(_asked(folder, ring, words, _ANSWERED, most) for most in (1, MOST_ENTRIES))
    found = _asked(folder, ring, {"principal": principal}, (*_ANSWERED, "hold"), MOST_ENTRIES)
    if action == "call":
        return any(resource in _called(each.entry.body) for each in found if each.entry is not None)
    return any(resource in each.entry.labels.get("data", "").split(",") for each in found if each.entry is not None)


def _asked(folder: Path, ring: Ring, words: Mapping[str, str], kinds: tuple[str, ...], most: int) -> list[Hit]:
    """Return the newest entries, without those that probes of access left."""
    found = search(folder, ring, Query(words, kinds, limit=most)).found
    return [each for each in found if each.entry is None or not each.entry.tenant.startswith(PROBING)]


def _called(body: bytes) -> set[str]:
    """Return the names of the tools that an answer calls."""
    try:
        return set(_functions(read_json(body, "an entry")))
    except IntegrityError:
        return set()


def _functions(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        function = value.get("function")
        if isinstance(function, dict) and isinstance(function.get("name"), str):
            yield function["name"]
        for each in value.values():
            yield from _functions(each)
    elif isinstance(value, list):
        for each in value:
            yield from _functions(each)
