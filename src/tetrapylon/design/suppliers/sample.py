"""Cases as the samples of the checks write them: plain values become what was gathered."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.design.suppliers.check import Case, Installed, Loaded, Passport, Reached, Released, Sheet
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.lock import read_lock

NOW = "2026-06-01T12:00:00Z"
LIMITS = {"supplier-days": 365.0, "signal-days": 30.0, "supplier-score": 0.7}


def case_of(values: Mapping[str, Json]) -> Case:
    """Return the case that the values describe; what is not given is unknown."""
    given = dict(values)
    text = given.pop("lock", None)
    return Case(
        kind=given.pop("kind"),
        id=given.pop("id", "subject"),
        now=given.pop("now", NOW),
        lock=None if text is None else read_lock("requirements.lock", text),
        installed={name: Installed(**each) for name, each in given.pop("installed", {}).items()},
        released={name: Released(**each) for name, each in given.pop("released", {}).items()},
        files=tuple(Loaded(**each) for each in given.pop("files", ())),
        asked=_made(Reached, given.pop("asked", None)),
        passport=_made(Passport, given.pop("passport", None)),
        sheet=_made(Sheet, given.pop("sheet", None)),
        limits=LIMITS,
        **given,
    )


def _made(kind: type, values: Mapping[str, Json] | None) -> Json:
    return None if values is None else kind(**values)
