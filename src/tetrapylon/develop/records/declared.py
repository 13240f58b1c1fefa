"""What people say about a model, a dataset, a prompt or the system: `records/ID.toml`, decoded strictly.

Every error names the file and the place. A file is signed by nobody: `by` names the person of the manifest who answers
for it, and a card says "declared by" that person's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tetrapylon.kernel.canonical import Json
from tetrapylon.system import words
from tetrapylon.system.decode import read_toml
from tetrapylon.system.manifest import Table
from tetrapylon.system.problem import ManifestError, Problem, did_you_mean
from tetrapylon.system.shape import shape_problems

SCHEMA = "tetrapylon/record/1"
FOLDER = "records"
SYSTEM = "_system"
"""The name of the file about the system as a whole; no id of the manifest begins with `_`."""

_HINT = "`docs/practices/records.md` lists what a record may hold"
_GATHERED = 100

Day = Annotated[
    str,
    Meta(pattern=r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\s\S])", description='a date in quotes such as `"2027-06-01"`'),
]
Duration = Annotated[
    str,
    Meta(
        pattern=r"^P(?=\d)(?:\d{1,4}Y)?(?:\d{1,4}M)?(?:\d{1,4}D)?(?![\s\S])", description="a length of time such as `P1Y`, `P6M` or `P90D`"
    ),
]
Texts = Annotated[tuple[words.Text, ...], Meta(extra_json_schema={"uniqueItems": True}, description="a list of texts")]
Address = Annotated[
    str,
    Meta(pattern=r"^(?:https?://|mailto:)[^\s<>\"\\^`{|}]{1,1900}(?![\s\S])", description="an `https://` or `mailto:` address"),
]


class Guardrail(Table, frozen=True, kw_only=True):
    """A guard that is claimed, and the evidence that measures it."""

    name: words.Text
    predicate: words.Name
    """Short name of the predicate, such as `integrity-check`."""

    where: dict[words.Name, words.Scalar] = msgspec.field(default_factory=dict)
    """Which statements measure it: `{ event = "tamper-drill" }`."""

    holds: dict[words.Name, words.Scalar] = msgspec.field(default_factory=dict)
    """What the latest of them must say: `{ refused = true }`."""


class Common(Table, frozen=True, kw_only=True):
    """What every record may say."""

    schema: Literal["tetrapylon/record/1"]
    kind: Literal["model", "dataset", "prompt", "system"]
    by: words.Id
    """The person of the manifest who answers for this file."""

    summary: words.Text | None = None
    owner: words.Id | None = None
    licence: words.Text | None = None
    version: words.Text | None = None
    tags: Texts = ()
    retention: Duration | None = None
    review_due: Day | None = None
    limitations: Texts = ()
    considerations: Texts = ()
    unknown: dict[words.Name, words.Text] = msgspec.field(default_factory=dict)
    """Keys that are known to be unknown, each with its reason."""


class ModelRecord(Common, frozen=True, kw_only=True):
    """What people say about a model."""

    task: words.Text | None = None
    approach: Literal["supervised", "unsupervised", "reinforcement-learning", "semi-supervised", "self-supervised"] | None = None
    architecture: words.Text | None = None
    inputs: Texts = ()
    """What it takes, where the file does not say so itself."""

    outputs: Texts = ()
    creation: words.Text | None = None
    operation: words.Text | None = None
    end_of_life: words.Text | None = None
    intended_use: Texts = ()
    out_of_scope: Texts = ()
    users: Texts = ()
    failure_modes: Texts = ()
    trade_offs: Texts = ()
    no_guardrails: words.Text | None = None
    """Why there are none; goes with no `[[guardrail]]`."""

    guardrails: tuple[Guardrail, ...] = msgspec.field(name="guardrail", default=())


class DatasetRecord(Common, frozen=True, kw_only=True):
    """What people say about a dataset."""

    content: words.Text | None = None
    label: words.Text | None = None
    """The column that holds the class."""

    source: words.Text | None = None
    collection: words.Text | None = None
    quality: words.Text | None = None
    age: words.Text | None = None
    relevance: words.Text | None = None
    diversity: words.Text | None = None
    intended_use: Texts = ()
    out_of_scope: Texts = ()


class PromptRecord(Common, frozen=True, kw_only=True):
    """What people say about a prompt."""

    purpose: words.Text | None = None
    tests: words.Paths = ()
    """Files that hold the prompt's tests."""


