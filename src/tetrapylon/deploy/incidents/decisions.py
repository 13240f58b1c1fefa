"""`incidents.toml`: how parts of the running system are started, whom to call outside, and gaps that drills found."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tetrapylon.system import words
from tetrapylon.system.decided import Day, Decision
from tetrapylon.system.manifest import Table

FILE = "incidents.toml"

Command = Annotated[tuple[words.Text, ...], Meta(min_length=1, description="a program and its arguments, a list of texts")]


class Part(Table, frozen=True, kw_only=True):
    """How one model's endpoint is started where a drill may stop and start it; `{python}` is the interpreter in use."""

    model: words.Id
    start: Command


class Gap(Decision, frozen=True, kw_only=True):
    """Something that a drill or an incident showed to be missing; it is closed by a later drill that succeeds."""

    id: words.Id
    playbook: words.Id
    what: words.Text
    due: Day
    fixed: Day | None = None
    """The day from which on a successful drill closes it."""


class Decisions(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/incident-decisions/1"] = "tetrapylon/incident-decisions/1"
    authority: words.Text | None = None
    """Where the authority is reached, such as `mailto:csirt@example.org`."""

    part: tuple[Part, ...] = ()
    gap: tuple[Gap, ...] = ()
