"""The verdict as a pure function of evidence, catalogue, policy and time.

Given the same log prefix, manifest facts, assets, catalogue, policy and evaluation time, `assess_practices` gives the
same states: nothing here reads a clock, a file or an environment. That is why a customer can run it again.

Rules:
* a statement counts for an asset only if the asset's digest is among its subjects; its subjects' names prove nothing;
* a statement counts only if it was signed by a key that held a permitted role when the log took it;
* the latest counting statement decides, in the order of the log;
* no statement is UNKNOWN; a statement about an earlier digest, too old, or past the time that it sets itself, is STALE; what could
  not be judged is UNKNOWN;
* all parts of a practice are required, and all selected assets must be covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tetrapylon.evidence.leaf import Leaf
from tetrapylon.evidence.statement import Statement
from tetrapylon.guidelines.applies import PRECONDITIONS
from tetrapylon.guidelines.rules import Judged, judge, values_at, wanted_value
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest
from tetrapylon.posture.state import STATE_RANK, PracticeState, State


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the log as the verdict sees it."""

    index: int
    leaf: Leaf
    statement: Statement | None
    """None where the statement was withheld or erased."""

    roles: frozenset[str]
    """The roles that its verified signers held when the log took it; empty where nobody known signed."""


@dataclass(frozen=True, slots=True)
class AssetRef:
    """One asset of the release: its kind, id and digest."""

    kind: str
    id: str
    digest: Digest


@dataclass(frozen=True)
class Question:
    """Everything that a verdict depends on besides the evidence."""

    catalogue: Mapping[str, Json]
    policy: Mapping[str, Json]
    facts: Mapping[str, Json]
    assets: tuple[AssetRef, ...]
    time: str
    """Evaluation time, UTC."""

    practices: tuple[str, ...]
    """The ids of the practices of the profile."""


@dataclass(frozen=True)
class _Finding:
    state: State
    reason: str
    evidence: tuple[int, ...] = ()
    assets: tuple[AssetRef, ...] = ()
    withheld: bool = False


@dataclass
class _Case:
    """One verdict being made: the question, the records by predicate, and the states so far."""

    question: Question
    by_type: dict[str, list[Record]]
    replaced: frozenset[Digest]
    states: dict[str, PracticeState] = field(default_factory=dict)

    def records(self, predicate: str) -> list[Record]:
        return self.by_type.get(self.question.policy["predicates"].get(predicate, ""), [])

    def permitted(self, predicate: str, record: Record) -> bool:
        return not record.roles.isdisjoint(self.question.policy["roles"].get(predicate, ()))


def assess_practices(question: Question, records: Sequence[Record]) -> tuple[PracticeState, ...]:
    """Return the state of each practice of the profile, in the profile's order."""
    case = _case(question, records)
    known = {each["id"]: each for each in question.catalogue["practice"]}
    chosen = [known[each] for each in question.practices]
    for practice in sorted(chosen, key=_derived):
        case.states[practice["id"]] = _assess(case, practice)
    return tuple(case.states[each["id"]] for each in chosen)


def _case(question: Question, records: Sequence[Record]) -> _Case:
    by_type: dict[str, list[Record]] = {}
    for record in records:
        by_type.setdefault(record.leaf.predicate_type, []).append(record)
    return _Case(question, by_type, frozenset(_replaced(question, records)))


def _replaced(question: Question, records: Sequence[Record]) -> Iterator[Digest]:
    """Yield what was replaced by a signer who may make the same claim: nobody else can make evidence disappear."""
    names = {uri: name for name, uri in question.policy["predicates"].items()}
    types = {each.leaf.envelope: each.leaf.predicate_type for each in records}
    for record in records:
        replaced, kind = record.leaf.supersedes, record.leaf.predicate_type
        permitted = question.policy["roles"].get(names.get(kind, ""), ())
        if replaced is not None and types.get(replaced) == kind and not record.roles.isdisjoint(permitted):
            yield replaced


def _derived(practice: Json) -> bool:
    """Order practices that look at the others' states last."""
    return any("derive" in part for part in practice.get("part", ()))


def _assess(case: _Case, practice: Json) -> PracticeState:
    applies, why = PRECONDITIONS[practice.get("applies", "always")](case.question.facts)
    if not applies:
        return PracticeState(practice["id"], State.NOT_APPLICABLE, why)
    findings = [finding for part in practice.get("part", ()) for finding in _part(case, practice["id"], part)]
    if not findings:
        return PracticeState(practice["id"], State.UNKNOWN, "nothing measures this practice yet")
    return _with_waivers(case, practice["id"], findings)


def _part(case: _Case, practice: str, part: Json) -> list[_Finding]:
    if "derive" in part:
        return [_DERIVATIONS[part["derive"]](case, practice)]
    assets = [each for each in case.question.assets if each.kind in part["inputs"]]
    if not assets:
        return [_Finding(State.UNKNOWN, f"no {' or '.join(part['inputs'])} is declared to look at")]
    return [_covered(case, part, asset) for asset in assets]


