"""With a key that was revoked.

*What it does*: makes keys, sees that they are taken, revokes them, and asks again within a second.
*Why it matters*: when a key is known to be stolen, every second that it still opens the door counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import Stage, Try, answerable, with_key


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests with the same keys before and after they are revoked."""
    found = list(answerable(stage))
    keys = {caller: stage.key(caller) for _, caller in found}
    for target, caller in found:
        yield Try(target.route, f"a key of `{caller}` asks for `{target.route}`", target, with_key(keys[caller]), control=True)
    for key in keys.values():
        stage.revoke(key)
    for target, caller in found:
        yield Try(target.route, f"a revoked key of `{caller}` asks for `{target.route}`", target, with_key(keys[caller]))


GOOD = {"asked who is there": 401, "turned away": 403}
BAD = {"answered": 200, "the request was read first": 400}
