"""`suppliers.toml`: what people declare about suppliers: terms, ends of life, passports, accepted changes, releases of packages."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tetrapylon.system import words
from tetrapylon.system.decided import Day, Decision
from tetrapylon.system.manifest import Table

FILE = "suppliers.toml"

Days = Annotated[int, Meta(ge=0, le=36500, description="a whole number of days")]
Trait = Literal["key", "contact", "url", "name", "address"]


class Vendor(Table, frozen=True, kw_only=True):
    """What is agreed with a supplier, and what it handed over."""

    id: words.Id
    owner: words.Id
    """Who looks after it."""

    software: words.Flag = False
    """Whether its work is software that the locks hold, so that known weaknesses are matched with it."""

    end_of_life: Day | None = None
    terms: words.Path | None = None
    """The terms, on file."""

    retention_days: Days | None = None
    trains_on_inputs: words.Flag | None = None
    security_txt: words.Url | None = None
    """Where it says how weaknesses are reported, where that is not at the address of its models."""

    passport: words.Path | None = None
    trust: words.Path | None = None
    """The root of trust for its passport, which came by another way."""


class Accepted(Decision, frozen=True, kw_only=True):
    """That a supplier changed something by which it is known, and that somebody made sure that it did."""

    supplier: words.Id
    what: Trait
    value: words.Text


class Package(Table, frozen=True, kw_only=True):
    """When a package was last released, as somebody looked it up."""

    name: words.Text
    released: Day
    looked: Day


class Declared(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/suppliers/1"] = "tetrapylon/suppliers/1"
    supplier: tuple[Vendor, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    package: tuple[Package, ...] = ()
