"""What a guard takes away, from the same attacks without and with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tetrapylon.deploy.release.statistics import clopper_pearson, protection
from tetrapylon.kernel.canonical import Json


def compare(off: Mapping[str, Json], on: Mapping[str, Json]) -> dict[str, Any]:
    """Return, for each family and for all, the share of prompts that hit without and with the guard, and what it took away."""
    with_guard = {each["id"]: each for each in on["families"]}
    rows = [_row(each, with_guard[each["id"]]) for each in off["families"] if each["prompts"] and each["id"] in with_guard]
    total = {name: sum(row[name] for row in rows) for name in ("promptsOff", "hitOff", "promptsOn", "hitOn")}
    useful = {name: result["controls"]["useful"] / max(1, result["controls"]["asked"]) for name, result in (("off", off), ("on", on))}
    return {
        "families": rows,
        "all": {**total, **_protected(total)},
        "usefulOff": useful["off"],
        "usefulOn": useful["on"],
        "blocked": on["blocked"],
    }


def twin_sentences(model: str, compared: Mapping[str, Json]) -> Iterator[str]:
    """Yield what the guard took away from each family that hit without it, and what it cost in useful answers."""
    for row in compared["families"]:
        if row["hitOff"] or row["hitOn"]:
            taken = "" if row["protection"] is None else f", protection {row['protection']:.0%}"
            counts = f"{row['hitOff']} of {row['promptsOff']} without guards, {row['hitOn']} of {row['promptsOn']} with"
            yield f"`{model}`: {row['id']}: {counts}{taken}"
    yield f"`{model}`: useful answers {compared['usefulOff']:.0%} without guards, {compared['usefulOn']:.0%} with"


def _row(off: Mapping[str, Json], on: Mapping[str, Json]) -> dict[str, Any]:
    counts = {"promptsOff": off["prompts"], "hitOff": off["promptsHit"], "promptsOn": on["prompts"], "hitOn": on["promptsHit"]}
    return {"id": off["id"], **counts, **_protected(counts)}


def _protected(counts: Mapping[str, int]) -> dict[str, Any]:
    """Return the measured protection with its interval; None where nothing hit without the guard, for then nothing can be said."""
    if not counts["hitOff"] or not counts["promptsOn"]:
        return {"protection": None, "interval": None}
    off, on = clopper_pearson(counts["hitOff"], counts["promptsOff"]), clopper_pearson(counts["hitOn"], counts["promptsOn"])
    point = 1 - (counts["hitOn"] / counts["promptsOn"]) / (counts["hitOff"] / counts["promptsOff"])
    return {"protection": point, "interval": list(protection(off, on))}
