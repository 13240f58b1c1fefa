"""Check at every assessment that what changed was evaluated and got the version that the change asks for.

Reads: the digests of the release, every release that was decided before, test results in the log. Leaves: `update` about
the release. Moves: SO3.4, SO3.5; the drill (`tetrapylon operate update drill`) moves SO3.1, SO3.2 and SO3.9. Where nothing
was ever evaluated there is no answer. Cannot see: a change of behaviour without a change of a digest, as behind a
supplier's address without a snapshot; whether the tests were good ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest
from tetrapylon.operate.updates.evaluation import evaluated
from tetrapylon.operate.updates.version import judge
from tetrapylon.outside.view import View

PRACTICES = ("SO3.4", "SO3.5")


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the release."""
    started = view.now()
    tested = evaluated(view)
    version = judge(view.facts["system"]["release"], view.assets, view.released())
    payload: dict[str, Json] = {"versionRuleFollowed": version.followed, "tool": view.tool}
    if tested.answer is not None:
        payload["evaluated"] = tested.answer
    payload["detail"] = [*([] if version.followed else [version.because]), *tested.sentences[:20]]
    yield Observation("update", (Subject("release", Digest(view.release_digest)),), payload, started, view.now(), "release-manager")


def inputs(view: View) -> Json:
    """Return what the observation follows from beside the release: what was released before, and what was tested."""
    return {"released": [each.record for each in view.released()], "tested": [each.record for each in view.evidence("test-result")]}