def _covered(case: _Case, part: Json, asset: AssetRef) -> _Finding:
    """Judge one part on one asset by the latest statement that counts for it."""
    candidates = [each for each in case.records(part["predicate"]) if each.leaf.envelope not in case.replaced]
    about = [each for each in candidates if asset.digest in each.leaf.subjects]
    counting = [each for each in about if case.permitted(part["predicate"], each) and _matches(part, each)]
    # A later statement that is not here could say anything, so what is here may not decide.
    hidden = any(each.statement is None and (not counting or each.index > counting[-1].index) for each in about)
    if counting and not hidden:
        return _judged(case, part, asset, counting[-1])
    if hidden:
        return _Finding(State.UNKNOWN, f"the evidence about `{asset.id}` is withheld", (), (asset,), withheld=True)
    if any(case.permitted(part["predicate"], each) and _matches(part, each) and _names(each, asset) for each in candidates):
        return _Finding(State.STALE, f"`{asset.id}` has changed since the evidence was taken", (), (asset,))
    return _Finding(State.UNKNOWN, f"no evidence about `{asset.id}`", (), (asset,))


def _matches(part: Json, record: Record) -> bool:
    predicate = record.statement.predicate if record.statement else {}
    return all(judge(each, predicate, {}) is Judged.HOLDS for each in part.get("where", ()))


def _names(record: Record, asset: AssetRef) -> bool:
    return record.statement is not None and any(each.name == asset.id for each in record.statement.subjects)


def _judged(case: _Case, part: Json, asset: AssetRef, record: Record) -> _Finding:
    predicate = record.statement.predicate if record.statement else {}
    state, reason = _aged(case, part, asset, record)
    if state is State.PASS:
        state, reason = _made_of(case, part, asset, predicate)
    if state is State.PASS:
        state, reason = _conditions(case, part, asset, predicate)
    if state is State.PASS:
        state, reason = _ended(case, asset, predicate)
    return _Finding(state, reason, (record.index,), (asset,))


def _aged(case: _Case, part: Json, asset: AssetRef, record: Record) -> tuple[State, str]:
    now, then = utc_time(case.question.time), utc_time(record.leaf.observed_to)
    if then > now + timedelta(seconds=int(case.question.policy["values"].get("clock-skew-seconds", 300))):
        return State.UNKNOWN, f"the evidence about `{asset.id}` was observed in the future ({record.leaf.observed_to})"
    days = part.get("freshness")
    if days is not None and now - then > timedelta(days=_number(days, case)):
        return State.STALE, f"the evidence about `{asset.id}` is from {record.leaf.observed_to[:10]}, older than {_number(days, case)} days"
    return State.PASS, ""


def _number(value: Json, case: _Case) -> float:
    return float(wanted_value(["", "", value], case.question.policy["values"]))


def utc_time(text: str) -> datetime:
    """Return the time that `YYYY-MM-DDTHH:MM:SSZ` says."""
    return datetime.fromisoformat(text)


def _made_of(case: _Case, part: Json, asset: AssetRef, predicate: Mapping[str, Json]) -> tuple[State, str]:
    """Check that what the statement says the asset was made of is what the release holds now."""
    materials = part.get("materials")
    if materials is None:
        return State.PASS, ""
    recorded = {f"sha256:{each}" for each in values_at(predicate, f"{materials['path']}[*].digest.sha256")}
    for each in case.question.assets:
        if each.kind in materials["inputs"] and each.digest not in recorded:
            return State.STALE, f"`{asset.id}` was made before {each.kind} `{each.id}` changed"
    return State.PASS, ""


def _ended(case: _Case, asset: AssetRef, predicate: Mapping[str, Json]) -> tuple[State, str]:
    """Check that a statement which says until when it holds still does; what is wrong anyway was said before."""
    expires = predicate.get("expires")
    if isinstance(expires, str) and expires <= case.question.time:
        return State.STALE, f"the evidence about `{asset.id}` held until {expires[:10]}{_detail(predicate, 'expires')}"
    return State.PASS, f"`{asset.id}` holds"


def _conditions(case: _Case, part: Json, asset: AssetRef, predicate: Mapping[str, Json]) -> tuple[State, str]:
    values = case.question.policy["values"]
    outcomes = [(each, judge(each, predicate, values)) for each in part.get("condition", ())]
    for wanted, state in ((Judged.FAILS, State.FAIL), (Judged.UNJUDGED, State.UNKNOWN)):
        for condition, outcome in outcomes:
            if outcome is wanted:
                return state, f"`{asset.id}`: {_sentence(condition, predicate, values)}{_detail(predicate, condition[0])}"
    return State.PASS, f"`{asset.id}` holds"


def _sentence(condition: Json, predicate: Mapping[str, Json], values: Mapping[str, Json]) -> str:
    found = [each for each in values_at(predicate, condition[0]) if isinstance(each, str | int | float | bool)]
    shown = ", ".join(str(each).lower() if isinstance(each, bool) else str(each) for each in found[:3]) or "not known"
    wanted = "" if len(condition) < 3 else f" {str(wanted_value(condition, values)).lower()}"  # noqa: PLR2004
    return f"{condition[0]} is {shown}, must be {condition[1]}{wanted}"