class SystemRecord(Common, frozen=True, kw_only=True):
    """What people say about the system as a whole."""

    producer: words.Text | None = None
    producer_url: words.Url | None = None
    application_area: words.Text | None = None
    data_usage: words.Text | None = None
    input_output: words.Text | None = None
    hardware: Texts = ()
    software: Texts = ()
    compliance: Texts = ()
    security_txt: Address | None = None
    """Where the security policy and contact are (RFC 9116)."""

    advisories: Address | None = None
    """Where advisories about the system are published."""


KINDS: dict[str, type[Common]] = {"model": ModelRecord, "dataset": DatasetRecord, "prompt": PromptRecord, "system": SystemRecord}


@dataclass(frozen=True)
class Declared:
    """One record file that was read, or nothing."""

    path: str
    """Where it is, or would be, relative to the manifest."""

    values: Mapping[str, Json] = field(default_factory=dict)
    """By the names of the file; what it does not say is missing."""

    record: Common | None = None

    @property
    def by(self) -> str:
        """Who says so, for a card."""
        return f"{self.record.by} in `{self.path}`" if self.record else f"`{self.path}`"


def file_names(facts: Mapping[str, Json]) -> dict[str, tuple[str, str]]:
    """Return which record file is about what: stem -> (table, id); an id that two tables use has the table before it."""
    ids = [(table, each["id"]) for table in ("model", "dataset", "prompt") for each in facts.get(table, ())]
    often = [known for _, known in ids]
    found = {known if often.count(known) == 1 else f"_{table}.{known}": (table, known) for table, known in ids}
    return {**found, SYSTEM: ("system", facts["system"]["id"])}


def read_declared(facts: Mapping[str, Json], files: Mapping[str, bytes]) -> dict[tuple[str, str], Declared]:
    """Return what the record files say, by (table, id); `files` are those that are there, by stem.

    Raises:
        ManifestError: one is not of its form, or is about nothing that the manifest declares; the message names the place.
    """
    names = file_names(facts)
    for stem in sorted(files.keys() - names.keys()):
        hint = did_you_mean(stem, names) or f"known here: {', '.join(sorted(names)[:20])}"
        raise ManifestError(_path(stem), [Problem("file", "is about nothing that the manifest declares", "no-such-id", hint)])
    people = {each["id"] for each in facts.get("person", ())}
    found = {about: Declared(_path(stem)) for stem, about in names.items()}
    for stem, data in sorted(files.items()):
        found[names[stem]] = _decoded(names[stem][0], _path(stem), data, people)
    return found


def _path(stem: str) -> str:
    return f"{FOLDER}/{stem}.toml"


def _decoded(table: str, path: str, data: bytes, people: Iterable[str]) -> Declared:
    kind = KINDS[table]
    value = read_toml(data, path)
    problems = list(_schema(value)) or list(islice((_hinted(each) for each in shape_problems(value, kind)), _GATHERED))
    if problems:
        raise ManifestError(path, problems)
    record = msgspec.convert(value, kind)
    problems = [_hinted(each) for each in _rules(record, value, table, set(people))]
    if problems:
        raise ManifestError(path, problems)
    return Declared(path, value, record)


def _schema(value: Mapping[str, Json]) -> Iterator[Problem]:
    if value.get("schema") != SCHEMA:
        said = "is not one that this version reads" if "schema" in value else "is missing"
        yield Problem("schema", said, "schema", f'begin the file with `schema = "{SCHEMA}"`')


def _hinted(problem: Problem) -> Problem:
    return problem if problem.hint else replace(problem, hint=_HINT)


def _rules(record: Common, value: Mapping[str, Json], table: str, people: set[str]) -> Iterator[Problem]:
    """Yield what the shape of one table cannot say."""
    if record.kind != table:
        yield Problem("kind", f"is `{record.kind}`, but the file is about a {table}", "bad-value", f'write `kind = "{table}"`')
    for key in ("by", "owner"):
        name = value.get(key)
        if name is not None and name not in people:
            yield Problem(key, f"names `{name}`, which no `[[person]]` declares", "no-such-id", did_you_mean(name, people))
    known = {each.encode_name for each in msgspec.structs.fields(type(record))} - {"schema", "kind", "by", "unknown"}
    extra = {"training-data", "weights", "guardrails", "parameters", "licence"} if table == "model" else set()
    for key in record.unknown:
        if key not in known | extra:
            yield Problem(f"unknown.{key}", "is not a field", "unknown-key", did_you_mean(key, known | extra))
        elif key in value:
            yield Problem(f"unknown.{key}", f"is said to be unknown and has a value in `{key}`", "both", "take one of them out")
    if isinstance(record, ModelRecord) and record.guardrails and record.no_guardrails:
        yield Problem("no-guardrails", "goes with no `[[guardrail]]`", "both", "take one of them out")
