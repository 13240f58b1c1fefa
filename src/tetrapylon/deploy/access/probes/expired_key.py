"""With a key that has ended.

*What it does*: makes keys that end in a moment, sees that they are taken, waits, and asks again.
*Why it matters*: a key that never ends is found years later in a log, a notebook or an old machine, and still opens the door.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import Stage, Try, answerable, with_key


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests with the same keys before and after their end."""
    found = list(answerable(stage))
    keys = {caller: stage.ending(caller) for _, caller in found}
    first = {caller: target for target, caller in reversed(found)}
    for caller, target in first.items():
        yield Try(
            target.route,
            f"a key of `{caller}` that is about to end asks for `{target.route}`",
            target,
            with_key(keys[caller]),
            control=True,
        )
    stage.wait_for_end()
    for target, caller in found:
        what = f"an expired key of `{caller}` asks for `{target.route}`"
        yield Try(target.route, what, target, with_key(keys[caller]), compared=first[caller].route)


GOOD = {"asked who is there": 401, "turned away": 403}
BAD = {"answered": 200, "the request was read first": 400}
