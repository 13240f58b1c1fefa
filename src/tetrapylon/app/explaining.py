"""Say why a practice, a verdict or a finding is as it is, from which evidence, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.app import decide
from tetrapylon.app.board import age_of
from tetrapylon.app.guidance import catalogue, default_values, policy, shown
from tetrapylon.app.project import find_root, open_project
from tetrapylon.evidence.predicate import name_of
from tetrapylon.kernel.columns import one_line
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
    state, evidence = _state(practice["id"], directory)
    data = {"practice": shown(practice), "state": state, "evidence": evidence}
    return Explanation(data, [*_asked(practice), *_found(practice, state, evidence)])


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


def _found(practice: Mapping[str, Any], state: Mapping[str, Any] | None, evidence: Sequence[Mapping[str, Any]]) -> list[str]:
    if practice["status"] == "planned":
        return ["", "planned: not assessed yet, and never shown as PASS"]
    if state is None:
        return ["", f"next: {practice['next']}"]
    numbers = ", ".join(str(each["record"]) for each in evidence) or "none"
    records = [f"evidence: log records {numbers}", *(_record(each) for each in evidence)]
    renews = "renewed by" if state["state"] in {"PASS", "STALE"} else "next"
    return ["", f"now: {state['state']} - {state['reason']}", *records, f"{renews}: {practice['next']}"]


def _record(each: Mapping[str, Any]) -> str:
    where = f"{each['record']} (a draft)" if each["draft"] else str(each["record"])
    about = one_line(", ".join(each["subjects"]))
    return f"  {where}: {each['predicate']} about {about}, observed {each['observed']} ({each['age']})"


def _state(practice: str, directory: str | None) -> tuple[Mapping[str, Any] | None, list[dict[str, Any]]]:
    """Return the practice's state in the project at hand and its evidence; nothing outside a project."""
    try:
        find_root(directory)
        project = open_project(directory)
        chosen = {**policy(project), "practices": [practice]}
        decided = decide.assess_now(project, chosen, SystemClock().now())
    except TetrapylonError:
        return None, []
    rows = decided.decision["practices"]
    return (dict(rows[0]), _evidence(decided, rows[0])) if rows else (None, [])


def _evidence(decided: decide.Decided, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the records that a state rests on, each with its time and age."""
    records = {each.index: each for each in decided.records}
    size = decided.decision["log"]["size"] - decided.drafts
    found: list[dict[str, Any]] = []
    for index in row["evidence"]:
        leaf, statement = records[index].leaf, records[index].statement
        subjects = list(dict.fromkeys(each.name for each in statement.subjects)) if statement else ["(erased)"]
        times = {"observed": leaf.observed_to, "recorded": leaf.recorded_at, "age": age_of(leaf.observed_to, decided.decision["timestamp"])}
        found.append({"record": index, "predicate": name_of(leaf.predicate_type), "subjects": subjects, **times, "draft": index >= size})
    return found
