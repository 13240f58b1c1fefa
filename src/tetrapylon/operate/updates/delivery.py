"""What one release delivers: the files of each part, and the document that binds them to the release's digest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.kernel.canonical import Json, canonical_json, read_json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import IntegrityError, MissingError, UsageError
from tetrapylon.operate.updates.decisions import PARTS
from tetrapylon.outside.files import hash_file, inside, mode_of
from tetrapylon.outside.tree import select
from tetrapylon.system.assets import Asset

RELEASE_SCHEMA = "tetrapylon/delivery/1"
CHANNEL_SCHEMA = "tetrapylon/channel/1"
CHANNELS = ("stable", "preview")
MANIFEST = "tetrapylon.toml"

PART_OF = {
    "model-file": "model",
    "dataset": "data",
    "prompt": "prompt",
    "guard": "guard",
    "policy": "policy",
    "tool": "tool",
    "lock": "code",
}
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_FAULTS = (KeyError, TypeError, ValueError, AttributeError)
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a release."""

    part: str
    path: str
    """Where it belongs, relative to the manifest."""

    sha256: str
    length: int

    @property
    def target(self) -> str:
        """Its name in the channel: the same bytes under the same name have the same, whatever the release."""
        return f"{self.part}/{self.sha256[:32]}-{_SAFE.sub('_', self.path.rpartition('/')[2])[:80]}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One release as the channel offers it."""

    system: str
    release: str
    digest: str
    assets: tuple[Asset, ...]
    items: tuple[Item, ...]
    evaluated: bool
    evidence: tuple[int, ...]
    """Records of the log that show the evaluation."""

    decision: str | None
    """The decision that released it."""

    needs: str
    because: str
    published: str
    limits: tuple[str, ...] = ()
    """What its tests found that it cannot do, a sentence each: the release notes of an AI system."""

    def to_bytes(self) -> bytes:
        """Return the document."""
        return canonical_json(
            {
                "schema": RELEASE_SCHEMA,
                "system": self.system,
                "release": self.release,
                "digest": self.digest,
                "assets": [{"kind": each.kind, "id": each.id, "digest": each.digest} for each in self.assets],
                "files": [
                    {"part": each.part, "path": each.path, "sha256": each.sha256, "length": each.length, "target": each.target}
                    for each in self.items
                ],
                "evaluation": {"evaluated": self.evaluated, "records": list(self.evidence)},
                "decision": self.decision,
                "change": {"level": self.needs, "because": self.because},
                "published": self.published,
                "limits": list(self.limits),
            }
        )


def read_delivery(data: bytes) -> Delivery:
    """Return the release that the document describes.

    Raises:
        IntegrityError: it is none, or it names a path outside its folder (`malformed`).
    """
    try:
        value = read_json(data, "a release of the channel")
        if value["schema"] != RELEASE_SCHEMA:
            raise ValueError("another schema")
        return Delivery(
            system=_text(value["system"]),
            release=_text(value["release"]),
            digest=_digest(value["digest"]),
            assets=tuple(Asset(_text(each["kind"]), _text(each["id"]), Digest(_digest(each["digest"]))) for each in value["assets"]),
            items=_items(value["files"]),
            evaluated=value["evaluation"]["evaluated"] is True,
            evidence=tuple(int(each) for each in value["evaluation"]["records"]),
            decision=value["decision"] if value["decision"] is None else _digest(value["decision"]),
            needs=_text(value["change"]["level"]),
            because=_text(value["change"]["because"]),
            published=_text(value["published"]),
            limits=tuple(_text(each) for each in value.get("limits", ())),
        )
    except _FAULTS as error:
        raise IntegrityError(f"a release of the channel is malformed ({str(error)[:80]})", code="malformed") from error


def _items(values: Sequence[Mapping[str, Json]]) -> tuple[Item, ...]:
    items = tuple(Item(_text(each["part"]), _path(each["path"]), _hexadecimal(each["sha256"]), int(each["length"])) for each in values)
    if any(each.target != value["target"] or each.part not in PARTS for each, value in zip(items, values, strict=True)):
        raise ValueError("a file has another name than its bytes give it")
    if len({each.path for each in items}) != len(items):
        raise ValueError("one path appears twice")
    return items


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value or len(value) > 4096 or not value.isprintable():  # noqa: PLR2004 - longer is no name
        raise TypeError("a text is missing or cannot be shown")
    return value


def _digest(value: Json) -> str:
    return "sha256:" + _hexadecimal(_text(value).removeprefix("sha256:"))


def _hexadecimal(value: Json) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", _text(value)):
        raise ValueError("not a SHA-256")
    return str(value)


def _path(value: Json) -> str:
    """Return the path, which must stay below where it is put on every system."""
    parts = _text(value).split("/")
    if any(each in {"", ".", ".."} or "\\" in each or ":" in each for each in parts) or len(_text(value)) > _LONGEST:
        raise ValueError("a path leads outside its folder")
    return str(value)


def items_of(root: Path, facts: Mapping[str, Any], assets: Sequence[Asset], carries: Sequence[str]) -> tuple[Item, ...]:
    """Return every file that the release delivers, the manifest among them.

    Raises:
        MissingError, UsageError: something that is declared is not there or cannot be read.
    """
    found: dict[str, str] = {MANIFEST: "code"}
    for asset in assets:
        part = PART_OF.get(asset.kind)
        if part is not None and asset.path is not None:
            found.update(dict.fromkeys(_files(root, asset.path), part))
    found.update(dict.fromkeys(select(root, facts["system"].get("code", ())), "code"))
    for model in facts.get("model", ()):
        found.update(_signature(root, model))
    return tuple(_item(root, path, part) for path, part in sorted(found.items()) if part in carries)


def _signature(root: Path, model: Mapping[str, Json]) -> dict[str, str]:
    """Return the model's detached signature where there is one: who loads the model checks it."""
    path = str(model.get("signature") or f"{model.get('path', '')}.sig")
    try:
        return {path: "model"} if "path" in model and inside(root, path).is_file() else {}
    except MissingError:
        return {}


def _files(root: Path, path: str) -> Iterator[str]:
    import stat

    if stat.S_ISDIR(mode_of(inside(root, path))):
        yield from select(root, (f"{path}/**",))
    else:
        yield path


def _item(root: Path, path: str, part: str) -> Item:
    digest = hash_file(inside(root, path))
    try:
        return Item(part, _path(path), digest.removeprefix("sha256:"), (root / path).stat().st_size)
    except ValueError as error:
        raise UsageError(f"`{path}` cannot be delivered: {error}", code="bad-path") from error
