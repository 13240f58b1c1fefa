"""A small system on disk with an evidence log in memory, as the workers that make records see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tetrapylon.develop.records.build import Built, build
from tetrapylon.develop.records.context import Context, read_context
from tetrapylon.outside.assets import hash_declared
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.view import Known, Past
from tetrapylon.system.assets import Asset, Declared, declared, release_digest
from tetrapylon.system.decode import manifest_of
from tetrapylon.system.manifest import manifest_facts

MANIFEST: dict[str, Any] = {
    "schema": "tetrapylon/manifest/1",
    "system": {
        "id": "desk",
        "release": "1.0",
        "role": "provider",
        "criticality": "low",
        "purpose": "Reads",
        "locks": ["requirements.lock"],
    },
    "person": [{"id": "anna", "roles": ["owner"], "key": "anna.pub"}],
    "model": [
        {"id": "reader", "path": "reader.safetensors", "trained-from": ["digits"]},
        {"id": "chat", "endpoint": "https://llm.example.org/v1", "supplier": "acme"},
    ],
    "supplier": [{"id": "acme", "name": "Acme (fictitious)"}],
    "dataset": [{"id": "digits", "path": "digits.csv", "sensitivity": "internal"}],
    "prompt": [{"id": "rules", "path": "rules.md", "model": "chat"}],
    "flow": [
        {"from": "customer", "to": "chat", "carries": ["digits"], "crosses": "internet"},
        {"from": "chat", "to": "reader", "carries": ["question", "digits"]},
        {"from": "reader", "to": "chat", "carries": ["answer"]},
        {"from": "chat", "to": "chat", "carries": ["thought"]},
    ],
}
_HEADER = b'{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}'
FILES: dict[str, bytes] = {
    "reader.safetensors": len(_HEADER).to_bytes(8, "little") + _HEADER + bytes(24),
    "digits.csv": b"label,p0\n1,0.5\n2,7\n2,3\n",
    "rules.md": b"Answer {question}.\n",
    "requirements.lock": b"numpy==2.1.0 --hash=sha256:" + b"1" * 64 + b"\n",
}
RECORD = 'schema = "tetrapylon/record/1"\nkind = "{kind}"\nby = "anna"\n'
TIME = "2026-06-01T00:00:00Z"


@dataclass
class World:
    """What a worker may look at."""

    root: Path
    manifest: dict[str, Any] = field(default_factory=lambda: MANIFEST)
    log: dict[str, list[Known]] = field(default_factory=dict)
    time: str = TIME
    settings: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    signing_key: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    tool: dict[str, Any] = field(default_factory=lambda: {"name": "tetrapylon", "version": "1.2.3"})

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        return manifest_facts(manifest_of(self.manifest))

    @property
    def assets(self) -> tuple[Asset, ...]:
        return tuple(hash_declared(self.root, self._declared))

    @cached_property
    def _declared(self) -> list[Declared]:
        return declared(manifest_of(self.manifest))

    @property
    def release_digest(self) -> str:
        return release_digest(self.assets)

    @property
    def repository(self) -> Repository:
        return Repository.of_texts({})

    def evidence(self, predicate: str) -> tuple[Known, ...]:
        return tuple(self.log.get(predicate, ()))

    def released(self) -> tuple[Past, ...]:
        return ()

    def states(self) -> Mapping[str, str]:
        return {}

    def now(self) -> str:
        return self.time

    def digest(self, known: str) -> str:
        return next(str(each.digest) for each in self.assets if each.id == known)

    def says(self, predicate: str, digest: str, **payload: Any) -> None:
        """Put a statement into the log."""
        number = sum(map(len, self.log.values()))
        times = {"observedFrom": self.time, "observedTo": self.time}
        self.log.setdefault(predicate, []).append(Known(number, {"x": digest}, {**payload, **times}, self.time, self.time))

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def record(self, known: str, kind: str, more: str = "") -> None:
        """Write a record file."""
        self.write(f"records/{known}.toml", RECORD.format(kind=kind) + more)

    def context(self) -> Context:
        return read_context(self)

    def built(self) -> Built:
        return build(self.context(), self.root / "records")


def world(root: Path, manifest: dict[str, Any] | None = None) -> World:
    """Return the system, written to disk."""
    made = World(root, manifest or MANIFEST)
    for name, data in FILES.items():
        made.write(name, data)
    return made
