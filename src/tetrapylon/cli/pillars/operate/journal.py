"""The record of what passed through: check, search, export, erase, hold, delete, take in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def command() -> None:
    """The record of what passed through: check, search, export, erase, hold, delete, take in."""


def who_options(function: F) -> F:
    """Add `--by` and `--why`: access to the journal is recorded."""
    function = click.option("--why", required=True, help="Why, for the record.")(function)
    return click.option("--by", required=True, metavar="PERSON", help="Who asks, for the record.")(function)


def journal_options(function: F) -> F:
    """Add what every command here takes."""
    return passphrase_option(common_options(function))


@command.command()
@journal_options
def start(*, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Make the journal's key, where there is no journal yet."""
    from tetrapylon.app import journalling

    desk = journalling.open_desk(directory, passphrase_file, make=True)
    _warn(desk.ring.warnings)
    data = {"schema": "tetrapylon/journal-start/1", "key": "journal.key", "warnings": list(desk.ring.warnings), "exit": 0}
    emit(data, ["the journal's key is `.tetrapylon/keys/journal.key`"], as_json=as_json)
    return 0


@command.command()
@click.option("--seed", "seeds", multiple=True, help="Personal data that was sent on purpose, and must not be found (repeatable).")
@click.option("--export", "export_file", metavar="FILE", help="Check an export instead, against what the log of evidence anchors.")
@click.option("--record/--no-record", default=True, help="Leave evidence of what was found.", show_default=True)
@journal_options
def verify(
    *, seeds: tuple[str, ...], export_file: str | None, record: bool, passphrase_file: str | None, directory: str | None, as_json: bool
) -> int:
    """Check every record and key, and measure what the practices ask of the journal.

    Ends with 4 where it is damaged, 1 where something is wrong, 3 where something could not be measured.
    """
    from tetrapylon.app import journalling
    from tetrapylon.cli.journalview import measured_rows

    desk = journalling.open_desk(directory, passphrase_file)
    _warn(desk.ring.warnings)
    if export_file is not None:
        held = journalling.check_export(desk, Path(export_file))
        seen = {"schema": "tetrapylon/journal-export-check/1", "tenant": held.tenant, "entries": held.entries, "erased": held.erased}
        emit({**seen, "exit": 0}, [f"{held.entries} entries of `{held.tenant}` are what was recorded"], as_json=as_json)
        return 0
    found, filed = journalling.verify(desk, seeds, record=record)
    data, lines = measured_rows(found, filed)
    emit(data, lines, as_json=as_json)
    return int(data["exit"])


