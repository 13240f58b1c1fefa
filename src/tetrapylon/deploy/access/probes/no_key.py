"""Without any key.

*What it does*: asks for everything that there is, with nothing that says who asks.
*Why it matters*: what is answered to nobody is answered to everybody who reaches the port.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import ANY, Stage, Try, answerable, with_key


def tries(stage: Stage) -> Iterator[Try]:
    """Yield the right caller's request and nobody's, for each target."""
    for target, caller in answerable(stage):
        yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, with_key(stage.key(caller)), control=True)
    for target in stage.targets:
        compared = "" if target.caller is not None else ANY
        yield Try(target.route, f"somebody without a key asks for `{target.route}`", target, compared=compared)


GOOD = {"asked who is there": 401, "turned away": 403}
BAD = {"answered": 200, "the request was read first": 400, "sent elsewhere": 302}
