"""Services of a bill: whatever data flows to or from, hosted models among them, with the classification of what flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tetrapylon.develop.records.context import Context
from tetrapylon.develop.records.properties import origin, prop, reference
from tetrapylon.kernel.canonical import Json, canonical_json

_LEVELS = ("public", "internal", "confidential", "restricted")


def services_of(context: Context, serial: str) -> Iterator[dict[str, Json]]:
    """Yield a service for each end of a flow, each hosted model, each principal and each store behind an address."""
    flows: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for flow in context.facts.get("flow", ()):
        flows.setdefault(flow["to"], []).append(("inbound", flow))
        flows.setdefault(flow["from"], []).append(("outbound", flow))
    rows = {table: {each["id"]: each for each in context.facts.get(table, ())} for table in ("model", "service", "store")}
    hosted = {known for table in ("model", "store") for known, each in rows[table].items() if "endpoint" in each}
    declared = _declared(context)
    levels = _sensitivity(context)
    link = f"urn:cdx:{serial.removeprefix('urn:uuid:')}/1#"
    for known in sorted({*flows, *hosted, *rows["service"]}):
        row = rows["model"].get(known) or rows["store"].get(known) or {}
        yield _service(context, known, row, flows.get(known, ()), levels, link, outside=known not in declared)


def _declared(context: Context) -> set[str]:
    """Return every id of the manifest, and the parts that the tool itself puts around a system."""
    rows = [each for table, found in context.facts.items() if isinstance(found, list) for each in found if table != "flow"]
    return {each["id"] for each in rows} | {"gateway", "console", "journal", "log"}


def _sensitivity(context: Context) -> dict[str, str]:
    return {each["id"]: each["sensitivity"] for table in ("dataset", "store") for each in context.facts.get(table, ())}


def _service(
    context: Context,
    known: str,
    row: Mapping[str, Any],
    flows: Sequence[tuple[str, Mapping[str, Any]]],
    levels: Mapping[str, str],
    link: str,
    *,
    outside: bool,
) -> dict[str, Json]:
    made: dict[str, Json] = {
        "bom-ref": reference("service", known),
        "name": known,
        "properties": [origin("declared", "tetrapylon.toml"), *([prop("tetrapylon:outside", "true")] if outside else [])],
    }
    if "endpoint" in row:
        made["endpoints"] = [row["endpoint"]]
        made["properties"].append(prop("tetrapylon:model", row.get("model", known)))
    supplier = context.supplier(row.get("supplier"))
    if supplier:
        made["provider"] = {"name": supplier}
    crossed = {flow["crosses"] for _, flow in flows if "crosses" in flow}
    if flows:
        made["x-trust-boundary"] = bool(crossed)
        made["data"] = sorted((_data(direction, flow, levels, link) for direction, flow in flows), key=canonical_json)
        made["properties"] += [prop("tetrapylon:crosses", each) for each in sorted(crossed)]
    return made


def _data(direction: str, flow: Mapping[str, Any], levels: Mapping[str, str], link: str) -> dict[str, Json]:
    known = [levels[each] for each in flow["carries"] if each in levels]
    made: dict[str, Json] = {
        "flow": direction,
        # The highest class of what is known to flow; a part of unknown class makes the whole unknown.
        "classification": max(known, key=_LEVELS.index) if known and len(known) == len(flow["carries"]) else "unknown",
        "name": ", ".join(flow["carries"]),
    }
    if "crosses" in flow:
        made["description"] = f"crosses {flow['crosses']}"
    end, other = ("source", "from") if direction == "inbound" else ("destination", "to")
    return made | {end: [f"{link}{reference('service', flow[other])}"]}
