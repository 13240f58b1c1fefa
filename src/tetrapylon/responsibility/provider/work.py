"""Compare settings with the safest ones, and what is published with what this release must tell its users.

Reads: the settings in force (environment and `.tetrapylon/settings.toml`), code and configuration in the tree, files in the
disclosure folder, `responsibility.toml`, results of tests in the log. Leaves: `secure-defaults` and `disclosure`. Moves:
SD3.17; the measured parts of SP5.1, SD1.7 and SP5.6 (a person or users' acknowledgements are needed, too); SO4.3, SP5.5.
What could not be looked at leaves no answer. Cannot see: what the web site really serves; settings that an environment
overrides where the system runs; whether the text is true; an OpenPGP signature on `security.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.beside import decisions_beside, digest_beside
from tetrapylon.outside.view import View
from tetrapylon.responsibility.provider.decisions import FILE, Decisions
from tetrapylon.responsibility.provider.defaults import compare
from tetrapylon.responsibility.provider.limits import limitations
from tetrapylon.responsibility.provider.shipped import FILES, look

PRACTICES = ("SD1.7", "SD3.17", "SO4.3", "SP5.1", "SP5.5", "SP5.6")

_TOLD = 40
"""Differences that a statement lists; it counts them all."""


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the settings in force and one about what is published."""
    yield from _defaults(view)
    yield from _disclosure(view)


def inputs(view: View) -> Json:
    """Return what the observations follow from; the day counts, because contact files and risks end."""
    decisions = decisions_beside(view.root, FILE, Decisions, view.facts)
    return {
        "tree": view.repository.digest,
        "decisions": digest_beside(view.root, FILE),
        "published": [digest_beside(view.root, f"{decisions.folder}/{name}") for name in FILES],
        "limits": list(limitations(view, decisions)),
        "day": view.now()[:10],
    }


def _defaults(view: View) -> Iterator[Observation]:
    started = view.now()
    found = compare(view)
    payload: dict[str, Json] = {
        "profile": "hardened",
        "settings": len(view.settings),
        "differences": [each.as_json() for each in found.unsafe[:_TOLD]],
        # Whoever sets what is no setting is refused when settings are read.
        "unregistered": [],
        "tool": view.tool,
        "detail": [f"{each.setting} is {each.effective}, safe is {each.safe}: {each.risk}" for each in found.unexplained[:_TOLD]],
    }
    if found.unexplained or not found.unseen:
        payload["unexplained"] = len(found.unexplained)
    payload["detail"] += [f"could not be looked at: {each}" for each in found.unseen[:_TOLD]]
    for asset in (each for each in view.assets if each.kind == "configuration"):
        yield Observation("secure-defaults", (Subject(asset.id, asset.digest),), payload, started, view.now(), "scanner")


def _disclosure(view: View) -> Iterator[Observation]:
    started = view.now()
    found = look(view)
    release = view.facts["system"]["release"]
    payload = {**found.answers, "release": release, "files": found.files, "tool": view.tool, "detail": found.sentences()}
    for asset in (each for each in view.assets if each.kind == "manifest"):
        yield Observation("disclosure", (Subject(asset.id, asset.digest),), payload, started, view.now(), "release-manager")
