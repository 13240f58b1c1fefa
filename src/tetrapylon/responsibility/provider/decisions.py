"""`responsibility.toml`: what the provider tells users and researchers, and which unsafe settings somebody answers for.

It stands beside the manifest and apart from it: a new limitation or contact must not stale what was measured.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tetrapylon.system import words
from tetrapylon.system.decided import Texts, TimedDecision
from tetrapylon.system.manifest import Table

FILE = "responsibility.toml"

Contact = Annotated[
    str,
    Meta(pattern=r"^(?:mailto:|https://|tel:)[^\s<>\"\\]{3,300}(?![\s\S])", description="`mailto:`, `https://` or `tel:` and an address"),
]
Secure = Annotated[str, Meta(pattern=r"^https://[^\s<>\"\\]{3,300}(?![\s\S])", description="an `https://` address")]
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}(?![\s\S])", description="a language such as `en`")]
Days = Annotated[int, Meta(ge=1, le=365, description="a whole number of days from 1 to 365")]


class Security(Table, frozen=True, kw_only=True):
    """How weaknesses are reported, and what researchers may do."""

    contact: tuple[Contact, ...]
    languages: tuple[Language, ...] = ("en",)
    canonical: tuple[Secure, ...] = ()
    """Where `security.txt` is published."""

    policy: Secure | None = None
    """Where the policy is published."""

    safe_harbour: words.Flag = False
    """That the provider consents to research in good faith. A machine cannot decide this, so it is off until a person says so."""

    acknowledge_days: Days = 5
    fix_days: Days = 90
    out_of_scope: Texts = ()


class Guidance(Table, frozen=True, kw_only=True):
    """How the system is used well."""

    uses: Texts
    misuses: Texts
    advice: Texts = ()


class Limitation(Table, frozen=True, kw_only=True):
    """Something that the system does badly or not at all, and what to do about it."""

    id: words.Id
    text: words.Text
    advice: words.Text | None = None


class Duty(Table, frozen=True, kw_only=True):
    """A duty beside those that follow from the practices."""

    id: words.Id
    party: Literal["provider", "deployer", "user", "supplier"]
    text: words.Text
    practices: tuple[words.Name, ...] = ()


class Risk(TimedDecision, frozen=True, kw_only=True):
    """That somebody knows of an unsafe setting and takes the risk until a day."""

    setting: words.Text
    """The name of a setting of Tetrapylon, or the rule of a finding."""

    path: words.Path | None = None
    """The file of the finding; without it the record is about a setting of Tetrapylon."""


class Decisions(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/responsibility/1"] = "tetrapylon/responsibility/1"
    folder: words.Path = "disclosure"
    """Where what is published lies."""

    security: Security | None = None
    guidance: Guidance | None = None
    limitation: tuple[Limitation, ...] = ()
    duty: tuple[Duty, ...] = ()
    risk: tuple[Risk, ...] = ()
