"""By addresses that are spelled another way.

*What it does*: asks for what there is, without a key, with doubled slashes, dots, escapes, other cases and headers that name another path.
*Why it matters*: where the one who checks and the one who answers read an address differently, the check is about something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tetrapylon.deploy.access.probe import ANY, NOT_THERE, Stage, Try, answerable, with_key

_MOST = 6
"""Targets that are asked for so."""

_READ = frozenset({*NOT_THERE, 400})
"""An address that is no address is refused before anybody asks who is there."""


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests for each target by other spellings."""
    for target, caller in list(answerable(stage))[:1]:
        yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, with_key(stage.key(caller)), control=True)
    for target in stage.targets[:_MOST]:
        for path in dict.fromkeys(_bent(target.path)):
            asked = replace(target, path=path)
            yield Try(target.route, f"somebody without a key asks for `{path}`", asked, {}, _READ, compared=ANY)
        for name in ("x-original-url", "x-rewrite-url"):
            asked = replace(target, method="GET", path="/", body=None)
            what = f"somebody without a key names `{target.path}` in `{name}`"
            yield Try(target.route, what, asked, {name: target.path}, _READ, compared=ANY)


def _bent(path: str) -> Iterator[str]:
    yield f"/{path}"
    yield f"{path}/"
    yield path.replace("/", "//")
    yield f"/.{path}"
    yield f"/healthz/..{path}"
    yield f"/healthz/%2e%2e{path}"
    yield path.replace("/", "/%2f", 1)
    yield path.upper()
    yield f"{path};a=b"
    yield f"{path}%00"
    yield f"{path}%20"
    yield f"{path}?x=/healthz"


GOOD = {"not there": 404, "asked who is there": 401, "no address": 400}
BAD = {"answered": 200, "sent elsewhere": 301}
