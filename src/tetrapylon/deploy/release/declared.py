"""`release.toml`: how each model is tested before a release, and what it must reach. It stands beside the manifest."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tetrapylon.system import words
from tetrapylon.system.manifest import Table

FILE = "release.toml"

Share = Annotated[float, Meta(ge=0, le=1, description="a number from 0 to 1")]
Positive = Annotated[float, Meta(gt=0, description="a number above 0")]


class Talks(Table, frozen=True, kw_only=True):
    """A model that answers in language: what is known of it, and what it is asked."""

    model: words.Id
    facts: words.Path | None = None
    questions: words.Path | None = None
    """Questions of the system's own, as JSONL, with what a useful answer holds."""

    utility_floor: Share = 0.8
    api_key_env: words.Text | None = None


class Reads(Table, frozen=True, kw_only=True):
    """A model file that reads numbers: its data and what it must reach."""

    model: words.Id
    data: words.Path
    """A CSV file with a line of names."""

    label: words.Text = "label"
    group: words.Text | None = None
    """The column whose rows belong together: rows of one group are not independent."""

    scale: Positive = 1.0
    """What each number is divided by."""

    held_out: words.Path
    """A JSON file that lists, under `held_out`, the groups that training did not see."""

    floor: Share
    """The least accuracy, with its lower bound."""


class Withstands(Table, frozen=True, kw_only=True):
    """What a model that reads numbers must withstand."""

    model: words.Id
    attack: words.Name
    strength: Positive
    floor: Share
    """The least accuracy under the attack, with its lower bound."""

    pictures: words.Count = 200


class Declared(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/release/1"] = "tetrapylon/release/1"
    talks: tuple[Talks, ...] = ()
    reads: tuple[Reads, ...] = ()
    withstands: tuple[Withstands, ...] = ()
