"""Everything that the gateway was handed at start, in one object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tetrapylon.gateway.counters import Counters
from tetrapylon.gateway.holds import Holds
from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.ports import Authoriser, Guards, Journal, Keys, Switch, Watch
from tetrapylon.gateway.quota import Quotas
from tetrapylon.gateway.readers import Readers
from tetrapylon.gateway.upstream.client import Client


@dataclass(frozen=True, kw_only=True)
class Wired:
    """The ports, and what the manifest says of the running system."""

    keys: Keys
    authoriser: Authoriser
    guards: Guards
    journal: Journal
    watch: Watch
    switch: Switch
    client: Client
    quotas: Quotas
    holds: Holds
    acknowledge: Callable[[str, str], Awaitable[Any]]
    """Takes down that the holder of a key (its id) acknowledged the terms (their digest)."""

    terms: str
    terms_digest: str
    chat_models: frozenset[str]
    """Ids of the hosted models."""

    readers: Readers = field(default_factory=Readers)
    """The model files."""

    prompts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The system prompts of the release by model; they go before what a caller says."""

    tools: frozenset[str] = frozenset()
    """Ids of the declared tools."""

    operators: frozenset[str] = frozenset()
    """Principals that run the system."""

    limits: Limits = field(default_factory=Limits)
    counters: Counters = field(default_factory=Counters)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    """Numbers for the requests of this run that the journal keeps: a number without a record is a request without one."""
