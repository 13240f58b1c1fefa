"""Playbooks: what is done in one kind of incident, as data that names acts.

A playbook cannot name a step that does not exist, and its seal always comes first: evidence is kept by the runner before the
first step, so that no playbook can be written that destroys first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.system import words
from tetrapylon.system.decode import read_toml
from tetrapylon.system.finding import Severity
from tetrapylon.system.manifest import Table
from tetrapylon.system.problem import ManifestError, Problem
from tetrapylon.system.shape import shape_problems

SCHEMA = "tetrapylon/playbook/1"
PACKAGE = "tetrapylon.deploy.incidents.playbooks"

Steps = Annotated[tuple["Step", ...], Meta(min_length=1, description="at least one `[[step]]`")]
Seconds = Annotated[int, Meta(ge=1, le=7 * 24 * 3600, description="a whole number of seconds, a week at most")]


class Clocks(Table, frozen=True, kw_only=True):
    """How long each part of the answer may take, in seconds."""

    detect: Seconds
    contain: Seconds
    recover: Seconds


class Drilled(Table, frozen=True, kw_only=True):
    """How the incident is rehearsed: what breaks the system, and what has to notice it."""

    injector: words.Id
    detector: words.Id


class Step(Table, frozen=True, kw_only=True):
    """One act with its arguments; `{asset}`, `{path}`, `{digest}`, `{key}` and `{incident}` are filled in."""

    phase: Literal["contain", "recover"]
    act: words.Id
    role: words.Id
    arguments: dict[str, words.Text] = field(name="with", default={})
    undo: words.Flag = False
    """Take back what an earlier step did."""

    destructive: words.Flag = False
    """Whether it takes away what an investigation may need."""


class Playbook(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/playbook/1"]
    id: words.Id
    title: words.Text
    severity: Severity
    answers: words.Ids
    """Kinds of threats that this is the plan for."""

    target: Literal["model-file", "model-hosted", "access"]
    personal: words.Flag = False
    """Whether the evidence holds what people wrote, and so is kept encrypted."""

    tell: words.Text
    """What the lead has to say, to whom."""

    clocks: Clocks
    drill: Drilled
    step: Steps

    def roles(self) -> tuple[str, ...]:
        """Return the roles that its steps need, in their order."""
        return tuple(dict.fromkeys(each.role for each in self.step))


@dataclass(frozen=True, slots=True)
class Plan:
    """A playbook and the digest of its file."""

    playbook: Playbook
    digest: Digest


def decode_playbook(text: bytes, name: str) -> Playbook:
    """Return the playbook that a file holds.

    Raises:
        UsageError: not TOML, not of this shape, or its order makes no sense.
    """
    table = read_toml(text, name)
    problems = list(shape_problems(table, Playbook))
    if problems:
        raise ManifestError(name, problems, table)
    found = msgspec.convert(table, Playbook)
    broken = list(_disorder(found, name))
    if broken:
        raise ManifestError(name, broken, table)
    return found


def _disorder(playbook: Playbook, name: str) -> Iterator[Problem]:
    phases = [each.phase for each in playbook.step]
    if phases != sorted(phases):
        yield Problem("step", "recovers before it contains", "bad-value", "put what contains first")
    for wanted in ("contain", "recover"):
        if wanted not in phases:
            yield Problem("step", f"has no step that does `{wanted}`", "missing-key", "add one")
    if name.rpartition("/")[2] != f"{playbook.id}.toml":
        yield Problem("id", f"is `{playbook.id}`, but the file is `{name}`", "bad-value", "give both the same name")


def playbooks() -> Mapping[str, Plan]:
    """Return every playbook by its id."""
    found = {}
    for each in sorted(files(PACKAGE).iterdir(), key=lambda file: file.name):
        if each.name.endswith(".toml"):
            data = each.read_bytes()
            playbook = decode_playbook(data, each.name)
            found[playbook.id] = Plan(playbook, sha256(data))
    return found


def playbook_named(name: str) -> Plan:
    """Return one playbook.

    Raises:
        UsageError: there is none of this name (`no-such-playbook`).
    """
    known = playbooks()
    if name not in known:
        hint = f"there are: {', '.join(known)}"
        raise UsageError(f"there is no playbook `{name[:64]}`", hint=hint, code="no-such-playbook")
    return known[name]


def uncovered(kept: Mapping[str, Json], plans: Mapping[str, Plan]) -> list[str]:
    """Return the kinds of high and critical threats of a threat model that no playbook answers.

    `kept` gives the severity of each threat by its name, `kind@where`; one whose name is withheld because it is about a
    person counts as unanswered.
    """
    answered = {kind for each in plans.values() for kind in each.playbook.answers}
    high = {name.partition("@")[0] for name, severity in kept.items() if severity in {"critical", "high"}}
    return sorted(high - answered)
