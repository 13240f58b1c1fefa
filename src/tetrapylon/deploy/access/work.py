"""See who can reach models, data, keys and pipelines on this machine, what environments share, and which secrets lie open.

Reads: owners, modes and access lists of what the manifest declares and of our own keys; `access.toml`; the trust root; every file
below the root and every version that git holds. Leaves: `access-probe` with the event `places`, about the manifest. What the
running gateway answers is recorded by `tetrapylon deploy access probe`, not here.
Cannot see: other machines, cloud permissions, who holds a copy of a key, secrets that look like no secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.places import places
from tetrapylon.deploy.access.plain import state
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.view import View

PRACTICES = ("SP1.4", "SP1.5")


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the manifest."""
    started, found = view.now(), places(view)
    about = tuple(Subject(each.id, each.digest) for each in view.assets if each.kind == "manifest")
    yield Observation("access-probe", about, {**found.payload(), "tool": view.tool}, started, view.now(), "scanner")


def inputs(view: View) -> Json:
    """Return what the answers follow from: what the file system says now, the files, and the history."""
    seen = places(view, secrets=False).payload()
    return {"seen": seen, "files": view.repository.digest, "history": state(view.root)}
