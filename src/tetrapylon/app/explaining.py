"""Say why a practice, a verdict or a finding is as it is, from which evidence, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tetrapylon.app import decide
from tetrapylon.app.guidance import catalogue, default_values, policy, shown
from tetrapylon.app.project import find_root, open_project
from tetrapylon.kernel.errors import TetrapylonError, UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.system.problem import did_you_mean
from tetrapylon.system.problem import shown as shown_text

VERDICTS = {
    "released": "every practice of the profile is PASS, validly WAIVED or NOT APPLICABLE (exit code 0)",
    "refused": "a practice is FAIL, or a waiver that it needs has expired (exit code 1)",
    "could not decide": "nothing failed, but a practice is UNKNOWN or STALE: evidence is missing or about something else (exit code 3)",
}


@dataclass(frozen=True)
class Explanation:
    """An explanation as data and for a reader."""

    data: dict[str, Any]
    lines: list[str]


def explain(subject: str, directory: str | None) -> Explanation:
    """Return why.

    Raises:
        UsageError: it is neither a practice nor a verdict nor a rule.
    """
    if subject in VERDICTS:
        return Explanation({"verdict": subject, "means": VERDICTS[subject]}, [f"{subject}: {VERDICTS[subject]}"])
    practice = next((each for each in catalogue()["practice"] if each["id"] == subject.upper()), None)
    if practice is None:
        return _rule(subject)
    state = _state(practice["id"], directory)
    return Explanation({"practice": shown(practice), "state": state}, [*_asked(practice), *_found(practice, state)])


def _rule(subject: str) -> Explanation:
    """Explain a rule of `check`."""
    from tetrapylon.app.looks import rules

    rule = rules().get(subject.lower())
    if rule is None:
        close = did_you_mean(subject.lower(), rules())
        hint = close or "run `tetrapylon practices`, name a rule that `tetrapylon check` prints, or one of: " + ", ".join(VERDICTS)
        raise UsageError(f"`{shown_text(subject)}` is neither a practice nor a verdict nor a rule", hint=hint, code="unknown-subject")
    data = {"id": rule.id, "severity": rule.severity, "title": rule.title, "why": rule.why, "fix": rule.fix}
    lines = [
        f"{rule.id} ({rule.severity}): {rule.title}",
        "",
        f"why: {rule.why}",
        f"fix: {rule.fix}",
        "",
        "one severity lower in tests, documentation and examples",
        f"where it must stay, say why on its line or alone on the line above: `# tetrapylon: allow {rule.id} REASON`",
        "next: tetrapylon check",
    ]
    return Explanation({"rule": data}, lines)


def _asked(practice: Mapping[str, Any]) -> list[str]:
    lines = [f"{practice['id']} {practice['title']}", "", practice["text"], f"passes when: {practice['rule']}"]
    kinds = {"A": "measured", "E": "enforced, each enforcement leaving a record", "H": "a named person's signed statement"}
    lines.append("evidence: " + "; and ".join(kinds[each] for each in practice["kind"]))
    lines.extend(_reads(each) for each in practice.get("part", ()) if "predicate" in each)
    return lines


def _reads(part: Mapping[str, Any]) -> str:
    fresh = f", at most {_days(part['freshness'])} days old" if "freshness" in part else ""
    return f"  reads `{part['predicate']}` about {', '.join(part['inputs'])}{fresh}"


def _days(freshness: float | str) -> str:
    """Return the days, a name of the policy as its default."""
    return str(default_values()[freshness[1:]]) if isinstance(freshness, str) else str(freshness)


def _found(practice: Mapping[str, Any], state: Mapping[str, Any] | None) -> list[str]:
    if practice["status"] == "planned":
        return ["", "planned: not assessed yet, and never shown as PASS"]
    if state is None:
        return ["", f"next: {practice['next']}"]
    records = ", ".join(str(each) for each in state["evidence"]) or "none"
    return ["", f"now: {state['state']} - {state['reason']}", f"evidence: log records {records}", f"next: {practice['next']}"]


def _state(practice: str, directory: str | None) -> Mapping[str, Any] | None:
    """Return the practice's state in the project at hand; None outside a project or where it is not in the profile."""
    try:
        find_root(directory)
        project = open_project(directory)
        chosen = {**policy(project), "practices": [practice]}
        rows = decide.assess_now(project, chosen, SystemClock().now()).decision["practices"]
    except TetrapylonError:
        return None
    return dict(rows[0]) if rows else None
