"""What people decided about threats: `threats.toml` beside the manifest, decoded strictly.

An error names the place in the file, like one of the manifest. What is decided about a threat that the system does not
have is an error, too: a slip in a name must not leave a threat without its decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tetrapylon.kernel.canonical import Json
from tetrapylon.system import words
from tetrapylon.system.decode import read_toml
from tetrapylon.system.manifest import Table
from tetrapylon.system.problem import ManifestError, Problem, did_you_mean, shown
from tetrapylon.system.shape import shape_problems

SCHEMA = "tetrapylon/threat-decisions/1"
FILE = "threats.toml"

_GATHERED = 100
_END = r"(?![\s\S])"

Day = Annotated[str, Meta(pattern=rf"^\d{{4}}-\d{{2}}-\d{{2}}{_END}", description="a day such as `2027-01-31`")]
Names = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=400)], ...],
    Meta(description="a list of threats, each as `RULE@ELEMENT` or as its id, such as `T-1a2b3c4d5e6f`"),
]
Practices = Annotated[
    tuple[Annotated[str, Meta(pattern=rf"^S[DVPO]\d\.\d{{1,2}}{_END}", description="the id of a practice")], ...],
    Meta(description="a list of ids of practices"),
]
Sum = Annotated[str, Meta(pattern=rf"^sha256:[0-9a-f]{{64}}{_END}", description="`sha256:` and 64 hexadecimal digits")]
Choice = Literal["mitigated", "accepted", "transferred", "avoided"]


class Impact(Table, frozen=True, kw_only=True):
    """What a threat would mean, at four levels."""

    system: words.Text | None = None
    users: words.Text | None = None
    organisation: words.Text | None = None
    society: words.Text | None = None


class Decision(Table, frozen=True, kw_only=True):
    """What a named person decided about some threats, and why."""

    threats: Names
    decision: Choice
    by: words.Id
    reason: words.Text
    date: Day
    adviser: words.Id | None = None
    """The technical person who advised whoever accepts a risk."""

    expires: Day | None = None
    """The first day on which it no longer holds."""

    to: words.Text | None = None
    """Who bears it now, where it was transferred."""

    practices: Practices = ()
    """Practices that answer it besides those of the rule."""

    impact: Impact | None = None


class Review(Table, frozen=True, kw_only=True):
    """A person went through the threats again, as they follow from what the system consisted of then."""

    by: words.Id
    date: Day
    basis: Sum
    """What `tetrapylon design threats` calls the basis of the model."""

    reason: words.Text | None = None


class Decisions(Table, frozen=True, kw_only=True):
    """Everything that people decided."""

    schema: Literal["tetrapylon/threat-decisions/1"] = "tetrapylon/threat-decisions/1"
    decisions: tuple[Decision, ...] = msgspec.field(name="decision", default=())
    reviews: tuple[Review, ...] = msgspec.field(name="review", default=())


def decode_decisions(text: str | bytes, facts: Mapping[str, Json], name: str = FILE) -> Decisions:
    """Return what the file decides; people are those of the manifest.

    Raises:
        ManifestError: a `UsageError` with everything that is wrong and where (`toml-syntax`, `schema`, `unknown-key`,
            `missing-key`, `bad-value`, `no-such-id`, `bad-date`, `duplicate-decision`).
    """
    table = read_toml(text, name)
    problems = list(_schema(table)) or list(islice(shape_problems(table, Decisions), _GATHERED))
    if problems:
        raise ManifestError(name, problems, table)
    found = msgspec.convert(table, Decisions)
    problems = list(islice((*_people(found, facts), *_days(found), *_twice(found)), _GATHERED))
    if problems:
        raise ManifestError(name, problems, table)
    return found


def _schema(table: Mapping[str, Json]) -> Iterator[Problem]:
    if table.get("schema") != SCHEMA:
        what = "is missing" if "schema" not in table else "is not one that this version reads"
        yield Problem("schema", what, "schema", f'begin the file with `schema = "{SCHEMA}"`')


def _people(found: Decisions, facts: Mapping[str, Json]) -> Iterator[Problem]:
    known = {each["id"] for each in facts.get("person", ())}
    named = [(f"decision[{index}].by", each.by) for index, each in enumerate(found.decisions)]
    named += [(f"decision[{index}].adviser", each.adviser) for index, each in enumerate(found.decisions) if each.adviser]
    named += [(f"review[{index}].by", each.by) for index, each in enumerate(found.reviews)]
    for path, person in named:
        if person not in known:
            hint = did_you_mean(person, known) or f'declare the person in the manifest: `[[person]]` with `id = "{shown(person)}"`'
            yield Problem(path, f"names `{shown(person)}`, which no `[[person]]` of the manifest declares", "no-such-id", hint)


def _days(found: Decisions) -> Iterator[Problem]:
    named = [(f"decision[{index}].date", each.date) for index, each in enumerate(found.decisions)]
    named += [(f"decision[{index}].expires", each.expires) for index, each in enumerate(found.decisions) if each.expires]
    named += [(f"review[{index}].date", each.date) for index, each in enumerate(found.reviews)]
    for path, day in named:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Problem(path, f"is `{shown(day)}`, which is no day of the calendar", "bad-date", "days look like `2027-01-31`")


def _twice(found: Decisions) -> Iterator[Problem]:
    """Yield threats that are decided about twice on one day: which of the two would hold?"""
    seen: dict[tuple[str, str], int] = {}
    for index, each in enumerate(found.decisions):
        for number, threat in enumerate(each.threats):
            first = seen.setdefault((threat, each.date), index)
            if first != index:
                text = f"names `{shown(threat)}`, about which `decision[{first}]` decides on the same day"
                yield Problem(f"decision[{index}].threats[{number}]", text, "duplicate-decision", "leave one of them out")


def unknown_threats(found: Decisions, known: Sequence[str], name: str = FILE) -> None:
    """Check that every threat that is decided about is one that the rules looked at.

    Raises:
        ManifestError: one is not (`no-such-threat`); the hint names the closest.
    """
    ids = set(known)
    problems = []
    for index, each in enumerate(found.decisions):
        for number, threat in enumerate(each.threats):
            if threat not in ids:
                hint = _closest(threat, known) or "run `tetrapylon design threats --all` to see every threat"
                text = f"names `{shown(threat)}`, which is no threat of this system"
                problems.append(Problem(f"decision[{index}].threats[{number}]", text, "no-such-threat", hint))
    if problems:
        raise ManifestError(name, problems[:_GATHERED])


def _closest(threat: str, known: Sequence[str]) -> str:
    """Return a question with the closest threat; of the same rule or element first, since the comparison is slow."""
    rule, _, element = threat.partition("@")
    near = [each for each in known if each.startswith(f"{rule}@") or (element and each.endswith(f"@{element}"))]
    return did_you_mean(threat, near or known)
