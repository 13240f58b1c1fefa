"""Which part of the guidance does which work: the rooms that measure, and the practices that each one moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType

WORKERS = (
    "tetrapylon.deploy.integrity.work",
    "tetrapylon.responsibility.provider.work",
    "tetrapylon.develop.assets.logs.work",
    "tetrapylon.design.privilege.work",
    "tetrapylon.responsibility.user.work",
    "tetrapylon.develop.assets.work",
    "tetrapylon.develop.supply.work",
    "tetrapylon.operate.monitor.work",
    "tetrapylon.deploy.access.work",
    # From here on: what reads the evidence and the states that the others left.
    "tetrapylon.operate.updates.work",
    "tetrapylon.operate.lessons.work",
    "tetrapylon.design.suppliers.work",
    "tetrapylon.develop.records.work",
    "tetrapylon.develop.records.bound",
    "tetrapylon.design.threats.work",
    "tetrapylon.design.threats.training.work",
    "tetrapylon.deploy.incidents.work",
    "tetrapylon.develop.debt.ending",
    "tetrapylon.develop.debt.work",
)
"""Modules that offer

* `PRACTICES`: the ids that their work moves,
* `observe(view) -> Iterator[Observation]`: the work,
* `inputs(view) -> Json`: everything that the answers follow from beside the release and this tool; where it is the same as
  last time and nothing is due, the work is not done again.

What reads the evidence of others comes later.
"""


def workers(practices: Sequence[str]) -> Iterator[ModuleType]:
    """Yield the modules whose work moves any of the practices."""
    for name in WORKERS:
        module = import_module(name)
        if not set(practices).isdisjoint(module.PRACTICES):
            yield module
