"""What lies in the tree or stands in code: model and data files by content, documents, and the parts that finders see.

A part is unknown where the manifest names it in no way: not by path, not by its own name, not by its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from tetrapylon.develop.assets.entry import Class, Entry
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.outside.content import Recognised
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

AI_KINDS = frozenset({"model", "hosted-model", "dataset", "prompt", "tool", "mcp-server", "vector-store"})
"""Kinds of parts that the manifest has a place for."""

_MODEL_FORMATS = frozenset(
    {"safetensors", "gguf", "onnx", "tflite", "pickle", "joblib", "torch-zip", "torch-legacy", "keras-zip", "hdf5", "zlib"}
)
_DATA_FORMATS = frozenset({"parquet", "arrow", "npy", "npz", "sqlite"})
_DOCUMENT = re.compile(r"(?:^|/)(?:readme|changelog|security|contributing|license|notice)[^/]*$|\.(?:md|rst|adoc|pdf)$", re.IGNORECASE)
_CLASS: dict[str, Class] = {
    "model": "models",
    "hosted-model": "models",
    "dataset": "data",
    "vector-store": "data",
    "prompt": "prompts",
    "tool": "software",
    "mcp-server": "software",
    "agent": "software",
    "guardrail": "software",
    "server": "software",
    "library": "software",
    "training": "software",
}


@dataclass(frozen=True)
class Names:
    """Every way in which the manifest names something."""

    facts: Mapping[str, Json]

    def _of(self, tables: Sequence[str], *keys: str) -> set[str]:
        return {_plain(each[key]) for table in tables for each in self.facts.get(table, ()) for key in keys if key in each}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every declared path."""
        found = [
            each[key]
            for table in ("model", "dataset", "prompt", "store")
            for each in self.facts.get(table, ())
            for key in ("path", "signature")
            if key in each
        ]
        found += [each["arguments"] for each in self.facts.get("tool", ()) if "arguments" in each]
        system = self.facts["system"]
        return (*found, *(path for key in ("locks", "guards", "policies") for path in system.get(key, ())))

    @cached_property
    def by_kind(self) -> Mapping[str, set[str]]:
        """The names that a part of each kind may have."""
        models = self._of(["model"], "id", "model", "path", "snapshot")
        return {
            "model": models,
            "hosted-model": models,
            "dataset": self._of(["dataset"], "id", "source", "path"),
            "prompt": self._of(["prompt"], "id", "path"),
            "tool": self._of(["tool"], "id"),
            "mcp-server": self._of(["tool", "service", "supplier"], "id", "name"),
            "vector-store": self._of(["store", "dataset"], "id", "path"),
        }

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Host and port of every declared endpoint."""
        found = (each["endpoint"] for table in ("model", "store") for each in self.facts.get(table, ()) if "endpoint" in each)
        return tuple(_host(each) for each in found)

    def has(self, component: Component) -> bool:
        """Return whether the manifest declares this part."""
        names = self.by_kind.get(component.kind, set())
        if {_plain(component.id), _plain(component.facts.get("path", ""))} & names or self.covers(component.facts.get("path", "")):
            return True
        if self.covers(component.at.path) or self.covers(component.id):
            return True
        if component.kind == "hosted-model" and self._is_of_supplier(component):
            return True
        return "url" in component.facts and _host(component.facts["url"]) in self.addresses

    def _is_of_supplier(self, component: Component) -> bool:
        """Whether code says no more than whose model it calls, and a hosted model of that supplier is declared."""
        provider = component.facts.get("provider")
        if provider is None or (component.id != provider and "named" not in component.facts):
            return False
        return any(_plain(provider) in _plain(each.get("supplier", "")) for each in self.facts.get("model", ()) if "endpoint" in each)

    def covers(self, path: str) -> bool:
        """Return whether a declared path is this one or a folder around it."""
        return bool(path) and any(path == each or path.startswith(f"{each}/") for each in self.paths)


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return url


def parts_of(components: Sequence[Component], recognised: Sequence[Recognised]) -> list[Component]:
    """Return the parts that finders saw, and files whose content is a model or data and that no finder named."""
    named = {
        path for each in components if each.kind in {"model", "dataset"} for path in (each.id, each.at.path, each.facts.get("path", ""))
    }
    found = [_part(each) for each in recognised if each.path not in named and each.format in _MODEL_FORMATS | _DATA_FORMATS]
    return [*components, *found]


def _part(file: Recognised) -> Component:
    kind = "model" if file.format in _MODEL_FORMATS else "dataset"
    return Component(
        "model" if kind == "model" else "dataset", file.path, Place(file.path), f"content is {file.format}", {"path": file.path}
    )


def found_entries(components: Sequence[Component], names: Names, formats: Mapping[str, str]) -> Iterator[Entry]:
    """Yield an entry for each part that the manifest does not declare, and the addresses that code names."""
    seen: set[tuple[str, str]] = set()
    for each in sorted(components, key=lambda each: (each.kind, each.id, each.at)):
        if (each.kind, each.id) in seen:
            continue
        seen.add((each.kind, each.id))
        if not names.has(each):
            yield Entry(_CLASS[each.kind], each.kind, each.id, (str(each.at),), "found", format=formats.get(each.at.path), note=each.how)
        if "url" in each.facts and _host(each.facts["url"]) not in names.addresses:
            yield Entry("endpoints", f"{each.kind}-endpoint", each.facts["url"], (str(each.at),), "found", note=each.how)


def documents(repository: Repository, names: Names) -> Iterator[Entry]:
    """Yield the documents of the tree that are not declared as something else: readable ones by the digest of their text."""
    for file in repository.files:
        if _DOCUMENT.search(file.path) and not names.covers(file.path):
            yield Entry("documentation", "document", file.path, (file.path,), "found", _text_digest(file.text))
    for each in repository.artefacts:
        if _DOCUMENT.search(each.path):
            yield Entry("documentation", "document", each.path, (each.path,), "found")


def _text_digest(text: str) -> Digest:
    return sha256(text.encode("utf-8", "surrogatepass"))
