"""With a good key of another tenant.

*What it does*: puts an output on hold for one tenant, sees that its own caller is shown it, and asks for it from another tenant
and as another principal of the same tenant.
*Why it matters*: two customers of one system must not see each other's data, whatever ids they guess.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import NOT_THERE, Stage, Target, Try, answerable, principals, with_key

OURS, OTHERS = "a", "b"


def tries(stage: Stage) -> Iterator[Try]:
    """Yield the own caller's request for a held output, and strangers' requests."""
    for _, caller in list(answerable(stage))[:1]:
        target = Target("holds", "GET", f"/v1/holds/{stage.held(caller, OURS)}", caller=caller)
        yield Try("holds", f"`{caller}` asks for an output held for it", target, with_key(stage.key(caller, OURS)), control=True)
        yield Try("holds", f"`{caller}` of another tenant asks for it", target, with_key(stage.key(caller, OTHERS)), NOT_THERE)
        for other in [name for name, _ in principals(stage.facts) if name != caller][:3]:
            yield Try("holds", f"`{other}` of the same tenant asks for it", target, with_key(stage.key(other, OURS)), NOT_THERE)
        yield Try("holds", "somebody without a key asks for it", target, {}, NOT_THERE)


GOOD = {"as if it were not there": 404, "turned away": 403}
BAD = {"answered": 200, "the request was read first": 400}
