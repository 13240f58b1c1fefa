"""The bill of materials: CycloneDX 1.7 for AI, from the same fields as the cards; equal input gives equal bytes.

Each component and service says in properties where what it says is from: `tetrapylon:origin` for all of its fields, and
`tetrapylon:origin:FIELD` where one differs or is unknown. What evidence says stands in `tetrapylon:evidence:…`.
CycloneDX's own `citations` were not taken: they need a time and point at places in arrays, which move.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence

from tetrapylon.develop.records.chain import Chain, chain_of
from tetrapylon.develop.records.components import component_of, environments, libraries, others, stores
from tetrapylon.develop.records.context import Context, said
from tetrapylon.develop.records.elements import completeness
from tetrapylon.develop.records.field import Record
from tetrapylon.develop.records.properties import cited_properties, origin, prop, reference
from tetrapylon.develop.records.services import services_of
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.assets import Asset

NAMESPACE = uuid.UUID("6f3c1d52-6d0b-5b8e-9a27-6f4c8e1d7a10")
"""The namespace of serial numbers; decisions use names of their own."""

NAME = "bom.cdx.json"
SCHEMA = "http://cyclonedx.org/schema/bom-1.7.schema.json"
_RELEASE_WIDE = (
    ("secure-defaults", "", ("configuration",)),
    ("threat-model", "", ("manifest", "release")),
    ("inventory-reconcile", "scope", ("manifest", "release")),
    ("access-probe", "event", ("manifest", "environment", "release")),
    ("vulns", "", ("lock", "release")),
    ("monitor-window", "event", ("release",)),
    ("test-result", "suite", ("release",)),
    ("restore-drill", "", ("manifest", "release")),
    ("incident-drill", "", ("manifest", "release")),
    ("failover-drill", "trigger", ("manifest", "release")),
    ("disclosure", "", ("manifest", "release")),
    ("debt-snapshot", "", ("manifest", "release")),
)
"""Evidence about more than one model or dataset: the key that tells its statements apart, and the kinds of assets it is about."""


def bom_bytes(bom: Mapping[str, Json]) -> bytes:
    """Return the one spelling of a bill: two spaces, sorted keys, UTF-8."""
    return (json.dumps(bom, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def serial_number(release: str) -> str:
    """Return the serial number of a release's bill."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, release)}"


def build_bom(context: Context, records: Sequence[Record]) -> dict[str, Json]:
    """Return the bill of a release."""
    serial = serial_number(context.release)
    chains = _chains(context)
    components = sorted(_components(context, records), key=_by_ref)
    services = sorted(services_of(context, serial), key=_by_ref)
    bom: dict[str, Json] = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": serial,
        "version": 1,
        "metadata": _metadata(context, chains),
        "components": components,
        "services": services,
        "dependencies": sorted(_dependencies(context, components, services), key=lambda each: str(each["ref"])),
        "compositions": list(_compositions(context)),
        "formulation": list(_formulation(chains)),
    }
    references = list(_references(context))
    bom |= {"externalReferences": references} if references else {}
    bom = {key: value for key, value in bom.items() if value != []}
    bom["metadata"]["properties"] += [
        prop(f"tetrapylon:g7:{cluster.id}:{each.id}", f"{each.state}: {each.reason}")
        for cluster in completeness(bom)
        for each in cluster.elements
    ]
    return bom


def _by_ref(each: Mapping[str, Json]) -> str:
    return str(each["bom-ref"])


def _chains(context: Context) -> list[tuple[Asset, Chain]]:
    found = [(asset, context.row("model", asset.id)) for asset in context.assets if asset.kind == "model-file"]
    return [(asset, chain_of(context, row, asset)) for asset, row in sorted(found, key=lambda each: each[0].id)]


def _components(context: Context, records: Sequence[Record]) -> Iterator[dict[str, Json]]:
    yield from (component_of(context, each) for each in records)
    yield from others(context)
    yield from environments(context)
    yield from stores(context)
    yield from libraries(context)


def _metadata(context: Context, chains: Sequence[tuple[Asset, Chain]]) -> dict[str, Json]:
    times = [chain.finished for _, chain in chains if chain.finished]
    tool = {
        "type": "application",
        "name": str(context.tool["name"]),
        "version": str(context.tool["version"]),
        "bom-ref": "tool-of-this-bill",
        "properties": [origin("measured", "the tool itself")],
    }
    made: dict[str, Json] = {
        "lifecycles": [{"phase": "post-build"}],
        "tools": {"components": [tool]},
        "component": _system(context),
        "properties": [
            prop("tetrapylon:release", context.release),
            origin("derived", "tetrapylon.toml"),
            prop("tetrapylon:context", "made from the manifest, the files by digest, the lock files and the evidence log"),
            *sorted(_release_evidence(context), key=lambda each: (each["name"], each["value"])),
        ],
    }
    producer = said(context.declared["system", context.facts["system"]["id"]], "producer", "Producer")
    if producer.value:
        made["manufacturer"] = _producer(context)
        made["properties"].append(origin("declared", producer.source, "manufacturer"))
    else:
        made["properties"].append(origin("unknown", producer.source, "manufacturer"))
    if times:
        made["timestamp"] = max(times)
        made["properties"].append(origin("measured", "the end of the last training of a model of this release", "timestamp"))
    else:
        made["properties"].append(
            origin("unknown", "no model's training was attested, and the time of writing would differ each time", "timestamp")
        )
    return made


