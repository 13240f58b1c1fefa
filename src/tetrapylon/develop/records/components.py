"""Components of a bill: models with their cards, data, prompts, tools, code, environments, stores and libraries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tetrapylon.develop.records.context import Context
from tetrapylon.develop.records.field import Field, Record
from tetrapylon.develop.records.licences import licence_choice
from tetrapylon.develop.records.properties import cited_properties, hash_of, origin, origin_of, prop, reference
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.lock import Package
from tetrapylon.system.assets import Asset

_TYPES = {"model": "machine-learning-model", "dataset": "data", "prompt": "data"}
_EVIDENCE = (
    ("integrity-check", "event"),
    ("test-result", "suite"),
    ("scan", ""),
    ("due-diligence", ""),
    ("input-defence-measurement", "family"),
)
_KINDS = {"code": "file", "lock": "file", "guard": "file", "policy": "file", "tool": "application"}
_MADE_OF = {"code": "names and contents of the files that `system.code` chooses", "tool": "the declaration in tetrapylon.toml"}
_SHOWN = 512
"""Characters of one value in a property."""


def component_of(context: Context, record: Record) -> dict[str, Json]:
    """Return the component of a model, dataset or prompt."""
    asset = context.asset(record.table, record.id)
    known = record.fields
    made: dict[str, Json] = {
        "type": _TYPES[record.table],
        "bom-ref": reference(record.table, record.id),
        "name": record.id,
        "properties": [
            origin("derived", "tetrapylon.toml"),
            prop("tetrapylon:kind", asset.kind if asset else record.table),
            prop("tetrapylon:digest", record.digest),
            origin_of(known["digest"], "tetrapylon:digest"),
        ],
        "externalReferences": [{"type": "model-card", "url": f"{record.id}.md", "properties": [origin("derived", "records")]}],
    }
    _add(made, known.get("version"), "version")
    _add(made, known.get("summary"), "description")
    _hash(context, made, asset, known["digest"])
    _licence(made, known.get("licence"))
    _supplier(made, known.get("supplier"))
    made["properties"] += [*_values(record), *_evidence(context, record.digest)]
    if record.table == "model":
        made["modelCard"] = _model_card(context, record)
    else:
        made["data"] = [_data(record)]
    return made


def _add(made: dict[str, Json], field: Field | None, name: str) -> None:
    if field is None:
        return
    if field.origin != "unknown":
        made[name] = str(field.value)[:1024]
    made["properties"].append(origin_of(field, name))


def _hash(context: Context, made: dict[str, Json], asset: Asset | None, digest: Field) -> None:
    """Add the file's hash. A folder and a hosted model have a digest of ours, which is not the hash of any bytes."""
    if asset is not None and asset.path and f"{asset.kind}:{asset.id}" not in context.folders:
        made["hashes"] = [hash_of(asset.digest)]
        made["properties"].append(origin_of(digest, "hashes"))
    else:
        why = (
            "it is a folder; `tetrapylon:digest` is over names and files"
            if asset and asset.path
            else "its bytes are not here: others host it"
        )
        made["properties"].append(origin("unknown", why, "hashes"))


def _licence(made: dict[str, Json], field: Field | None) -> None:
    if field is not None:
        if field.origin != "unknown":
            made["licenses"] = licence_choice(str(field.value))
        made["properties"].append(origin_of(field, "licenses"))


def _supplier(made: dict[str, Json], field: Field | None) -> None:
    if field is not None and field.origin == "declared":
        made["supplier"] = {"name": str(field.value)}
        made["properties"].append(origin_of(field, "supplier"))


_TAKEN = {"id", "digest", "version", "summary", "licence", "supplier"}


def _values(record: Record) -> Iterator[dict[str, Json]]:
    """Yield every other field of the card; what evidence feeds follows in properties of its own."""
    for field in record.fields.values():
        if field.key in _TAKEN or field.fed:
            continue
        values = field.value if isinstance(field.value, list | tuple) else [field.value]
        for each in values if field.origin != "unknown" else ():
            yield prop(f"tetrapylon:{field.key}", str(each)[:_SHOWN])
        yield origin_of(field, f"tetrapylon:{field.key}")


def _evidence(context: Context, digest: str) -> Iterator[dict[str, Json]]:
    for predicate, key in _EVIDENCE:
        yield from cited_properties(context, predicate, digest, key)


def _model_card(context: Context, record: Record) -> dict[str, Json]:
    known = record.fields
    row = context.row("model", record.id)
    parameters: dict[str, Json] = {"datasets": [{"ref": reference("dataset", each)} for each in row.get("trained-from", ())]}
    for key, name in (("task", "task"), ("architecture", "modelArchitecture")):
        parameters |= {name: known[key].value} if known[key].origin != "unknown" else {}
    parameters |= {"approach": {"type": known["approach"].value}} if known["approach"].origin != "unknown" else {}
    for key in ("inputs", "outputs"):
        parameters |= {key: [{"format": each} for each in known[key].value]} if known[key].origin != "unknown" else {}
    considerations = {
        name: list(known[key].value)
        for key, name in (
            ("users", "users"),
            ("intended-use", "useCases"),
            ("limitations", "technicalLimitations"),
            ("trade-offs", "performanceTradeoffs"),
        )
        if known[key].origin != "unknown"
    }
    risks = known["considerations"]
    made: dict[str, Json] = {"modelParameters": {key: value for key, value in parameters.items() if value != []}}
    if risks.origin != "unknown":
        considerations["ethicalConsiderations"] = [{"name": each} for each in risks.value]
    if considerations:
        made["considerations"] = considerations
    metrics = list(_metrics(record))
    return made | ({"quantitativeAnalysis": {"performanceMetrics": metrics}} if metrics else {})


