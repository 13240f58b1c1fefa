"""What Hugging Face reads at the head of a card, by its names; origins stand beside, under `tetrapylon`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tetrapylon.develop.records.context import Context
from tetrapylon.develop.records.declared import Declared
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import Described
from tetrapylon.system.assets import Asset

_LICENCES = frozenset(
    {
        "apache-2.0", "mit", "openrail", "bigscience-openrail-m", "creativeml-openrail-m", "bsl-1.0", "bsd", "bsd-2-clause", "bsd-3-clause",
        "bsd-3-clause-clear", "ms-pl", "cc", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0",
        "cc-by-nc-2.0",
        "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0",
        "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cdla-sharing-1.0", "cdla-permissive-1.0", "cdla-permissive-2.0", "wtfpl", "ecl-2.0",
        "epl-1.0",
        "epl-2.0", "etalab-2.0", "eupl-1.1", "eupl-1.2", "agpl-3.0", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "lgpl", "lgpl-2.1", "lgpl-3.0",
        "isc", "lppl-1.3c", "mpl-2.0", "odc-by", "odbl", "ofl-1.1", "osl-3.0", "postgresql", "ncsa", "unlicense", "zlib", "pddl",
    }
)  # fmt: skip
"""Identifiers that the hub takes as `license`; anything else is `other` with a `license_name`."""

_LIBRARIES = {"onnx": "onnx", "safetensors": "safetensors", "gguf": "gguf"}
_STEPS = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")


def _licence(found: Declared, otherwise: str | None = None) -> dict[str, Json]:
    stated = found.values.get("licence", otherwise)
    if stated is None:
        return {"license": "unknown"}
    short = stated.lower()
    return {"license": short} if short in _LICENCES else {"license": "other", "license_name": stated}


def _tags(found: Declared, *more: str) -> list[str]:
    return sorted({*found.values.get("tags", ()), *more})


def model_metadata(row: Mapping[str, Any], found: Declared, format_name: str | None) -> dict[str, Json]:
    """Return the metadata of a model card."""
    made: dict[str, Json] = {**_licence(found)}
    if format_name in _LIBRARIES:
        made["library_name"] = _LIBRARIES[format_name]
    if "task" in found.values:
        made["pipeline_tag"] = found.values["task"]
    if row.get("trained-from"):
        made["datasets"] = list(row["trained-from"])
    return {**made, "tags": _tags(found)}


def model_results(context: Context, known: str, asset: Asset) -> dict[str, Json]:
    """Return `model-index`: one result for each test whose evidence gives a bound on the rate of failures."""
    results = [
        {
            "task": {"type": str(each.payload.get("kind") or "other")},
            "dataset": {"name": str(each.payload.get("suite") or "unnamed"), "type": "test-suite"},
            "metrics": [{"type": "failure_rate_upper_bound", "value": each.payload["upperBound"], "name": each.source.replace("`", "")}],
        }
        for each in context.evidence.each("test-result", asset.digest, "suite")
        if isinstance(each.payload.get("upperBound"), int | float)
    ]
    return {"model-index": [{"name": known, "results": results}]} if results else {}


def dataset_metadata(row: Mapping[str, Any], found: Declared, described: Described) -> dict[str, Json]:
    """Return the metadata of a dataset card."""
    rows = described.facts.get("rows")
    made: dict[str, Json] = {**_licence(found, row.get("licence")), "pretty_name": row["id"]}
    if isinstance(rows, int):
        made["size_categories"] = [_size(rows)]
    return {**made, "tags": _tags(found)}


def prompt_metadata(found: Declared) -> dict[str, Json]:
    """Return the metadata of a prompt card, which the hub has no kind of its own for."""
    return {**_licence(found), "tags": _tags(found, "prompt")}


def _size(rows: int) -> str:
    """Return the hub's word for a number of rows."""
    place = next((place for place in range(len(_STEPS)) if rows < 10 ** (place + 3)), len(_STEPS))
    if place in {0, len(_STEPS)}:
        return "n<1K" if place == 0 else "n>1T"
    return f"{_STEPS[place - 1]}<n<{_STEPS[place]}"
