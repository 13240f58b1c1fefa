"""What the gateway of a manifest offers: every route with a request for it, and who may make it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from tetrapylon.deploy.access.probe import Target
from tetrapylon.kernel.canonical import Json

_LONGEST = 1 << 16
"""Numbers in a tensor that a probe sends."""

_PROBE_TEXT = "Is anybody there?"


def plain_targets(facts: Mapping[str, Json], operators: frozenset[str], terms: str) -> Iterator[Target]:
    """Yield everything but inference, whose requests depend on what a model says of itself."""
    anybody = next(iter(_callers(facts)), None)
    yield Target("models", "GET", "/v1/models", caller=anybody)
    yield Target("terms", "GET", "/terms", terms=False, caller=anybody)
    acknowledged = json.dumps({"digest": terms}).encode()
    yield Target("terms:acknowledge", "POST", "/terms/acknowledge", acknowledged, terms=False, caller=anybody)
    yield Target("metrics", "GET", "/metrics", operator=True, terms=False, caller=next(iter(sorted(operators)), None))
    for model in facts.get("model", ()):
        if "endpoint" in model:
            yield Target(
                f"chat:{model['id']}",
                "POST",
                "/v1/chat/completions",
                _chat(model["id"]),
                "chat",
                model["id"],
                caller=_granted(facts, "chat", model["id"]),
            )
        elif str(model.get("path", "")).endswith(".onnx"):
            who = _granted(facts, "infer", model["id"])
            yield Target(f"models:{model['id']}", "GET", f"/v2/models/{model['id']}", None, "infer", model["id"], caller=who)
            yield Target(f"models:{model['id']}:ready", "GET", f"/v2/models/{model['id']}/ready", None, "infer", model["id"], caller=who)


def infer_target(facts: Mapping[str, Json], model: str, described: bytes | None) -> Target:
    """Return the request for an inference, with zeros of the form that the model says it takes."""
    body = _zeros(described)
    who = _granted(facts, "infer", model)
    return Target(f"infer:{model}", "POST", f"/v2/models/{model}/infer", body, "infer", model, caller=who)


def _zeros(described: bytes | None) -> bytes:
    try:
        slots = json.loads(described or b"{}")["inputs"]
        inputs = [_zero(each) for each in slots]
    except (ValueError, LookupError, TypeError, RecursionError):
        inputs = []
    return json.dumps({"inputs": inputs}).encode()


def _zero(slot: Mapping[str, Any]) -> dict[str, Any]:
    shape = [each if isinstance(each, int) and each > 0 else 1 for each in slot["shape"]]
    count = min(math.prod(shape), _LONGEST)
    return {"name": slot["name"], "shape": shape, "datatype": slot["datatype"], "data": [0] * count}


def _chat(model: str) -> bytes:
    return json.dumps({"model": model, "messages": [{"role": "user", "content": _PROBE_TEXT}], "max_tokens": 1}).encode()


def _callers(facts: Mapping[str, Json]) -> list[str]:
    return [each["id"] for table in ("group", "service") for each in facts.get(table, ())]


def _granted(facts: Mapping[str, Json], action: str, model: str) -> str | None:
    found = [each["id"] for table in ("group", "service") for each in facts.get(table, ()) if f"{action}:{model}" in each.get("may", ())]
    return found[0] if found else None
