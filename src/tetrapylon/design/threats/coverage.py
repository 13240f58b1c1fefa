"""Whether everything that there is appears in the threat model, and whether classes of data really move its scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tetrapylon.design.threats.element import LEVELS
from tetrapylon.design.threats.graph import graph_of
from tetrapylon.design.threats.model import ThreatModel
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.assets import RELEASE, Asset

_TABLES = ("person", "service", "model", "dataset", "prompt", "tool", "group", "environment", "supplier", "store", "location")

_MODEL_FILES = (
    ".onnx",
    ".safetensors",
    ".gguf",
    ".ggml",
    ".pt",
    ".pth",
    ".ckpt",
    ".h5",
    ".keras",
    ".tflite",
    ".pkl",
    ".pickle",
    ".joblib",
    ".mlmodel",
)
"""What is a model by its name; others are left to the inventory, which looks inside."""


def uncovered(model: ThreatModel, assets: Iterable[Asset], repository: Repository, inventory: Sequence[Mapping[str, Json]]) -> list[str]:
    """Return what there is and the model does not hold, in words; `inventory` is what statements of the inventory say."""
    return sorted({*_assets(model, assets), *_rows(model), *_files(assets, repository), *_unknown(inventory)})


def _assets(model: ThreatModel, assets: Iterable[Asset]) -> Iterator[str]:
    covered = {pair for each in model.elements for pair in each.part.assets}
    return (f"{each.kind} `{each.id}`" for each in assets if each.kind != RELEASE and (each.kind, each.id) not in covered)


def _rows(model: ThreatModel) -> Iterator[str]:
    """Yield tables and addresses of the manifest that no element stands for."""
    facts = model.graph.facts
    known = {(each.id, each.part.facts.get("endpoint")) for each in model.elements}
    for table in _TABLES:
        yield from (f"{table} `{row['id']}`" for row in facts.get(table, ()) if (row["id"], row.get("endpoint")) not in known)
    ends = {model.graph.elements[key].id for each in model.flows for key in (each.source, each.target)}
    named = {each[end] for each in facts.get("flow", ()) for end in ("from", "to")}
    yield from (f"the end `{each}` of a flow" for each in named - ends)


def _files(assets: Iterable[Asset], repository: Repository) -> Iterator[str]:
    """Yield model files on disk that nothing declares."""
    declared = {each.path for each in assets if each.path}
    for path in (*(each.path for each in repository.artefacts), *(each.path for each in repository.files)):
        if path.lower().endswith(_MODEL_FILES) and not any(path == each or path.startswith(f"{each}/") for each in declared):
            yield f"model file `{path}`, which nothing declares"


def _unknown(inventory: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    count = inventory[-1].get("unknown", 0) if inventory else 0
    if count:
        yield f"{count} things that the inventory found and nothing declares"


def sensitivity_scored(model: ThreatModel) -> bool | None:
    """Return whether the declared classes of data move the scores; None where no data is declared.

    It is tried: with every class exchanged for another one, what holds and meets that data must score differently.
    """
    facts = model.graph.facts
    if not any(facts.get(table) for table in ("dataset", "store")):
        return None
    public = all(
        each.get("sensitivity") == LEVELS[0] and not each.get("personal") for t in ("dataset", "store") for each in facts.get(t, ())
    )
    other = {"sensitivity": LEVELS[-1] if public else LEVELS[0], "personal": public}
    changed = {table: [{**each, **other} for each in facts.get(table, ())] for table in ("dataset", "store")}
    again = graph_of({**facts, **changed})
    holding = [each for each in model.elements if each.kind in {"dataset", "store"}]
    moved = [each for each in holding if again.elements[each.key].attraction.points != each.attraction.points]
    told = all(each.attraction.inputs[0][0].startswith("data that reaches it") for each in model.elements if each.classes)
    return bool(moved) and told
