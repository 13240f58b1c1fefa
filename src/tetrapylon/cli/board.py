"""How decisions and verifications read on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tetrapylon.cli.output import coloured

if TYPE_CHECKING:
    from tetrapylon.app.decide import Decided

COLOURS = {"PASS": "green", "FAIL": "red", "UNKNOWN": "yellow", "STALE": "yellow", "WAIVED": "cyan", "NOT APPLICABLE": "bright_black"}
VERDICT_COLOURS = {"released": "green", "refused": "red", "could not decide": "yellow"}
DEMO = "DEMONSTRATION: no person signed this"


def decision_lines(decided: Decided) -> Iterator[str]:
    """Yield a decision: the verdict, each practice with its reason, and what was not looked at."""
    decision = decided.decision
    yield f"{coloured(decision['verdict'], VERDICT_COLOURS[decision['verdict']])}: {_count(decision['practices'])}"
    yield ""
    yield from practice_lines(decision["practices"])
    yield ""
    yield f"{decision['system']['id']} {decision['system']['release']}  release {decision['system']['digest']}"
    yield f"profile `{decision['profile']}` at {decision['timestamp']}, evidence: {decision['log']['size']} log records"
    yield f"not assessed by this profile: {len(decision['notAssessed'])} practices"
    if not decided.recorded:
        yield f"a draft: nothing was recorded ({decided.drafts} drafts looked at)"
    if decision["demo"]:
        yield DEMO


def practice_lines(practices: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield one line for each practice: id, state, reason."""
    for each in practices:
        yield f"  {each['id']:<7} {coloured(format(each['state'], '<15'), COLOURS[each['state']])} {each['reason']}"


def _count(practices: list[Mapping[str, Any]]) -> str:
    total = len(practices)
    found = [
        f"{sum(each['state'] == state for each in practices)} {state}"
        for state in COLOURS
        if any(each["state"] == state for each in practices)
    ]
    return f"{', '.join(found)} of {total} practices"
