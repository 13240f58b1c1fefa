"""`advisories/*.toml` and `lessons.toml`: what is said about a weakness, who says it, and how fast reports are answered."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tetrapylon.system import words
from tetrapylon.system.decided import TimedDecision
from tetrapylon.system.manifest import Table

FOLDER = "advisories"
FILE = "lessons.toml"

Moment = Annotated[
    str,
    Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z(?![\s\S])", description="a time such as `2026-01-31T12:00:00Z`"),
]
Address = Annotated[str, Meta(pattern=r"^https://[^\s/]+(?:/\S*)?(?![\s\S])", description="an `https` address")]
Weakness = Annotated[str, Meta(pattern=r"^CWE-[1-9]\d{0,5}(?![\s\S])", description="a CWE such as `CWE-1427`")]
Cve = Annotated[str, Meta(pattern=r"^CVE-\d{4}-\d{4,}(?![\s\S])", description="a CVE such as `CVE-2026-12345`")]
Number = Annotated[int, Meta(ge=1, le=8760, description="a whole number from 1 to 8760")]

Justification = Literal[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
]
"""Why something is not affected, in the words of CSAF."""


class About(Table, frozen=True, kw_only=True):
    """One asset of one release."""

    asset: words.Id
    release: words.Text


class Unaffected(About, frozen=True, kw_only=True):
    """One that is not affected, and why."""

    justification: Justification
    impact: words.Text


class Remedy(Table, frozen=True, kw_only=True):
    """What a reader does."""

    kind: Literal["mitigation", "no_fix_planned", "none_available", "vendor_fix", "workaround"]
    text: words.Text
    url: Address | None = None


class Revision(Table, frozen=True, kw_only=True):
    """One version of the advisory."""

    date: Moment
    summary: words.Text


class Draft(Table, frozen=True, kw_only=True):
    """What is said about one weakness."""

    schema: Literal["tetrapylon/advisory/1"]
    id: words.Text
    title: words.Text
    summary: words.Text
    revision: Annotated[tuple[Revision, ...], Meta(min_length=1, description="a list of revisions")]
    cwe: Weakness | None = None
    cwe_name: words.Text | None = None
    no_cwe: words.Text | None = None
    cve: Cve | None = None
    no_cve: words.Text | None = None
    cvss: words.Text | None = None
    no_cvss: words.Text | None = None
    thanks: tuple[words.Text, ...] = ()
    affected: tuple[About, ...] = ()
    fixed: tuple[About, ...] = ()
    not_affected: tuple[Unaffected, ...] = ()
    remedy: tuple[Remedy, ...] = ()
    regression: words.Text | None = None
    """The pinned regression, threat rule, control or training item that the weakness left."""


class Publisher(Table, frozen=True, kw_only=True):
    """Who says it."""

    name: words.Text
    namespace: Address
    contact: words.Text | None = None


class Intake(Table, frozen=True, kw_only=True):
    """How fast reports are answered."""

    acknowledge_hours: Number = 72
    triage_hours: Number = 240
    fix_hours: Number = 2160


class Patching(Table, frozen=True, kw_only=True):
    """Days within which a known weakness of a part is closed, and how old an export of advisories may be."""

    critical: Number = 7
    high: Number = 30
    medium: Number = 90
    low: Number = 180
    export_days: Number = 7


class NotAffected(TimedDecision, frozen=True, kw_only=True):
    """An advisory of others that was looked at and does not concern this system."""

    advisory: words.Text
    package: words.Text


class Lessons(Table, frozen=True, kw_only=True):
    """Everything in `lessons.toml`."""

    schema: Literal["tetrapylon/lessons/1"] = "tetrapylon/lessons/1"
    publisher: Publisher | None = None
    intake: Intake = Intake()
    patching: Patching = Patching()
    not_affected: tuple[NotAffected, ...] = ()
