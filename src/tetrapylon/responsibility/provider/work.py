"""Secure defaults: compare the settings in force with the safe profile and leave the comparison as evidence.

Reads: the settings in force (environment and `.tetrapylon/settings.toml`). Leaves: `secure-defaults`. Moves: SD3.17.
Cannot see: settings of other software; a value that is safe here and unsafe where the system runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.view import View
from tetrapylon.system.setting import differences

PRACTICES = ("SD3.17",)


def inputs(view: View) -> Json:
    """Return what the answer follows from beside the release, whose assets hold the settings: nothing."""
    del view
    return None


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the settings in force."""
    started = view.now()
    found = differences(view.settings)
    assets = [each for each in view.assets if each.kind == "configuration"]
    payload = {
        "profile": "hardened",
        "settings": len(view.settings),
        "differences": [{"setting": each.name, "effective": str(each.value), "safe": str(each.safe)} for each in found],
        "unregistered": [],
        "unexplained": len(found),
        "tool": view.tool,
        "detail": [f"{each.name} is {each.value}, safe is {each.safe}: {each.risk}" for each in found],
    }
    for asset in assets:
        yield Observation("secure-defaults", (Subject(asset.id, asset.digest),), payload, started, view.now(), "scanner")
