"""A picture shows a model something else than people, once it is scaled down.

What it does: Looks at steps that resize, at the library and the kernel.
Why it matters: Kernels that look at few pixels of a large picture let an attacker write a second picture into just those.
"""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.design.threats.conditions import ASKED, condition, exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

_AVERAGING = frozenset({"area", "box"})
"""Kernels that weigh every pixel, whatever the library."""

_WIDENED = frozenset({"bilinear", "bicubic", "lanczos", "hamming"})
"""Kernels that Pillow widens as the picture shrinks, so that they weigh every pixel; other libraries keep them narrow."""


def _weak(step: Mapping[str, Json]) -> bool:
    kernel, library = step.get("kernel"), step.get("library")
    return step.get("op") == "resize" and kernel not in _AVERAGING and not (library == "pil" and kernel in _WIDENED)


SCALES = condition(
    "it scales pictures with a kernel that skips pixels",
    lambda _, element: any(_weak(each) for each in element.part.facts.get("preprocess", ())),
    "a step of its preprocessing resizes with a kernel that skips pixels, or does not say with which",
    "no step of its preprocessing resizes in a way that skips pixels",
)

RULE = Rule(
    id="image-scaling",
    title="A picture is made that changes when it is scaled down for {it}",
    cause="compromise",
    stride="T",
    looks_at=("model", "hosted-model"),
    when=(
        SCALES,
        ASKED,
        exposed(1),
    ),
    effect=2,
    atlas=("AML.T0015", "AML.T0043.003"),
    practices=("SO2.6",),
    impact={"system": "sees another picture than people do", "users": "cannot see what went wrong"},
)
KEPT: dict[str, dict[str, Json]] = {
    "nearest pixels": {
        "model": [
            {
                "id": "reader",
                "path": "models/reader.onnx",
                "preprocess": [{"op": "resize", "size": [64, 64], "library": "opencv", "kernel": "bilinear"}],
            }
        ],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    },
    "not said how": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "preprocess": [{"op": "resize", "size": [64, 64]}]}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    },
}
CLOSED: dict[str, dict[str, Json]] = {
    "a kernel that averages": {
        "model": [
            {
                "id": "reader",
                "path": "models/reader.onnx",
                "preprocess": [{"op": "resize", "size": [64, 64], "library": "pil", "kernel": "bilinear"}],
            }
        ],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    },
    "area": {
        "model": [
            {
                "id": "reader",
                "path": "models/reader.onnx",
                "preprocess": [{"op": "resize", "size": [64, 64], "library": "opencv", "kernel": "area"}],
            }
        ],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    },
}
