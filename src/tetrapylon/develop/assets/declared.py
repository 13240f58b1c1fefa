"""What the manifest declares, as entries, and what of it is not where it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tetrapylon.develop.assets.entry import Class, Difference, Entry
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError, TetrapylonError, UsageError
from tetrapylon.outside.assets import hash_declared
from tetrapylon.outside.files import inside, mode_of
from tetrapylon.outside.view import View
from tetrapylon.system.assets import Asset, Declared, declared
from tetrapylon.system.decode import manifest_of

_CLASS: dict[str, Class] = {
    "model-file": "models",
    "model-hosted": "models",
    "dataset": "data",
    "prompt": "prompts",
    "code": "software",
    "lock": "software",
    "guard": "software",
    "tool": "software",
    "policy": "software",
    "manifest": "documentation",
}
_TABLE = {"model-file": "model", "model-hosted": "model", "dataset": "dataset", "prompt": "prompt", "tool": "tool"}
_LOGS = ("log", "journal", "audit", "trace", "telemetry", "history")
"""Words in the id of a store that say that it keeps records of use."""


@dataclass(frozen=True)
class Walked:
    """What the walk over the declared places found."""

    assets: tuple[Asset, ...]
    missing: tuple[Difference, ...]
    unseen: tuple[str, ...]


def walk_declared(view: View) -> Walked:
    """Hash what is declared and look for the declared files that are no assets: signatures and stores."""
    missing, unseen = list[Difference](), list[str]()
    try:
        assets = list(view.assets)
    except (MissingError, UsageError):
        # One thing that is not there must not hide the others.
        assets = [each for part in declared(manifest_of(view.facts)) for each in _hashed(view, part, missing, unseen)]
    for what, path in _beside(view.facts):
        try:
            mode_of(inside(view.root, path))
        except MissingError:
            missing.append(Difference("file", path, path, f"declared as {what}, and not there"))
        except TetrapylonError as error:
            unseen.append(f"`{path}`: {error.message}")
    return Walked(tuple(assets), tuple(missing), tuple(unseen))


def _hashed(view: View, part: Declared, missing: list[Difference], unseen: list[str]) -> Iterator[Asset]:
    try:
        yield from hash_declared(view.root, [part])
    except MissingError:
        at = getattr(part, "path", "") or ", ".join(getattr(part, "patterns", ()))
        missing.append(Difference(part.kind, part.id, at, "declared, and not there"))
    except TetrapylonError as error:
        unseen.append(f"`{part.id}`: {error.message}")


def _beside(facts: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the declared files that are no assets of the release; a store with a location is kept elsewhere."""
    for each in facts.get("model", ()):
        if "signature" in each:
            yield f"the signature of `{each['id']}`", each["signature"]
    yield from ((f"store `{each['id']}`", each["path"]) for each in facts.get("store", ()) if "path" in each and "location" not in each)


def keys_to_come(view: View) -> Iterator[tuple[str, str]]:
    """Yield persons and services whose declared public key is not there, with its path.

    This is no missing asset: who has no key yet cannot sign, and which keys count the trust root says.
    """
    for table in ("person", "service"):
        for each in view.facts.get(table, ()):
            if "key" in each and not _is_there(view, each["key"]):
                yield each["id"], each["key"]


def _is_there(view: View, path: str) -> bool:
    try:
        mode_of(inside(view.root, path))
    except TetrapylonError:
        return False
    return True


def declared_entries(view: View, assets: tuple[Asset, ...]) -> Iterator[Entry]:
    """Yield an entry for each declared asset, store, key and endpoint."""
    facts, waiting = view.facts, {name for name, _ in keys_to_come(view)}
    for asset in assets:
        if asset.kind in _CLASS:
            row = _row(facts, asset)
            places = (*_place(asset, row), *_held(facts, asset.id))
            yield Entry(_CLASS[asset.kind], asset.kind, asset.id, places, "declared", asset.digest, sensitivity=row.get("sensitivity"))
    yield from _stores(facts)
    yield from (each for each in _keys(facts) if each.id not in waiting)
    yield from _endpoints(facts)


def _row(facts: Mapping[str, Json], asset: Asset) -> Mapping[str, Json]:
    rows = facts.get(_TABLE.get(asset.kind, ""), ())
    return next((each for each in rows if each["id"] == asset.id), {})


def _place(asset: Asset, row: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(each for each in (asset.path, row.get("endpoint")) if each) or ("tetrapylon.toml",)


def _held(facts: Mapping[str, Json], name: str) -> Iterator[str]:
    for each in facts.get("environment", ()):
        if name in each.get("holds", ()):
            where = f" at {_location(facts, each['location'])}" if "location" in each else ""
            yield f"environment {each['id']}{where}"


def _location(facts: Mapping[str, Json], name: str) -> str:
    country = next((each.get("country") for each in facts.get("location", ()) if each["id"] == name), None)
    return f"{name} ({country})" if country else name


def _stores(facts: Mapping[str, Json]) -> Iterator[Entry]:
    for each in facts.get("store", ()):
        cls: Class = "logs" if any(word in each["id"] for word in _LOGS) else "data"
        here = [each[key] for key in ("path", "endpoint") if key in each]
        there = [_location(facts, each["location"])] if "location" in each else []
        places = (*here, *there, *_held(facts, each["id"]))
        yield Entry(cls, "store", each["id"], places, "declared", sensitivity=each["sensitivity"])


def _keys(facts: Mapping[str, Json]) -> Iterator[Entry]:
    for table in ("person", "service"):
        for each in facts.get(table, ()):
            if "key" in each:
                yield Entry("keys", "public-key", each["id"], (each["key"],), "declared", owner=_person(table, each), sensitivity="public")


def _person(table: str, row: Mapping[str, Json]) -> str | None:
    return row["id"] if table == "person" else None


def _endpoints(facts: Mapping[str, Json]) -> Iterator[Entry]:
    for table in ("model", "store"):
        for each in facts.get(table, ()):
            if "endpoint" in each:
                yield Entry("endpoints", f"{table}-endpoint", each["id"], (each["endpoint"],), "declared")
