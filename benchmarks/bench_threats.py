"""How long a threat model takes: 1,000 components and 5,000 flows, with circles, hubs and islands, from manifest to JSON."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from benchmarks.figure import Figure
from tetrapylon.design.threats.model import threat_model
from tetrapylon.design.threats.output import as_json
from tetrapylon.design.threats.triggers import basis_of
from tetrapylon.system.decode import manifest_of
from tetrapylon.system.manifest import manifest_facts

COMPONENTS, FLOWS = 1_000, 5_000
SENSITIVITIES = ("public", "internal", "confidential", "restricted")


def run() -> list[Figure]:
    """Return the seconds of the model alone, and of decoding, model and output together."""
    table = manifest(COMPONENTS, FLOWS)
    facts = manifest_facts(manifest_of(table))
    model = threat_model(facts)
    print(f"  {len(model.elements)} elements, {len(model.flows)} flows, {len(model.threats)} threats, {len(model.closed)} closed")
    alone = [_seconds(lambda: threat_model(facts)) for _ in range(3)]
    whole = [_seconds(lambda: _whole(table)) for _ in range(3)]
    name = f"{COMPONENTS:,} components and {FLOWS:,} flows"
    return [
        Figure(f"{name}: graph and threats", "s", alone, 5, "most", None),
        Figure(f"{name}: manifest, graph, threats, JSON", "s", whole, 5, "most", None),
    ]


def _whole(table: dict[str, Any]) -> None:
    model = threat_model(manifest_facts(manifest_of(table)))
    json.dumps(as_json(model, basis_of(model.graph.topology, model.rules, ()), (), (), None))


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def manifest(components: int, flows: int) -> dict[str, Any]:
    """Return a manifest of this size, the same each time: a fifth each of models, tools, stores, services and data sets."""
    chance = random.Random(7)
    fifth = components // 5
    ids = {kind: [f"{kind}-{number}" for number in range(fifth)] for kind in ("model", "tool", "store", "service", "dataset")}
    ends = ["gateway", "customer", *(each for kind in ("model", "tool", "store", "service") for each in ids[kind])]
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < flows:
        pairs.add((chance.choice(ends), chance.choice(ends)))
    return {
        "schema": "tetrapylon/manifest/1",
        "system": {"id": "large", "release": "1", "role": "provider", "criticality": "high", "purpose": "Large", "actors": ["customer"]},
        "model": [_model(each, number, ids, chance) for number, each in enumerate(ids["model"])],
        "tool": [{"id": each, "effect": chance.choice(("read", "write", "irreversible"))} for each in ids["tool"]],
        "store": [{"id": each, "sensitivity": chance.choice(SENSITIVITIES)} for each in ids["store"]],
        "service": [{"id": each, "may": [f"call:{chance.choice(ids['tool'])}"]} for each in ids["service"]],
        "dataset": [{"id": each, "path": f"data/{each}.csv", "sensitivity": chance.choice(SENSITIVITIES)} for each in ids["dataset"]],
        "flow": [{"from": source, "to": target, "carries": ["data"]} for source, target in sorted(pairs)],
    }


def _model(name: str, number: int, ids: dict[str, list[str]], chance: random.Random) -> dict[str, Any]:
    if number % 2:
        return {"id": name, "endpoint": f"https://{name}.example.org/v1"}
    return {"id": name, "path": f"models/{name}.onnx", "trained-from": sorted(chance.sample(ids["dataset"], 3))}
