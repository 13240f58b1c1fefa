"""With a good key whose holder has not acknowledged the terms.

*What it does*: asks for everything that the terms come before.
*Why it matters*: limits that nobody was shown protect nobody, and duties that nobody took on are nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import Stage, Try, answerable, with_key


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests of right callers, with and without the terms acknowledged."""
    for target, caller in answerable(stage):
        if target.terms:
            yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, with_key(stage.key(caller)), control=True)
            key = with_key(stage.key(caller, terms=False))
            yield Try(target.route, f"`{caller}`, who has not acknowledged the terms, asks for `{target.route}`", target, key)


GOOD = {"turned away": 403}
BAD = {"answered": 200, "the request was read first": 400}
