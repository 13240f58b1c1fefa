"""How long a bill of materials takes: 1,000 components and 5,000 flows, from what was read to bytes that are valid by schema."""

from __future__ import annotations

import time

from benchmarks.figure import Figure
from tetrapylon.develop.records.bom import bom_bytes, build_bom
from tetrapylon.develop.records.build import records_of
from tetrapylon.develop.records.cited import Evidence
from tetrapylon.develop.records.context import Context
from tetrapylon.develop.records.declared import Declared, file_names
from tetrapylon.develop.records.valid import schema_problems
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.outside.lock import Lock, Package
from tetrapylon.outside.view import Known
from tetrapylon.system.assets import Asset

MODELS, DATASETS, PROMPTS, LIBRARIES, FLOWS = 200, 200, 100, 500, 5_000


def run() -> list[Figure]:
    """Return the seconds of a whole bill, and of checking it against the official schema within them."""
    context = _context()
    whole, checked = [], []
    for _ in range(6):
        began = time.perf_counter()
        bom = build_bom(context, records_of(context))
        bom_bytes(bom)
        built = time.perf_counter()
        problems = schema_problems(bom)
        whole.append(time.perf_counter() - began)
        checked.append(time.perf_counter() - built)
        if problems or len(bom["components"]) != MODELS + DATASETS + PROMPTS + LIBRARIES:
            raise RuntimeError(f"not the bill that is to be measured: {problems[:1]}")
    return [
        Figure(f"bill of {len(bom['components'])} components and {FLOWS} flows, checked", "s", whole[1:], 2, "most", None),
        Figure("of that, the official schema", "s", checked[1:], None, "most", None),
    ]


def _nothing(predicate: str) -> tuple[Known, ...]:
    """Return the evidence of a log that is empty."""
    del predicate
    return ()


def _context() -> Context:
    facts: dict[str, Json] = {
        "system": {"id": "large", "release": "1", "role": "provider", "criticality": "low", "purpose": "is large"},
        "model": [
            {"id": f"m{number}", "endpoint": f"https://m{number}.example.org/v1", "trained-from": [f"d{number}"]}
            for number in range(MODELS)
        ],
        "dataset": [{"id": f"d{number}", "path": f"d{number}.csv", "sensitivity": "internal"} for number in range(DATASETS)],
        "prompt": [{"id": f"p{number}", "path": f"p{number}.md", "model": f"m{number}"} for number in range(PROMPTS)],
        "flow": [
            {"from": f"m{number % MODELS}", "to": f"m{number * 7 % MODELS}", "carries": [f"d{number % DATASETS}", "question"]}
            for number in range(FLOWS)
        ],
    }
    kinds = (("model-hosted", "model"), ("dataset", "dataset"), ("prompt", "prompt"))
    assets = tuple(
        Asset(kind, row["id"], Digest(sha256(f"{kind} {row['id']}".encode())), row.get("path"))
        for kind, table in kinds
        for row in facts[table]
    )
    declared = {about: Declared(f"records/{stem}.toml") for stem, about in file_names(facts).items()}
    packages = tuple(Package(f"library-{number}", "1.0", (f"sha256:{number:064x}",), pinned=True) for number in range(LIBRARIES))
    tool = {"name": "tetrapylon", "version": "0"}
    lock = (Lock("requirements.lock", "requirements", packages),)
    return Context(facts, assets, sha256(b"large"), tool, declared, Evidence(_nothing), locks=lock)
