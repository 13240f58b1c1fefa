"""Everything that can be seen of access without asking a server: who can reach what on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.deploy.access.apart import shared
from tetrapylon.deploy.access.declared import FILE, Declared
from tetrapylon.deploy.access.jobs import identities
from tetrapylon.deploy.access.looked import Looked
from tetrapylon.deploy.access.plain import plain
from tetrapylon.deploy.access.storage import standing, storage
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.view import View

MOST_SAID = 12
"""Sentences of one look in evidence."""


@dataclass(frozen=True)
class Places:
    """What the looks found."""

    storage: Looked
    jobs: Looked
    shared: Looked
    standing: Looked
    plain: Looked | None = None
    """None where nobody asked for it: to read a history takes longer than to look at modes."""

    @property
    def named(self) -> dict[str, Looked]:
        """The looks by the names of their answers."""
        found = {"storageWrong": self.storage, "wrong": self.jobs, "sharedAcross": self.shared, "standingGrants": self.standing}
        return found if self.plain is None else {**found, "plaintextSecrets": self.plain}

    def answers(self) -> dict[str, Json]:
        """Return how much is wrong, by name; what could not be answered is left out."""
        return {name: each.answer for name, each in self.named.items() if each.answer is not None}

    def payload(self) -> dict[str, Json]:
        """Return this as evidence states it."""
        detail = [said for name, each in self.named.items() for said in each.sentences(name)[:MOST_SAID]]
        return {
            "event": "places",
            "probes": self.jobs.count,
            **self.answers(),
            "detail": detail or ["nothing is wrong that can be seen here"],
        }


def places(view: View, *, secrets: bool = True) -> Places:
    """Look at this machine.

    Raises:
        UsageError: `access.toml` is not of its form.
    """
    declared = decisions_beside(view.root, FILE, Declared, view.facts)
    held = tuple(path for each in declared.environment for path in each.secrets if not any(sign in path for sign in "*?["))
    return Places(
        storage(view.root, view.facts, held),
        identities(view.root, view.now()),
        shared(view.root, view.facts, declared),
        standing(view.root, view.facts),
        plain(view.root, view.repository) if secrets else None,
    )
