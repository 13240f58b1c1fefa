from __future__ import annotations

import io
import struct
import time
import zlib
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.operate.monitor.images import open_image
from tetrapylon.operate.monitor.inspecting import Resize, declared_score, inspect_image
from tetrapylon.operate.monitor.preprocessing.attack import hide, view
from tetrapylon.operate.monitor.preprocessing.kernels import KERNELS, find_kernel, operator
from tetrapylon.operate.monitor.preprocessing.linter import lint

RANDOM = np.random.default_rng(5)


@pytest.mark.parametrize("kernel", KERNELS["pil"])
@pytest.mark.parametrize(("source", "size"), [((97, 130), (32, 40)), ((50, 33), (16, 16)), ((120, 120), (7, 119)), ((20, 30), (40, 31))])
def test_the_operator_is_what_pillow_does(kernel: str, source: tuple[int, int], size: tuple[int, int]) -> None:
    image = RANDOM.uniform(0, 255, source).astype(np.float32)
    theirs = np.asarray(Image.fromarray(image).resize(size[::-1], getattr(Image.Resampling, kernel.upper())))
    assert np.abs(view(image, find_kernel("pil", kernel), size) - theirs).max() < 0.01


@pytest.mark.parametrize("library", KERNELS)
def test_each_row_of_an_operator_is_a_mean(library: str) -> None:
    for kernel in KERNELS[library].values():
        assert np.allclose(operator(kernel, 64, 15).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("library", "kernel", "change", "verdict"),
    [
        ("opencv", "nearest", 0.25, "exploitable"),
        ("opencv", "lanczos", 0.28, "exploitable"),
        ("opencv", "bicubic", 0.30, "exploitable"),
        ("opencv", "bilinear", 0.39, "exploitable"),
        ("opencv", "area", 1.09, "visible"),
        ("pil", "box", 1.0, "visible"),
        ("pil", "bicubic", 1.31, "visible"),
        ("torchvision", "bilinear", 1.73, "visible"),
        ("tensorflow", "bilinear", 0.39, "exploitable"),
    ],
)
def test_the_linter_gives_the_figures_that_follow_from_the_operator(library: str, kernel: str, change: float, verdict: str) -> None:
    found = lint(library, kernel, (768, 1024), (224, 224))
    assert found.change == pytest.approx(change, abs=0.02)
    assert found.verdict == verdict


def photo(side: tuple[int, int] = (340, 512)) -> Any:
    """A picture with structure at all scales, like a photograph."""
    found = np.zeros(side)
    for scale in (4, 8, 16, 64):
        small = RANDOM.uniform(0, 255, (side[0] // scale + 2, side[1] // scale + 2)).astype(np.float32)
        found += np.asarray(Image.fromarray(small).resize(side[::-1], Image.Resampling.BICUBIC)) * scale
    return ((found - found.min()) / (found.max() - found.min()) * 255).round().astype(np.float32)


@pytest.mark.parametrize(("library", "kernel"), [("opencv", "bilinear"), ("opencv", "bicubic"), ("pil", "nearest"), ("opencv", "nearest")])
def test_a_hidden_picture_is_seen_and_the_honest_one_passes(library: str, kernel: str) -> None:
    size, image, shape = (96, 112), photo(), find_kernel(library, kernel)
    target = np.asarray(Image.fromarray(photo()).resize(size[::-1], Image.Resampling.BOX))
    hidden = hide(image, target, shape)
    # It is an attack: the model sees the target, and people nearly the image.
    assert np.abs(view(hidden, shape, size) - target).mean() < 6
    assert declared_score(image, library, kernel, size) < 0.5
    assert declared_score(hidden, library, kernel, size) >= 0.5


def test_a_wrong_declaration_does_not_blind_the_look() -> None:
    image, shape = photo(), find_kernel("opencv", "bilinear")
    hidden = hide(image, np.full((96, 112), 30.0, dtype=np.float32), shape)
    data = io.BytesIO()
    Image.fromarray(hidden.astype(np.uint8)).save(data, "PNG")
    for library, kernel in (("pil", "bilinear"), ("opencv", "nearest"), ("opencv", "area")):
        assert inspect_image("x", data.getvalue(), Resize((96, 112), library, kernel)).verdict in {"suspect", "reject"}


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def saved(mode: str, form: str, **extra: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (64, 48), 0).save(out, form, **extra)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        png(100_000, 100_000),
        png(100_000, 1),
        png(60_000, 60_000),
        saved("RGB", "PNG")[:60],
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF89a" + b"\xff" * 99,
    ],
    ids=["bomb", "100k x 1", "bomb 2", "truncated", "only a name", "jpeg name", "gif noise"],
)
def test_what_cannot_be_opened_within_bounds_is_not_judged(data: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(UndecidedError) as told:
        open_image(data)
    assert told.value.code == "bad-image"
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(("mode", "form"), [("P", "PNG"), ("CMYK", "JPEG"), ("I;16", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("RGBA", "WEBP")])
def test_every_common_mode_is_opened(mode: str, form: str) -> None:
    found = open_image(saved(mode, form))
    assert found.grey.shape == (48, 64)
    assert 0 <= found.grey.min() <= found.grey.max() <= 255


def test_what_was_not_looked_at_is_said() -> None:
    frames = [Image.new("L", (40, 40), shade) for shade in (0, 90)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert "first of 2 frames" in open_image(out.getvalue()).notes[0]
    turned = Image.Exif()
    turned[0x0112] = 6
    assert "turned" in open_image(saved("RGB", "JPEG", exif=turned)).notes[0]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"BM", b"II*\0", b"P5 "]),
)
def test_no_bytes_break_the_opener(body: bytes, start: bytes) -> None:
    with suppress(UndecidedError):
        assert open_image(start + body).grey.ndim == 2
