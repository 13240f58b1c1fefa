"""A model of small grey images that stands as one ONNX file, and the data that it was trained from, as monitoring needs them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.operate.monitor.ood import Familiar, fit
from tetrapylon.outside.bounds import MIB
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.view import View

if TYPE_CHECKING:
    from tetrapylon.operate.monitor.ood import Ints
    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

MOST_DATA = 256 * MIB
_HELD = 4
"""One original in four is kept from fitting: half of them to freeze thresholds with, half to measure on."""


@dataclass(frozen=True)
class Reader:
    """A model that can be asked, with inputs that it was trained from."""

    id: str
    side: int
    session: Any
    inputs: Floats
    labels: Ints
    groups: Ints

    def probabilities(self, inputs: Floats) -> Floats:
        """Return the model's probabilities (n, classes)."""
        import numpy as np

        found: Floats = self.session.run(None, {self.session.get_inputs()[0].name: inputs.astype(np.float32)})[1]
        return found

    def sure(self, inputs: Floats) -> Floats:
        """Return the largest probability of each input."""
        found: Floats = self.probabilities(inputs).max(axis=1)
        return found

    def part(self, number: int) -> Floats:
        """Return the inputs to fit on (0), to freeze thresholds with (1), and to measure on (2): whole originals."""
        import numpy as np

        place = self.groups % (2 * _HELD)
        chosen = np.where(place == 0, 1, np.where(place == _HELD, 2, 0)) == number
        found: Floats = self.inputs[chosen]
        return found

    def familiar(self) -> Familiar:
        """Return what its inputs look like."""
        import numpy as np

        fitting = np.isin(self.groups % (2 * _HELD), (0, _HELD), invert=True)
        honest = self.part(1)
        return fit(self.inputs[fitting], self.labels[fitting], honest, self.sure(honest))


def readers(view: View) -> list[Reader]:
    """Return the models that can be asked here: ONNX, trained from a CSV of `label`, `group` and square grey pictures."""
    data = {each["id"]: each for each in view.facts.get("dataset", ())}
    found = [_reader(view, each, data) for each in view.facts.get("model", ()) if str(each.get("path", "")).endswith(".onnx")]
    return [each for each in found if each is not None]


def _reader(view: View, model: Mapping[str, Any], data: Mapping[str, Any]) -> Reader | None:
    import numpy as np
    import onnxruntime

    named = [data[each] for each in model.get("trained-from", ()) if each in data and data[each]["path"].endswith(".csv")]
    if not named or not model.get("preprocess"):
        return None
    try:
        table = read_bytes(view.root / named[0]["path"], MOST_DATA)
        session = onnxruntime.InferenceSession(read_bytes(view.root / model["path"], MOST_DATA), providers=["CPUExecutionProvider"])
    except TetrapylonError:
        return None
    except Exception:  # noqa: BLE001 - whatever a loader raises about such bytes, there is nothing to ask then
        return None
    head, _, _ = table.partition(b"\n")
    pixels = head.count(b",") - 1
    side = int(pixels**0.5) if pixels > 0 else 0
    if not head.startswith(b"label,group,") or side * side != pixels or len(session.get_outputs()) < 2:  # noqa: PLR2004 - label and probabilities
        return None
    try:
        rows = np.loadtxt(io.BytesIO(table), delimiter=",", skiprows=1, dtype=np.int32)
    except ValueError:
        return None
    return Reader(str(model["id"]), side, session, (rows[:, 2:] / 255).astype(np.float32), rows[:, 0], rows[:, 1])
