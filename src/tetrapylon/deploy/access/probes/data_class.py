"""With data that must not leave.

*What it does*: lets right callers send data that they call restricted to models behind an address.
*Why it matters*: who may ask a model may not therefore send it everything; what a supplier was sent cannot be fetched back.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import Stage, Try, answerable, with_key


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests of right callers with ordinary and with restricted data."""
    for target, caller in answerable(stage):
        if target.action == "chat":
            key = with_key(stage.key(caller))
            yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, key, control=True)
            what = f"`{caller}` sends restricted data to `{target.route}`"
            yield Try(target.route, what, target, {**key, "tetrapylon-data-class": "restricted"})


GOOD = {"turned away": 403}
BAD = {"answered": 200, "the request was read first": 400}
