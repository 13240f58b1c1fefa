"""Measure the looks at inputs: unfamiliar, hostile and resized images, for every model that can be asked here.

Reads: ONNX models of small grey images, the CSV that they were trained from, and the resize that the manifest declares. Leaves:
`input-defence-measurement` of the families `ood`, `adversarial` and `preprocessing`, about the release. What is watched at run
time is recorded by `tetrapylon operate monitor`, not here.
Cannot see: attackers who know the detectors, what lies outside a crop, models of another form; without the extra `monitor`, nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.operate.monitor.inspecting import Resize, exploitable
from tetrapylon.operate.monitor.measuring import Measured, adversarial, preprocessing, unfamiliar
from tetrapylon.operate.monitor.ood import to_bytes
from tetrapylon.operate.monitor.reader import Reader, readers
from tetrapylon.outside.view import View

PRACTICES = ("SO2.4", "SO2.5", "SO2.6")

NEEDED = ("numpy", "scipy", "PIL", "onnxruntime")
TIMES = 4
"""What the linter takes a source to be: so many times the size of the view."""


def observe(view: View) -> Iterator[Observation]:
    """Yield how well each family of attacks is detected; with several models the worst of them counts."""
    if not _installed():
        return
    began, found = view.now(), readers(view)
    for family, worst, detail in _families(view, found) if found else ():
        payload = {"family": family, "tpr": worst.tpr, "fpr": worst.fpr, "cases": worst.cases}
        subject = (Subject("release", Digest(view.release_digest)),)
        yield Observation(
            "input-defence-measurement", subject, {**payload, "detail": detail, "tool": view.tool}, began, view.now(), "scanner"
        )


def inputs(view: View) -> Json:
    """Return what the answers follow from beside the release: which libraries are here."""
    del view
    return {"installed": list(_installed())}


def _installed() -> tuple[str, ...]:
    found = tuple(each for each in NEEDED if find_spec(each) is not None)
    return found if found == NEEDED else ()


def _families(view: View, found: list[Reader]) -> Iterator[tuple[str, Measured, list[str]]]:
    known = [(each, each.familiar()) for each in found]
    fitted = [f"`{reader.id}`: fitted to {sha256(to_bytes(familiar))}" for reader, familiar in known]
    strange = min((unfamiliar(*each) for each in known), key=lambda each: each.tpr)
    yield "ood", strange, [*strange.sentences(), *fitted]
    hostile = min((adversarial(*each) for each in known), key=lambda each: each.tpr)
    yield "adversarial", hostile, hostile.sentences()
    models = {each["id"]: each for each in view.facts.get("model", ())}
    resized = [(reader, resize) for reader in found if (resize := declared(models[reader.id])) is not None]
    if resized:
        hidden = min((preprocessing(*each) for each in resized), key=lambda each: each.tpr)
        linted = [_linted(resize) for _, resize in resized]
        yield "preprocessing", hidden, [*hidden.sentences(), *linted]


def _linted(resize: Resize) -> str:
    try:
        return exploitable(resize, (resize.size[0] * TIMES, resize.size[1] * TIMES))
    except UndecidedError as error:
        return error.message


def declared(model: dict[str, Any]) -> Resize | None:
    """Return the first resize that a model declares with library and kernel."""
    steps = [each for each in model.get("preprocess", ()) if each["op"] == "resize" and {"size", "library", "kernel"} <= set(each)]
    return Resize((steps[0]["size"][0], steps[0]["size"][1]), steps[0]["library"], steps[0]["kernel"]) if steps else None
