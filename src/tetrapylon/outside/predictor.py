"""A model that reads numbers, from bytes that were verified: what an attack on it may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tetrapylon.kernel.errors import MissingError, UsageError

if TYPE_CHECKING:
    import numpy as np


class Predictor:
    """An ONNX model: rows in, one number for each class out."""

    def __init__(self, data: bytes) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise MissingError("onnxruntime is not installed", hint="install `tetrapylon[monitor]`", code="no-extra") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise UsageError("the model does not load", hint="it must be an ONNX file", code="not-a-model") from error
        self._input = self._session.get_inputs()[0]
        self.width = self._input.shape[-1] if self._input.shape and isinstance(self._input.shape[-1], int) else None
        self.queries = 0

    def scores(self, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the scores of each class for each row; a model that only names classes gives ones and zeros.

        Raises:
            UsageError: the model gives neither (`not-a-classifier`).
        """
        import numpy as np

        self.queries += len(rows)
        found = self._session.run(None, {self._input.name: np.ascontiguousarray(rows, dtype=np.float32)})
        floats = [each for each in found if getattr(each, "ndim", 0) == 2 and each.dtype.kind == "f" and each.shape[1] > 1]  # noqa: PLR2004
        if floats:
            return np.asarray(floats[-1], dtype=np.float64)
        labels = [each for each in found if getattr(each, "ndim", 0) == 1 and each.dtype.kind in "iu"]
        if not labels:
            raise UsageError("the model gives no scores and no labels", code="not-a-classifier")
        ones: np.ndarray[Any, Any] = np.eye(int(labels[0].max(initial=0)) + 1)[labels[0]]
        return ones
