"""A model registry of MLflow: the JSON of `registered-models/search`, or a folder with `MLmodel` or `meta.yaml` files.

What it does: each registered model becomes a model, with its newest version in production or its newest one at all. A
model whose files lie in the folder gets their path; one that lies elsewhere becomes something to do.

Why it matters: what is registered is what runs, and a registry knows it better than the code does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tetrapylon.app.drafting.part import Part, Pieces, Value, found
from tetrapylon.app.reading import rows, table, text

_STAGES = ("production", "staging", "none", "archived")


def recognises(documents: Mapping[str, Any]) -> bool:
    """Return whether this is one."""
    return any(_is_registry(each) or _is_model(each) or _is_version(each) for each in documents.values())


def pieces(documents: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Pieces:
    """Return the models that are registered."""
    made = list(_all(documents, source, there))
    return Pieces(tuple(each for each in made if isinstance(each, Part)), todos=tuple(each for each in made if isinstance(each, str)))


def _all(documents: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Iterator[Part | str]:
    for name, each in documents.items():
        if _is_registry(each):
            for model in _models(each):
                yield _registered(model, source, there)
        elif _is_model(each):
            yield from _folder(name, each, source, there)
    versions: dict[str, Mapping[str, Any]] = {}
    for each in filter(_is_version, documents.values()):
        own = text(each.get("name"))
        versions[own] = max((versions.get(own, {}), each), key=_order)
    for own, version in versions.items():
        yield _of_version(own, version, source, there)


def _is_registry(document: Any) -> bool:
    return isinstance(document, dict) and any(isinstance(document.get(each), list) for each in ("registered_models", "model_versions"))


def _is_model(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("flavors"), dict)


def _is_version(document: Any) -> bool:
    return isinstance(document, dict) and {"name", "version", "source"} <= set(document) and "flavors" not in document


def _models(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield one table for each model, also where only versions were listed."""
    yield from rows(document.get("registered_models"))
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for each in rows(document.get("model_versions")):
        by_name.setdefault(text(each.get("name")), []).append(each)
    yield from ({"name": name, "latest_versions": versions} for name, versions in by_name.items())


def _registered(model: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Part | str:
    versions = sorted(rows(model.get("latest_versions")), key=_order)
    return _of_version(text(model.get("name"), "model"), versions[-1] if versions else {}, source, there)


def _order(version: Mapping[str, Any]) -> tuple[int, int]:
    """Return what versions are ordered by: what is in production goes before what is newer."""
    stage = text(version.get("current_stage"), "none").lower()
    number = text(version.get("version"))
    return -(_STAGES.index(stage) if stage in _STAGES else len(_STAGES)), int(number) if number.isdecimal() and len(number) < len(
        "1" * 10
    ) else 0


def _of_version(name: str, version: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Part | str:
    where = text(version.get("source")).removeprefix("file://").removeprefix("./")
    number = text(version.get("version")) or "?"
    path = where.rstrip("/")
    if path and not path.startswith("/") and "://" not in path and (there(path) or there(f"{path}/MLmodel")):
        return _part(name, path, f"{source}: version {number}")
    return (
        f"copy the files of `{name}` version {number} here and declare them as a `[[model]]` ({source}: they lie at `{where or 'nowhere'}`)"
    )


def _folder(name: str, document: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Iterator[Part | str]:
    """Yield the model whose `MLmodel` this is."""
    inner = name.rpartition("/")[0]
    base = source.rstrip("/")
    if base.endswith("/MLmodel") or base == "MLmodel":
        base = base.removesuffix("MLmodel").rstrip("/")
    path = "/".join(each for each in (base, inner) if each and each != ".")
    flavours = ", ".join(sorted(text(each) for each in table(document, "flavors")))
    label = path.rpartition("/")[2] or "model"
    if path and there(f"{path}/MLmodel"):
        yield _part(label, path, f"{source}: {flavours}")
    else:
        yield f"declare the model `{label}` ({source}: {flavours}) as a `[[model]]` with its path"


def _part(name: str, path: str, note: str) -> Part:
    values: dict[str, Value] = {"path": found(path, note)}
    return Part("model", f"model:{path}", name, values, found("", note))
