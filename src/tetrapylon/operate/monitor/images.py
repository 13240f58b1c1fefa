"""Image files, opened with bounds: what is too large, broken or not an image is said, and what is left out of a look is said, too."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tetrapylon.kernel.errors import UndecidedError

if TYPE_CHECKING:
    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

MOST_BYTES = 64 << 20
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_384
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"P5", b"P6")
_ORIENTATION = 0x0112
_SIXTEEN = 257


@dataclass(frozen=True)
class Opened:
    """An image as it is looked at, and what of the file was not."""

    grey: Floats
    """The mean of the channels, 0 to 255; (height, width)."""

    notes: tuple[str, ...]


def is_image(data: bytes) -> bool:
    """Return whether bytes start like an image of a kind that is opened here."""
    return data.startswith(MAGIC)


def open_image(data: bytes) -> Opened:
    """Return the first frame of an image as grey.

    Raises:
        UndecidedError: it is too large, broken, or of a kind that is not opened (`bad-image`).
    """
    from PIL import Image

    if len(data) > MOST_BYTES:
        raise UndecidedError(f"the file has more than {MOST_BYTES} bytes", code="bad-image")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _bounded(image.size)
                return _opened(image)
    except UndecidedError:
        raise
    except Exception as error:
        # Decoders raise what they like about a stranger's bytes.
        raise UndecidedError(f"the image cannot be decoded: {type(error).__name__}", code="bad-image") from error


def _bounded(size: tuple[int, int]) -> None:
    if max(size) > LONGEST_SIDE or size[0] * size[1] > MOST_PIXELS:
        hint = f"at most {MOST_PIXELS} pixels, and {LONGEST_SIDE} a side, are looked at"
        raise UndecidedError(f"the image says that it has {size[0]} x {size[1]} pixels", hint=hint, code="bad-image")


def _opened(image: Any) -> Opened:
    import numpy as np

    notes = []
    if getattr(image, "n_frames", 1) > 1:
        notes.append(f"only the first of {min(image.n_frames, 10**6)} frames was looked at")
    if image.getexif().get(_ORIENTATION, 1) != 1:
        notes.append("the file asks to be turned; it was looked at as it is stored")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        notes.append("what is transparent was looked at as if it were not")
    if image.mode.startswith("I;16"):
        return Opened(np.asarray(image, dtype=np.float32) / _SIXTEEN, tuple(notes))
    if image.mode in {"I", "F"}:
        raise UndecidedError(f"images of the mode {image.mode} are not looked at", code="bad-image")
    image.load()
    pixels = np.asarray(image if image.mode == "L" else image.convert("RGB"), dtype=np.float32)
    return Opened(pixels if pixels.ndim == 2 else pixels.mean(axis=2), tuple(notes))  # noqa: PLR2004 - grey has two axes
