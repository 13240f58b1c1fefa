"""A declared model that reads numbers: its verified bytes, its data that training did not see, and its gradients."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tetrapylon.app.view import ProjectView
from tetrapylon.deploy.release.declared import Reads
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes

if TYPE_CHECKING:
    from tetrapylon.deploy.release.attack import Reader
    from tetrapylon.deploy.release.robustness import Held


@dataclass(frozen=True)
class Opened:
    """A model, ready to be attacked and measured."""

    reader: Reader
    held: Held
    seen: Held
    """What training saw: simpler models learn from it."""

    no_gradient: str


def open_reader(view: ProjectView, reads: Reads) -> Opened:
    """Return the model; only bytes whose signature verifies are run.

    Raises:
        MissingError: a library, the model or its data is not there.
        IntegrityError: the model is not what was signed.
    """
    _need_numpy()
    from tetrapylon.deploy.integrity.load import verified_bytes
    from tetrapylon.deploy.release.attack import Reader
    from tetrapylon.deploy.release.network import chain_of
    from tetrapylon.outside.predictor import Predictor

    model = next((each for each in view.facts.get("model", ()) if each["id"] == reads.model and "path" in each), None)
    if model is None:
        raise UsageError(f"no model file is declared as `{reads.model}`", code="no-such-model")
    if view.signing_key is None:
        raise MissingError("there is no build key to verify the model against", hint="run `tetrapylon trust init`", code="no-key")
    data = verified_bytes(view.root / model["path"], view.signing_key.encode())
    predictor = Predictor(data)
    held, seen = _held(view, reads)
    chain, why = chain_of(data, predictor.scores, held.rows.shape[1])
    side, library, kernel = _resize(model, held.rows.shape[1])
    return Opened(Reader(predictor.scores, chain.gradient if chain else None, side, library, kernel), held, seen, why)


def _need_numpy() -> None:
    try:
        import numpy  # noqa: F401, ICN001 - only whether it is there
    except ImportError as error:
        raise MissingError("numpy is not installed", hint="install `tetrapylon[monitor]`", code="no-extra") from error


def _resize(model: Mapping[str, Json], width: int) -> tuple[int, str, str]:
    """Return the side of square pictures, and how they are made small."""
    side = round(width**0.5)
    step: Mapping[str, Json] = next((each for each in model.get("preprocess", ()) if each.get("op") == "resize"), {})
    return (side if side * side == width else 0), str(step.get("library", "pil")), str(step.get("kernel", "bilinear"))


def _held(view: ProjectView, reads: Reads) -> tuple[Held, Held]:
    import numpy as np

    from tetrapylon.deploy.release.robustness import Held
    from tetrapylon.outside.table import read_numbers

    names, table = read_numbers(inside(view.root, reads.data))
    columns = [reads.label] + ([reads.group] if reads.group else [])
    missing = [each for each in columns if each not in names]
    if missing:
        raise UsageError(f"`{reads.data}` has no column `{missing[0]}`", code="bad-table")
    labels = table[:, names.index(reads.label)].astype(np.int64)
    groups = table[:, names.index(reads.group)].astype(np.int64) if reads.group else np.arange(len(table))
    rest = [place for place, name in enumerate(names) if name not in columns]
    rows = (table[:, rest] / reads.scale).astype(np.float32)
    chosen = np.isin(groups, _listed(view, reads))
    if not chosen.any() or chosen.all():
        raise UsageError(f"`{reads.held_out}` does not divide `{reads.data}`", code="bad-split")
    return Held(rows[chosen], labels[chosen], groups[chosen]), Held(rows[~chosen], labels[~chosen], groups[~chosen])


def _listed(view: ProjectView, reads: Reads) -> Any:
    try:
        found = json.loads(read_bytes(inside(view.root, reads.held_out), BOUNDS.json))["held_out"]
        return [int(each) for each in found]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        hint = "training writes there which groups it did not see"
        raise UsageError(f"`{reads.held_out}` has no list `held_out`", hint=hint, code="bad-split") from error