def _producer(context: Context) -> dict[str, Json]:
    values = context.declared["system", context.facts["system"]["id"]].values
    return {"name": values["producer"], **({"url": [values["producer-url"]]} if "producer-url" in values else {})}


def _system(context: Context) -> dict[str, Json]:
    system = context.facts["system"]
    record = context.declared["system", system["id"]]
    made: dict[str, Json] = {
        "type": "application",
        "bom-ref": "system",
        "name": system["id"],
        "version": system["release"],
        "description": system["purpose"],
        "properties": [
            origin("declared", "tetrapylon.toml"),
            prop("tetrapylon:role", system["role"]),
            prop("tetrapylon:criticality", system["criticality"]),
        ],
    }
    if "producer" in record.values:
        made["manufacturer"] = _producer(context)
        made["properties"].append(origin("declared", record.by, "manufacturer"))
    for key in ("application-area", "data-usage", "input-output", "hardware", "software", "compliance"):
        field = said(record, key, key)
        values = field.value if isinstance(field.value, tuple | list) else [field.value]
        made["properties"] += [prop(f"tetrapylon:{key}", str(each)) for each in values if field.origin != "unknown"]
        made["properties"].append(origin(field.origin, field.source, f"tetrapylon:{key}"))
    return made


def _release_evidence(context: Context) -> Iterator[dict[str, Json]]:
    for predicate, key, kinds in _RELEASE_WIDE:
        digests = [(each.id, str(each.digest)) for each in context.assets if each.kind in kinds]
        digests += [("release", context.release)] if "release" in kinds else []
        for known, digest in digests:
            yield from cited_properties(context, predicate, digest, key, about=known)


def _dependencies(context: Context, components: Sequence[Json], services: Sequence[Json]) -> Iterator[dict[str, Json]]:
    refs = [str(each["bom-ref"]) for each in (*components, *services)]
    known = set(refs)
    yield {"ref": "system", "dependsOn": sorted(refs)}
    for each in context.facts.get("model", ()):
        yield _depends(reference("model", each["id"]), [reference("dataset", data) for data in each.get("trained-from", ())], known)
    for each in context.facts.get("prompt", ()):
        yield _depends(reference("prompt", each["id"]), [reference("model", each["model"])] if "model" in each else [], known)
    names: dict[tuple[str, str], list[str]] = {}
    packages = [each for lock in context.locks for each in lock.packages]
    for each in packages:
        names.setdefault((each.ecosystem, each.name), []).append(reference("library", each.purl))
    needs: dict[str, set[str]] = {}
    for each in packages:
        wanted = {ref for name in each.dependencies for ref in names.get((each.ecosystem, name), ())}
        needs.setdefault(reference("library", each.purl), set()).update(wanted)
    for ref, wanted in needs.items():
        yield _depends(ref, wanted, known)
    done = {reference("model", each["id"]) for each in context.facts.get("model", ())} | {
        reference("prompt", each["id"]) for each in context.facts.get("prompt", ())
    }
    yield from ({"ref": each} for each in refs if each not in done and each not in needs)


def _depends(ref: str, needs: Sequence[str] | set[str], known: set[str]) -> dict[str, Json]:
    found = sorted({each for each in needs if each in known and each != ref})
    return {"ref": ref, "dependsOn": found} if found else {"ref": ref}


def _compositions(context: Context) -> Iterator[dict[str, Json]]:
    """Say what is known to be incomplete: nobody knows what a hosted model consists of."""
    hosted = sorted(reference("model", each["id"]) for each in context.facts.get("model", ()) if "endpoint" in each)
    if hosted:
        yield {"aggregate": "unknown", "assemblies": hosted}
    if context.unread:
        yield {"aggregate": "incomplete", "assemblies": ["system"]}


def _formulation(chains: Sequence[tuple[Asset, Chain]]) -> Iterator[dict[str, Json]]:
    """Yield how each model came to be, as its provenance says."""
    workflows = []
    for asset, chain in chains:
        if not chain.run:
            continue
        made: dict[str, Json] = {
            "bom-ref": f"training:{asset.id}",
            "uid": chain.run,
            "name": f"training of {asset.id}",
            "taskTypes": ["build"],
            "outputs": [{"type": "artifact", "resource": {"ref": reference("model", asset.id)}}],
            "properties": [origin("measured", chain.links[0].source)],
        }
        refs = sorted(ref for each in chain.materials if (ref := _material(each)))
        made |= {"inputs": [{"resource": {"ref": each}} for each in refs]} if refs else {}
        made |= {"timeStart": chain.started} if chain.started else {}
        made |= {"timeEnd": chain.finished} if chain.finished else {}
        workflows.append(made)
    if workflows:
        yield {"workflows": workflows}


def _material(name: str) -> str | None:
    kind, _, known = name.partition(":")
    return reference(kind, known) if kind in {"dataset", "code", "lock"} else None


def _references(context: Context) -> Iterator[dict[str, Json]]:
    record = context.declared["system", context.facts["system"]["id"]]
    by = prop("tetrapylon:origin", f"declared: {record.by}")
    if "security-txt" in record.values:
        yield {"type": "rfc-9116", "url": record.values["security-txt"], "properties": [by]}
    for path in (".well-known/security.txt", "security.txt"):
        if path in context.present:
            yield {"type": "rfc-9116", "url": path, "properties": [origin("measured", path)]}
    if "advisories" in record.values:
        yield {"type": "advisories", "url": record.values["advisories"], "properties": [by]}
