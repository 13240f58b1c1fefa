"""A model file behind the Open Inference Protocol: what it takes is checked, what it answers is chosen.

Outputs of whole numbers, truth values and texts (labels) are answered; scores and logits help an attacker to copy or
fool a model, so an output of fractions is answered only if the manifest names it (`outputs`).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.refusal import RefusedRequestError

_TYPES = {
    "tensor(float)": ("FP32", "float32"),
    "tensor(double)": ("FP64", "float64"),
    "tensor(int64)": ("INT64", "int64"),
    "tensor(int32)": ("INT32", "int32"),
    "tensor(uint8)": ("UINT8", "uint8"),
    "tensor(bool)": ("BOOL", "bool"),
    "tensor(string)": ("BYTES", "object"),
}
"""What onnxruntime calls them: what the protocol does, and numpy."""

_SCORES = {"FP32", "FP64", "FP16"}


class Tensor(Struct, forbid_unknown_fields=True):
    """One input of a request."""

    name: str
    shape: list[int]
    datatype: str
    data: list[Any]
    parameters: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One input or output of a model."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    """-1 where any length goes."""

    numpy: str

    def as_json(self) -> dict[str, Any]:
        """Return it as the protocol shows it."""
        return {"name": self.name, "datatype": self.datatype, "shape": list(self.shape)}


@dataclass(frozen=True)
class OnnxReader:
    """A model file in an onnxruntime session, run in a thread of its own."""

    id: str
    session: Any
    limits: Limits
    declared: frozenset[str] = frozenset()
    """Outputs that the manifest lets be answered although they are scores."""

    size: tuple[int, int] | None = None
    """Height and width of the pictures that the model reads, where the manifest says."""

    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "reader"))

    @property
    def inputs(self) -> list[Slot]:
        """Return what the model takes."""
        return [_slot(each) for each in self.session.get_inputs()]

    @property
    def outputs(self) -> list[Slot]:
        """Return what may be answered."""
        found = [_slot(each) for each in self.session.get_outputs() if each.type in _TYPES]
        return [each for each in found if each.datatype not in _SCORES or each.name in self.declared]

    def describe(self) -> dict[str, Any]:
        """Return the model's inputs and the outputs that may be answered."""
        return {
            "name": self.id,
            "versions": [],
            "platform": "onnx",
            "inputs": [each.as_json() for each in self.inputs],
            "outputs": [each.as_json() for each in self.outputs],
        }

    def feeds(self, inputs: list[Tensor]) -> dict[str, Any]:
        """Return the arrays for the model, once they were found to be what it takes.

        Raises:
            RefusedRequestError: they are not.
        """
        wanted = {each.name: each for each in self.inputs}
        if {each.name for each in inputs} != set(wanted) or len(inputs) != len(wanted):
            raise _refused(f"the model takes exactly these inputs: {', '.join(wanted)}")
        return {each.name: self._array(each, wanted[each.name]) for each in inputs}

    def _array(self, tensor: Tensor, slot: Slot) -> Any:
        import numpy as np

        if tensor.datatype == "BYTES" and slot.datatype == "FP32":
            return np.concatenate([self._picture(each, slot) for each in self._encoded(tensor)])
        count = math.prod(tensor.shape) if tensor.shape and all(0 < each <= self.limits.values for each in tensor.shape) else 0
        if tensor.datatype != slot.datatype or not 0 < count <= self.limits.values:
            raise _refused(f"`{slot.name}` is {slot.datatype} of 1 to {self.limits.values} values")
        fits = len(tensor.shape) == len(slot.shape) and all(own in (-1, given) for own, given in zip(slot.shape, tensor.shape, strict=True))
        if not fits:
            raise _refused(f"`{slot.name}` has the shape {list(slot.shape)}")
        try:
            array = np.array(tensor.data, dtype=slot.numpy).reshape(tensor.shape)
        except (ValueError, TypeError, OverflowError) as error:
            raise _refused(f"the data of `{slot.name}` is not {slot.datatype} of its shape") from error
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise _refused(f"the data of `{slot.name}` is not finite")
        return array

    def _encoded(self, tensor: Tensor) -> list[bytes]:
        """Return the pictures of an input in which each is base64 of a file."""
        if self.size is None or len(tensor.shape) != 1 or tensor.shape[0] != len(tensor.data) or not tensor.data:
            raise _refused("pictures are given as BYTES of the shape [n], each base64 of a PNG or JPEG file")
        if len(tensor.data) > self.limits.images:
            raise _refused(f"a request has {self.limits.images} pictures at most")
        try:
            found = [base64.b64decode(each, validate=True) for each in tensor.data]
        except (binascii.Error, ValueError, TypeError) as error:
            raise _refused("the picture is not valid base64") from error
        if any(len(each) > self.limits.image_bytes for each in found):
            raise _refused(f"a picture is {self.limits.image_bytes} bytes at most")
        return found

    def _picture(self, data: bytes, slot: Slot) -> Any:
        """Return one picture as the model reads it: grey, scaled as the manifest says, between 0 and 1."""
        import io

        import numpy as np
        from PIL import Image

        height, width = self.size or (0, 0)
        try:
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > self.limits.values:
                    raise _refused(f"a picture has {self.limits.values} points at most")
                grey = image.convert("L").resize((width, height), Image.Resampling.BILINEAR)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise _refused("the picture is no PNG or JPEG file") from error
        shape = [1, *(each for each in slot.shape[1:])]
        try:
            return (np.asarray(grey, dtype=np.float32) / 255).reshape(shape)
        except ValueError as error:
            raise _refused("the model does not take pictures of this size") from error

    def images(self, inputs: Sequence[Tensor], feeds: Mapping[str, Any]) -> list[bytes]:
        """Return the pictures in the inputs as encoded files; numbers that make up a picture are drawn as one."""
        found = []
        for each in inputs:
            if each.datatype == "BYTES":
                found += self._encoded(each)
            elif self.size is not None:
                found += [_drawn(row, self.size) for row in feeds[each.name] if row.size == self.size[0] * self.size[1]]
        return found

    async def run(self, feeds: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the outputs that may be answered."""
        slots = self.outputs
        names = [each.name for each in slots]
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self.threads, self.session.run, names, dict(feeds))
        return [
            {"name": slot.name, "datatype": slot.datatype, "shape": list(value.shape), "data": value.reshape(-1).tolist()}
            for slot, value in zip(slots, found, strict=True)
        ]


def _slot(value: Any) -> Slot:
    datatype, numpy = _TYPES[value.type]
    return Slot(value.name, datatype, tuple(each if isinstance(each, int) else -1 for each in value.shape), numpy)


def _drawn(row: Any, size: tuple[int, int]) -> bytes:
    """Return numbers between 0 and 1 as a grey picture (PNG)."""
    import numpy as np

    points = (np.clip(row.reshape(size), 0, 1) * 255).round().astype(np.uint8)
    lines = b"".join(b"\0" + line.tobytes() for line in points)
    head = struct.pack(">IIBBBBB", size[1], size[0], 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _piece(b"IHDR", head) + _piece(b"IDAT", zlib.compress(lines)) + _piece(b"IEND", b"")


def _piece(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _refused(message: str) -> RefusedRequestError:
    return RefusedRequestError(400, "invalid_request", message)