@command.command()
@journal_options
def anchor(*, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Put the root over every segment into the log of evidence, so that a lost end is found."""
    from tetrapylon.app import journalling

    desk = journalling.open_desk(directory, passphrase_file)
    heads, filed = journalling.anchor(desk)
    rows = [each.as_json() for each in heads]
    records = [each.index for each in filed]
    lines = [f"  {each.segment:<20} {each.records:>8} records  {each.root[:16]}  {'sealed' if each.sealed else 'open'}" for each in heads]
    emit({"schema": "tetrapylon/journal-anchor/1", "heads": rows, "records": records, "exit": 0}, lines, as_json=as_json)
    return 0


@command.command()
@click.option("--tenant", help="Only entries of this tenant.")
@click.option("--subject", help="Only entries about this person.")
@click.option("--principal", help="Only entries of who used this group or service.")
@click.option("--route", help="Only entries of this route.")
@click.option("--model", help="Only entries of this model.")
@click.option("--verdict", help="Only entries with this verdict.")
@click.option("--kind", "kinds", multiple=True, help="Only entries of this kind (repeatable).")
@click.option("--from", "start", metavar="TIME", help="Only entries from then on (UTC, such as 2026-01-31T12:00:00Z).")
@click.option("--to", "end", metavar="TIME", help="Only entries until then.")
@click.option("--text", default="", help="Only entries whose body holds this text, in any case of letters.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000), help="Entries at most, the newest first.")
@who_options
@journal_options
def search(*, by: str, why: str, passphrase_file: str | None, directory: str | None, as_json: bool, **wanted: Any) -> int:
    """Search the journal, the newest first; the search itself is recorded."""
    from tetrapylon.app import journalling
    from tetrapylon.cli.journalview import hit_rows, query_of
    from tetrapylon.journal.access import Who

    desk = journalling.open_desk(directory, passphrase_file)
    hits = journalling.search(desk, Who(by, why), query_of(wanted))
    data, lines = hit_rows(hits)
    emit(data, lines, as_json=as_json)
    return int(data["exit"])


@command.command()
@click.option("--tenant", required=True, help="Whose entries.")
@click.option("--to", "target", required=True, metavar="FILE", help="Where to, as JSON Lines; an existing file is kept.")
@who_options
@journal_options
def export(*, tenant: str, target: str, by: str, why: str, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Write one tenant's entries with proofs that anybody can check without a key; the export itself is recorded."""
    from tetrapylon.app import journalling
    from tetrapylon.journal.access import Who

    desk = journalling.open_desk(directory, passphrase_file)
    held, anchored = journalling.export(desk, Who(by, why), tenant, Path(target))
    data = {"tenant": tenant, "target": target, "entries": held.entries, "erased": held.erased, "anchored": anchored, "exit": 0}
    where = "anchored in the log of evidence" if anchored else "not anchored: this system has no trust root yet"
    lines = [f"{target}: {held.entries} entries, {held.erased} erased; {where}"]
    emit({"schema": "tetrapylon/journal-export-made/1", **data}, lines, as_json=as_json)
    return 0


@command.command()
@click.argument("subject")
@click.option("--tenant", default="", help="Only within this tenant.")
@who_options
@journal_options
def erase(*, subject: str, tenant: str, by: str, why: str, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Destroy the keys of all records about SUBJECT; the chain stays whole, and the records read as erased."""
    from tetrapylon.app import journalling
    from tetrapylon.journal.access import Who

    desk = journalling.open_desk(directory, passphrase_file)
    keys = journalling.erase_subject(desk, Who(by, why), subject, tenant)
    segments = sorted({each for each, _ in keys})
    data = {"schema": "tetrapylon/journal-erase/1", "keys": len(keys), "segments": segments, "exit": 0}
    said = f"{len(keys)} keys in {len(segments)} segments are destroyed" if keys else "there was nothing about this subject"
    emit(data, [said], as_json=as_json)
    return 0


@command.command()
@click.option("--name", help="A short name for the hold.")
@click.option("--from", "start", metavar="TIME", help="Records from then on (default: from the first).")
@click.option("--to", "end", metavar="TIME", help="Records until then (default: also those to come).")
@click.option("--release", "released", metavar="NAME", help="Take this hold away.")
@who_options
@journal_options
def hold(*, by: str, why: str, passphrase_file: str | None, directory: str | None, as_json: bool, **wanted: Any) -> int:
    """Put records of a time on hold, so that nothing of them is deleted or erased; or release a hold."""
    from tetrapylon.app import journalling
    from tetrapylon.cli.journalview import moment
    from tetrapylon.journal.access import Who
    from tetrapylon.journal.searching import FOREVER
    from tetrapylon.kernel.errors import UsageError

    if (wanted["name"] is None) == (wanted["released"] is None):
        raise UsageError("give either `--name` for a new hold or `--release`", code="bad-hold")
    desk = journalling.open_desk(directory, passphrase_file)
    if wanted["released"] is not None:
        done, said = journalling.release(desk, Who(by, why), wanted["released"]), "released"
    else:
        start, end = moment(wanted["start"], 0), moment(wanted["end"], FOREVER)
        done, said = journalling.hold(desk, Who(by, why), wanted["name"], start, end), "on hold"
    emit(
        {"schema": "tetrapylon/journal-hold/1", "hold": done.as_json(), "state": said, "exit": 0}, [f"{done.name}: {said}"], as_json=as_json
    )
    return 0


@command.command()
@who_options
@journal_options
def retire(*, by: str, why: str, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Delete whole segments that are older than the setting `journal-retention-days`, unless they are on hold."""
    from tetrapylon.app import journalling
    from tetrapylon.journal.access import Who

    desk = journalling.open_desk(directory, passphrase_file)
    done = journalling.retire(desk, Who(by, why))
    gone = [each.segment for each in done.deleted]
    data = {"deleted": gone, "held": list(done.held), "open": list(done.open), "days": desk.days, "exit": 0}
    lines = [f"{len(gone)} segments older than {desk.days} days deleted, {len(done.held)} on hold, {len(done.open)} still open"]
    emit({"schema": "tetrapylon/journal-retire/1", **data}, lines, as_json=as_json)
    return 0


@command.command()
@click.argument("file", type=click.Path())
@click.option("--format", "form", required=True, metavar="FORMAT", help="openai-jsonl, litellm, jsonl or nginx.")
@click.option("--tenant", default="", help="Whose records these are, where the lines do not say.")
@click.option("--principal", default="", help="Who used the endpoint, where the lines do not say.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=PATH", help="For `jsonl`: where a field stands, such as `tenant=org.id`.")
@journal_options
def ingest(
    *, file: str, form: str, maps: tuple[str, ...], passphrase_file: str | None, directory: str | None, as_json: bool, **given: str
) -> int:
    """Record what another program wrote to FILE; ends with 1 where a line could not be read."""
    from tetrapylon.app import journalling
    from tetrapylon.cli.journalview import mapping_of

    options = {**{name: value for name, value in given.items() if value}, **mapping_of(maps)}
    desk = journalling.open_desk(directory, passphrase_file, make=True)
    _warn(desk.ring.warnings)
    done = journalling.take_in(desk, Path(file), form, options)
    ends = 1 if done.bad else 0
    data = {"recorded": done.recorded, "skipped": done.skipped, "bad": done.bad, "told": done.told, "exit": ends}
    lines = [f"{done.recorded} recorded, {done.skipped} with nothing to record, {done.bad} bad", *(f"  {each}" for each in done.told)]
    emit({"schema": "tetrapylon/journal-ingest/1", **data}, lines, as_json=as_json)
    return ends


@command.command(name="rotate-key")
@who_options
@journal_options
def rotate_key(*, by: str, why: str, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Give the journal a new key; the old one opens nothing any more. Nobody may write meanwhile."""
    from tetrapylon.app import journalling
    from tetrapylon.journal.access import Who

    desk = journalling.open_desk(directory, passphrase_file)
    count = journalling.change_key(desk, Who(by, why))
    emit({"schema": "tetrapylon/journal-rotate/1", "segments": count, "exit": 0}, [f"{count} segments have a new key"], as_json=as_json)
    return 0


def _warn(warnings: tuple[str, ...]) -> None:
    for each in warnings:
        talk(f"warning: {each}")
