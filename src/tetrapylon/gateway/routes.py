"""Every route there is, and what each demands; what stands nowhere here is answered 404, after authentication.

The table is the whole truth: the door has no other way to a handler, and a test walks it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Handler = Literal["alive", "ready", "chat", "models", "infer", "describe", "model-ready", "terms", "acknowledge", "hold", "metrics"]

_ID = r"([a-z0-9][a-z0-9._-]{0,63})"


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    """Where `{}` stands, an id follows."""

    handler: Handler
    key: bool = True
    """Whether it is answered only to who holds a key; what is not says that we live, and nothing else."""

    terms: bool = True
    """Whether the terms must have been acknowledged."""

    operator: bool = False
    """Whether it is for those alone who run the system."""

    body: bool = False
    """Whether it takes a body, of JSON."""

    openai: bool = True
    """Whether errors have OpenAI's form; otherwise that of the Open Inference Protocol."""

    @property
    def name(self) -> str:
        """What the switch calls it; a model's id follows after a colon where one is asked."""
        return _NAMES[self.handler]


_NAMES: dict[Handler, str] = {
    "alive": "health",
    "ready": "health",
    "chat": "chat",
    "models": "models",
    "infer": "infer",
    "describe": "models",
    "model-ready": "models",
    "terms": "terms",
    "acknowledge": "terms",
    "hold": "holds",
    "metrics": "metrics",
}

ROUTES: tuple[Route, ...] = (
    Route("GET", "/healthz", "alive", key=False, terms=False),
    Route("GET", "/v2/health/live", "alive", key=False, terms=False, openai=False),
    Route("GET", "/v2/health/ready", "ready", key=False, terms=False, openai=False),
    Route("GET", "/terms", "terms", terms=False),
    Route("POST", "/terms/acknowledge", "acknowledge", terms=False, body=True),
    Route("GET", "/metrics", "metrics", terms=False, operator=True),
    Route("GET", "/v1/models", "models"),
    Route("POST", "/v1/chat/completions", "chat", body=True),
    Route("GET", "/v1/holds/{}", "hold"),
    Route("GET", "/v2/models/{}", "describe", openai=False),
    Route("GET", "/v2/models/{}/ready", "model-ready", openai=False),
    Route("POST", "/v2/models/{}/infer", "infer", body=True, openai=False),
)

_FIXED = {(each.method, each.path): each for each in ROUTES if "{}" not in each.path}
_WITH_ID = tuple((re.compile(each.path.replace("{}", _ID)), each) for each in ROUTES if "{}" in each.path)


def find(method: str, path: str) -> tuple[Route, str] | None:
    """Return the route, and the id in the path."""
    fixed = _FIXED.get((method, path))
    if fixed is not None:
        return fixed, ""
    for pattern, route in _WITH_ID:
        found = pattern.fullmatch(path) if route.method == method else None
        if found:
            return route, found[1]
    return None


def methods(path: str) -> list[str]:
    """Return the methods that a path has."""
    return [each for each in ("GET", "POST") if find(each, path)]
