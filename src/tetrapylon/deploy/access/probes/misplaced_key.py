"""With a good key in the wrong place.

*What it does*: sends a key that is good in the address, in a cookie, in other headers, and as a password.
*Why it matters*: what stands in an address lands in logs and histories, and what a browser sends by itself others can make it send.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace

from tetrapylon.deploy.access.probe import NOT_THERE, Stage, Target, Try, answerable, with_key


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests that carry a good key where none is taken."""
    for target, caller in answerable(stage):
        if target.operator or not target.action:
            continue
        key = stage.key(caller)
        yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, with_key(key), control=True)
        for what, asked, headers in _places(target, key):
            yield Try(target.route, f"a key {what} asks for `{target.route}`", asked, headers, NOT_THERE)


def _places(target: Target, key: str) -> Iterator[tuple[str, Target, dict[str, str]]]:
    basic = base64.b64encode(f"key:{key}".encode()).decode()
    yield "in the address", replace(target, path=f"{target.path}?api_key={key}"), {}
    yield "in a cookie", target, {"cookie": f"authorization={key}; api_key={key}"}
    yield "as a password", target, {"authorization": f"Basic {basic}"}
    yield "without a scheme", target, {"authorization": key}
    yield "in `x-api-key`", target, {"x-api-key": key, "api-key": key}
    yield "passed on by a proxy", target, {"x-forwarded-authorization": f"Bearer {key}", "proxy-authorization": f"Bearer {key}"}


GOOD = {"asked who is there": 401, "turned away": 403}
BAD = {"answered": 200, "the request was read first": 400}
