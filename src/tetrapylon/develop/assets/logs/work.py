"""Look at the journal of what passed through: is it confidential, intact, available, complete, within scope and redacted?

Reads: the segments and keys of the journal, the heads that were anchored in the log, the grants of the manifest, the setting for
retention. Leaves: `journal-check`, and `journal-head`, which anchors what was seen. Without a journal nothing is left.
Cannot see: requests that went past the gateway, records of the last run that were cut off at their very end before anything was
anchored, personal data of kinds that have no form, and whether the body is what was really said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tetrapylon.develop.assets.logs.measure import PROBE, Asked, Measured, measure
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.journal.heads import Head, newest, read_head
from tetrapylon.journal.place import journal_folder, journal_key, open_ring
from tetrapylon.journal.searching import segments
from tetrapylon.journal.segment import segment_name
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.files import hash_file
from tetrapylon.outside.secret import passphrase_from_environment
from tetrapylon.outside.view import View

PART = "develop/assets/logs"
"""As statements name this part."""

PRACTICES = ("SV2.9", "SV2.10", "SP3.8", "SO2.1", "SO2.2")


def observe(view: View) -> Iterator[Observation]:
    """Yield what the journal is like, and its heads; nothing where there is no journal."""
    if not segments(journal_folder(view.root)):
        return
    started = view.now()
    try:
        ring = open_ring(view.root, passphrase_from_environment())
        days = int(view.settings["journal-retention-days"])
        found = measure(
            Asked(journal_folder(view.root), journal_key(view.root), ring, view.facts, anchored_heads(view), days),
        )
    except TetrapylonError as error:
        found = Measured({}, [error.message])
    yield from observations(found, manifest_of(view), view.tool, (started, view.now()))


def inputs(view: View) -> Json:
    """Return what the answers follow from: every segment and key, what was anchored, and the rule for retention."""
    folder = journal_folder(view.root)
    names = [segment_name(*each) for each in segments(folder) if each[0] != PROBE]
    files = {f"{name}/{file}": _digest(folder / name / file) for name in names for file in ("records", "keys")}
    files |= {"notes": _digest(folder / "notes.json")}
    # What this part anchored itself follows from the files; what others anchored may say that there was more.
    others = [each.payload for each in view.evidence("journal-head") if (each.payload.get("tool") or {}).get("part") != PART]
    heads = [each.as_json() for each in newest(heads_in(others)).values()]
    return {"files": files, "anchored": heads, "retention": view.settings["journal-retention-days"]}


def anchored_heads(view: View) -> list[Head]:
    """Return the heads that the log holds."""
    return heads_in(each.payload for each in view.evidence("journal-head"))


def heads_in(payloads: Iterable[Mapping[str, Json]]) -> list[Head]:
    """Return the heads that `journal-head` statements hold."""
    return [read_head(each) for payload in payloads for each in payload["heads"]]


def manifest_of(view: View) -> Subject:
    """Return the asset that the practices are about; it follows from the manifest alone, so no other file need be there."""
    return Subject("manifest", sha256(canonical_json(view.facts)))


def observations(found: Measured, about: Subject, tool: Mapping[str, Json], times: tuple[str, str]) -> Iterator[Observation]:
    """Yield the statements that a measurement makes."""
    payload = {**{name: value for name, value in found.answers.items() if value is not None}, "tool": dict(tool), "detail": found.detail}
    yield Observation("journal-check", (about,), payload, *times, "scanner")
    if found.report.heads and found.report.intact:
        yield anchor(found.report.heads, tool, times)


def anchor(heads: Iterable[Head], tool: Mapping[str, Json], times: tuple[str, str]) -> Observation:
    """Return the statement that anchors heads."""
    rows = [each.as_json() for each in newest(heads).values()]
    about = Subject("journal", sha256(canonical_json(rows)))
    return Observation("journal-head", (about,), {"heads": rows, "tool": dict(tool)}, *times, "scanner")


def _digest(path: Path) -> str | None:
    return str(hash_file(path)) if path.is_file() else None
