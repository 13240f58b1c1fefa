"""A chain of layers read from an ONNX file, so that gradients can be computed without the framework that trained it.

Only a plain chain is read (products, sums, rectifiers, sigmoids, tanh, softmax); anything else has no gradient here, and the attack
that needs one is not run. The chain is used only if it answers as the runtime does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tetrapylon.deploy.release.attack import Rows

_PASS = frozenset({"Cast", "Identity", "Flatten", "Reshape", "Dropout"})
_ACTIVE: dict[str, tuple[Callable[[Rows], Rows], Callable[[Rows], Rows]]] = {
    "Relu": (lambda x: np.maximum(x, 0), lambda y: (y > 0).astype(float)),
    "Sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda y: y * (1 - y)),
    "Tanh": (np.tanh, lambda y: 1 - y * y),
}
"""Each activation, and its slope from what it gave."""

_AGREE = 1e-3


@dataclass(frozen=True)
class Chain:
    """Layers in their order: a matrix, a vector or the name of an activation; what comes out are logits."""

    layers: tuple[tuple[str, Any], ...]

    def logits(self, rows: Rows) -> Rows:
        """Return the logits of each row."""
        found: Rows = self._values(rows)[-1]
        return found

    def gradient(self, rows: Rows, labels: Rows) -> Rows:
        """Return the gradient of the cross-entropy by each row."""
        values = self._values(rows)
        shifted = np.exp(values[-1] - values[-1].max(axis=1, keepdims=True))
        slope: Rows = shifted / shifted.sum(axis=1, keepdims=True)
        slope[np.arange(len(rows)), labels] -= 1
        for (kind, weight), after in zip(reversed(self.layers), reversed(values), strict=False):
            if kind == "product":
                slope = slope @ weight.T
            elif kind == "active":
                slope = slope * _ACTIVE[weight][1](after)
        return slope

    def _values(self, rows: Rows) -> list[Rows]:
        values = [np.asarray(rows, dtype=np.float64)]
        for kind, weight in self.layers:
            last = values[-1]
            values.append(last @ weight if kind == "product" else last + weight if kind == "sum" else _ACTIVE[weight][0](last))
        return values


def chain_of(data: bytes, scores: Callable[[Rows], Rows], width: int) -> tuple[Chain | None, str]:
    """Return the chain in an ONNX file, or None and why there is none."""
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError:
        return None, "the package `onnx` is not installed"
    graph = onnx.load_from_string(data).graph
    weights = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    layers, why = _layers(graph, weights)
    if why:
        return None, why
    chain = Chain(tuple(layers))
    rows = np.random.default_rng(0).random((16, width))
    try:
        logits = chain.logits(rows)
    except ValueError:
        return None, "its layers do not fit each other as a chain"
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    own, theirs = shifted / shifted.sum(axis=1, keepdims=True), scores(rows)
    if own.shape != theirs.shape or np.abs(own - theirs).max() > _AGREE:
        return None, "the chain of its layers does not answer as the runtime does"
    return chain, ""


def _layers(graph: Any, weights: dict[str, Rows]) -> tuple[list[tuple[str, Any]], str]:
    """Follow the graph from its input to its softmax."""
    at, layers = graph.input[0].name, list[tuple[str, Any]]()
    while True:
        following = [node for node in graph.node if at in node.input]
        if not following or following[0].op_type == "Softmax":
            return layers, "" if layers else "it has no layers of a kind that is read here"
        node = following[0]
        others = [weights[each] for each in node.input if each in weights]
        if node.op_type == "MatMul" and others:
            layers.append(("product", others[0]))
        elif node.op_type == "Gemm" and others:
            transposed = any(each.name == "transB" and each.i for each in node.attribute)
            layers.append(("product", others[0].T if transposed else others[0]))
            layers += [("sum", each) for each in others[1:]]
        elif node.op_type == "Add" and others:
            layers.append(("sum", others[0]))
        elif node.op_type in _ACTIVE:
            layers.append(("active", node.op_type))
        elif node.op_type not in _PASS:
            return [], f"it has a layer of kind {node.op_type}, which is not read here"
        at = node.output[0]