def _metrics(record: Record) -> Iterator[dict[str, Json]]:
    for index in record.hub_fed.get("model-index", ()):
        for result in index["results"]:
            metric = result["metrics"][0]
            yield {"type": metric["type"], "value": str(metric["value"]), "slice": result["dataset"]["name"]}


def _data(record: Record) -> dict[str, Json]:
    known = record.fields
    made: dict[str, Json] = {"type": "dataset" if record.table == "dataset" else "configuration", "name": record.id}
    if "sensitivity" in known:
        made["classification"] = str(known["sensitivity"].value)
        made |= {"sensitiveData": ["personal data"]} if known["personal"].value else {}
    text = known.get("content") or known.get("purpose")
    return made | ({"description": str(text.value)} if text and text.origin != "unknown" else {})


def others(context: Context) -> Iterator[dict[str, Json]]:
    """Yield tools, code, locks, guards and policies."""
    for asset in context.assets:
        if asset.kind not in _KINDS or asset.id == "gate":
            continue
        made: dict[str, Json] = {
            "type": _KINDS[asset.kind],
            "bom-ref": reference(asset.kind, asset.id),
            "name": asset.id,
            "properties": [
                origin("declared", "tetrapylon.toml"),
                prop("tetrapylon:kind", asset.kind),
                prop("tetrapylon:digest", asset.digest),
                origin("measured", asset.path or _MADE_OF.get(asset.kind, "tetrapylon.toml"), "tetrapylon:digest"),
                *_tool(context.row("tool", asset.id) if asset.kind == "tool" else {}),
                *_evidence(context, asset.digest),
            ],
        }
        if asset.kind in {"lock", "guard", "policy"} and f"{asset.kind}:{asset.id}" not in context.folders:
            made["hashes"] = [hash_of(asset.digest)]
            made["properties"].append(origin("measured", asset.path or asset.id, "hashes"))
        yield made


def _tool(row: Mapping[str, Any]) -> Iterator[dict[str, Json]]:
    for key in ("effect", "approval", "budget", "arguments"):
        if key in row:
            yield prop(f"tetrapylon:{key}", str(row[key]))


def environments(context: Context) -> Iterator[dict[str, Json]]:
    """Yield where the system is built and run."""
    for row in context.facts.get("environment", ()):
        yield {
            "type": "platform",
            "bom-ref": reference("environment", row["id"]),
            "name": row["id"],
            "properties": [
                origin("declared", "tetrapylon.toml"),
                prop("tetrapylon:stage", row["stage"]),
                prop("tetrapylon:sensitive", str(row.get("sensitive", False)).lower()),
                *(prop("tetrapylon:holds", each) for each in row.get("holds", ())),
                *([prop("tetrapylon:location", row["location"])] if "location" in row else []),
            ],
        }


def stores(context: Context) -> Iterator[dict[str, Json]]:
    """Yield where the running system keeps data."""
    for row in context.facts.get("store", ()):
        yield {
            "type": "data",
            "bom-ref": reference("store", row["id"]),
            "name": row["id"],
            "data": [{"type": "other", "name": row["id"], "classification": row["sensitivity"]}],
            "properties": [origin("declared", "tetrapylon.toml"), prop("tetrapylon:kind", "store")],
        }


def libraries(context: Context) -> Iterator[dict[str, Json]]:
    """Yield every package of the lock files once, with the hashes of all locks that name it."""
    found: dict[str, list[tuple[str, Package]]] = {}
    for lock in context.locks:
        for each in lock.packages:
            found.setdefault(each.purl, []).append((lock.name, each))
    for purl, named in found.items():
        yield _library(purl, named)


def _library(purl: str, named: Sequence[tuple[str, Package]]) -> dict[str, Json]:
    package = min(named, key=lambda each: each[0])[1]
    source = f"{' and '.join(sorted({name for name, _ in named}))}"
    texts = sorted({text for _, one in named for text in one.hashes})
    hashes = [known for each in texts if (known := hash_of(each)) is not None]
    made: dict[str, Json] = {
        "type": "library",
        "bom-ref": reference("library", purl),
        "name": package.name,
        "purl": purl,
        "properties": [origin("declared", source), origin("unknown", "lock files do not say", "licenses")],
    }
    if package.version:
        made["version"] = package.version[:1024]
    else:
        made["properties"].append(origin("unknown", "not pinned to one version", "version"))
    if len(hashes) == 1:
        made["hashes"] = hashes
    elif hashes:
        made["externalReferences"] = [{"type": "distribution", "url": purl, "comment": "any one of these files", "hashes": hashes}]
    else:
        made["properties"].append(origin("unknown", "the lock has no hash for it", "hashes"))
    return made