def _detail(predicate: Mapping[str, Json], path: str) -> str:
    """Return the sentence that the statement gives for this condition (it begins with its path), otherwise its first."""
    detail = predicate.get("detail")
    said = [each for each in detail if isinstance(each, str)] if isinstance(detail, list) else []
    about = [each.removeprefix(f"{path}: ") for each in said if each.startswith(f"{path}: ")]
    return f" ({(about or said)[0]})" if said else ""


def _with_waivers(case: _Case, practice: str, findings: Sequence[_Finding]) -> PracticeState:
    """Combine the findings; a finding below PASS is waived if each asset it is about has a valid waiver."""
    waivers = _waivers(case, practice)
    expired = False
    combined: list[_Finding] = []
    for finding in findings:
        held = [waivers.get(each.digest) for each in finding.assets]
        if finding.state is State.PASS or not held or None in held:
            combined.append(finding)
            continue
        late = [each for each in held if each and each[1] <= case.question.time]
        expired = expired or bool(late)
        combined.append(finding if late else _waived(finding, [each for each in held if each]))
    worst = min(combined, key=lambda each: STATE_RANK[each.state])
    reason = "holds" if worst.state is State.PASS else worst.reason
    evidence = tuple(sorted({index for each in combined for index in each.evidence}))
    return PracticeState(practice, worst.state, reason, evidence, expired, any(each.withheld for each in combined))


def _waived(finding: _Finding, waivers: Sequence[tuple[int, str, str]]) -> _Finding:
    index, expires, owner = waivers[0]
    reason = f"waived until {expires[:10]} by {owner}: {finding.reason}"
    return _Finding(State.WAIVED, reason, (*finding.evidence, index), finding.assets)


def _waivers(case: _Case, practice: str) -> dict[Digest, tuple[int, str, str]]:
    """Return the latest waiver of this practice for each digest: (record, expiry, owner)."""
    found: dict[Digest, tuple[int, str, str]] = {}
    for record in case.records("waiver"):
        if record.statement is None or record.leaf.envelope in case.replaced or not case.permitted("waiver", record):
            continue
        predicate = record.statement.predicate
        if predicate.get("practice") == practice:
            for each in record.leaf.subjects:
                found[each] = (record.index, str(predicate.get("expires", "")), str(predicate.get("owner", "nobody")))
    return found


def _waivers_sound(case: _Case, practice: str) -> _Finding:
    """SP4.7: every waiver about this release names one practice and is not expired."""
    current = {each.digest for each in case.question.assets}
    for record in case.records("waiver"):
        if record.statement is None or current.isdisjoint(record.leaf.subjects) or record.leaf.envelope in case.replaced:
            continue
        if not case.permitted("waiver", record):
            continue
        predicate = record.statement.predicate
        if str(predicate.get("expires", "")) <= case.question.time:
            return _Finding(State.FAIL, f"the waiver of {predicate.get('practice')} has expired", (record.index,))
        if predicate.get("practice") not in {each["id"] for each in case.question.catalogue["practice"]}:
            return _Finding(State.FAIL, "a waiver does not name one practice", (record.index,))
    return _Finding(State.PASS, f"{practice}: every waiver is narrow and in date")


def _nothing_stale(case: _Case, practice: str) -> _Finding:
    """SP4.9: what is relied on is there, and about the digests of this release."""
    withheld = any(each.withheld for each in case.states.values())
    for state, why in (
        (State.STALE, "evidence of {} is about something else than this release"),
        (State.UNKNOWN, "there is no evidence of {}"),
    ):
        found = sorted(each.id for each in case.states.values() if each.state is state)
        if found:
            return _Finding(state, why.format(", ".join(found)), withheld=withheld)
    return _Finding(State.PASS, f"{practice}: all evidence is about this release", withheld=withheld)


def _decision_replayed(case: _Case, practice: str) -> _Finding:
    """SP4.6: the last decision was made again from the same evidence and came out the same, byte for byte."""
    every = case.records("decision-replay")
    counting = [(each.index, each.statement.predicate) for each in every if each.statement and case.permitted("decision-replay", each)]
    if any(each.statement is None and (not counting or each.index > counting[-1][0]) for each in every):
        return _Finding(State.UNKNOWN, f"{practice}: whether the decision was made again is withheld", withheld=True)
    if not counting:
        return _Finding(State.UNKNOWN, f"{practice}: no decision has been made again yet")
    index, predicate = counting[-1]
    if predicate.get("identical") is True:
        return _Finding(State.PASS, f"{practice}: the last decision came out the same", (index,))
    return _Finding(State.FAIL, "the last decision came out differently when made again", (index,))


_DERIVATIONS: dict[str, Callable[[_Case, str], _Finding]] = {
    "waivers-sound": _waivers_sound,
    "nothing-stale": _nothing_stale,
    "decision-replayed": _decision_replayed,
}
