"""Which part of the guidance does which work: the rooms that measure, and the practices that each one moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType

WORKERS = (
    "tetrapylon.deploy.integrity.work",
    "tetrapylon.responsibility.provider.work",
    # From here on: what reads the states that the others left.
    "tetrapylon.design.threats.work",
    "tetrapylon.develop.records.work",
    "tetrapylon.develop.records.bound",
)
"""Modules that offer `PRACTICES` (ids) and `observe(view) -> Iterator[Observation]`."""


def workers(practices: Sequence[str]) -> Iterator[ModuleType]:
    """Yield the modules whose work moves any of the practices."""
    for name in WORKERS:
        module = import_module(name)
        if not set(practices).isdisjoint(module.PRACTICES):
            yield module
