"""`updates.toml`: what the update channel carries, for how long each version is served, and how a new one is tried out."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tetrapylon.system.manifest import Table

FILE = "updates.toml"

PARTS = ("model", "data", "prompt", "guard", "policy", "tool", "code")
"""What is updated on its own: each part has a list of its own in the channel, signed by the key that answers for it."""

PartName = Literal["model", "data", "prompt", "guard", "policy", "tool", "code"]
Days = Annotated[int, Meta(ge=1, le=3650, description="a whole number of days from 1 to 3650")]
Hours = Annotated[int, Meta(ge=1, le=8760, description="a whole number of hours from 1 to 8760")]
Percent = Annotated[int, Meta(ge=1, le=100, description="a whole number from 1 to 100")]


class Decisions(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/updates/1"] = "tetrapylon/updates/1"
    carries: tuple[PartName, ...] = ("model", "prompt", "guard", "policy", "tool", "code")
    """Parts whose files go to whoever updates; training data stays here unless it is named."""

    automatic: bool = True
    check_hours: Hours = 24
    canary_percent: Percent = 10
    serve_previous_days: Days = 90
    fresh_days: Days = 14
    """How long a client may believe that it has seen the newest: the channel must be signed anew before."""
