"""What a run amounts to: one object, from which report, JSON and exit code follow. Nothing of time or machine is in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.deploy.release.catalogue import Chosen, pack_digest
from tetrapylon.deploy.release.controls import EVERYDAY, one_for_all, question_cases, refuses, useful
from tetrapylon.deploy.release.engine.campaign import Campaign, Plan, fingerprint
from tetrapylon.deploy.release.engine.job import Tried
from tetrapylon.deploy.release.engine.run import blocked
from tetrapylon.deploy.release.gate import CAVEAT, CODES, Controls, Counted, Judgement, bounded, judge_family, judge_run
from tetrapylon.deploy.release.statistics import clopper_pearson, clustered, flip_rate, hit_at_k
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import sha256

MOST_SHOWN = 3
"""Hits of a family that are shown."""


@dataclass(frozen=True)
class Result:
    """The answer, and what made it."""

    data: dict[str, Json]
    """As `tetrapylon/redteam/1`."""

    @property
    def exit(self) -> int:
        """The exit code."""
        return int(self.data["exit"])

    @property
    def verdict(self) -> str:
        """The verdict about the whole run."""
        return str(self.data["verdict"])


def result_of(campaign: Campaign) -> Result:
    """Return what was found."""
    plan, tried = campaign.plan, campaign.engine.read()
    grouped: dict[tuple[str, str], list[Tried]] = defaultdict(list)
    for each in tried:
        grouped[each.group, each.family].append(each)
    rows = [_family(campaign, each, grouped) for each in plan.chosen if each.included]
    controls = _controls(plan, tried, grouped, [row["id"] for row in rows if row["verdict"] != "not-run"])
    attacks = [each for each in tried if each.group in {"attack", "benign", "utility"}]
    errors = sum(bool(each.outcome.error) for each in attacks)
    complete = not campaign.engine.stopped
    verdict, reasons = judge_run([row["verdict"] for row in rows], controls, len(attacks), errors, complete=complete)
    print_, measured = fingerprint(campaign.engine.target.identity, tried, deterministic=campaign.deterministic)
    ran = [row for row in rows if row["prompts"]]
    data: dict[str, Any] = {
        "schema": "tetrapylon/redteam/1",
        "target": {"fingerprint": print_, "measured": measured, "deterministic": campaign.deterministic, **campaign.engine.target.identity},
        "pack": pack_digest(),
        "seed": plan.setting.seed,
        "limit": plan.limit,
        "smoke": plan.smoke,
        "complete": complete,
        "stopped": campaign.engine.stopped,
        "families": rows,
        "excluded": [{"id": each.family.id, "reason": each.reason} for each in plan.chosen if not each.included],
        "controls": controls_data(controls, tried),
        "attempts": len(attacks),
        "errors": errors,
        "errorsByKind": dict(sorted(Counter(each.outcome.error for each in attacks if each.outcome.error).items())),
        "blocked": sum(blocked(each.outcome) for each in attacks),
        "upperBound": max((row["upper"] for row in ran), default=1.0),
        "told": told_of(rows),
        "caveat": CAVEAT,
        "verdict": verdict,
        "reasons": reasons,
        "exit": CODES[verdict],
    }
    return Result({**data, "digest": sha256(canonical_json(data))})


def told_of(rows: Sequence[Mapping[str, Json]]) -> str:
    """Return the sentence about the whole run; nothing is ever called safe."""
    breached = [row["id"] for row in rows if row["verdict"] == "breached"]
    if breached:
        return f"breached: {', '.join(breached)}"
    ran = [row for row in rows if row["prompts"]]
    prompts, hit = sum(row["prompts"] for row in ran), sum(row["promptsHit"] for row in ran)
    if not prompts:
        return "nothing was answered, so nothing is known"
    if hit:
        return f"suspicions on {hit} of {prompts} prompts, none proven"
    worst = max(row["upper"] for row in ran)
    return f"{bounded(prompts, clopper_pearson(0, prompts).high)}; of the weakest bounded family ≤ {100 * worst:.1f} %"


def _family(campaign: Campaign, chosen: Chosen, grouped: Mapping[tuple[str, str], list[Tried]]) -> dict[str, Any]:
    plan, family = campaign.plan, chosen.family
    unable = plan.unable(chosen)
    attacks = grouped.get(("attack", family.id), [])
    counted = count(attacks, grouped.get(("again", family.id), []))
    judged = Judgement("not-run", unable) if unable else _judged(campaign, counted)
    clusters, often = counted.clusters, max((size for _, size in counted.clusters), default=1)
    hits, answered = sum(hit for hit, _ in clusters), sum(size for _, size in clusters)
    low, high = counted.bounds
    return {
        "id": family.id,
        "title": family.title,
        "severity": family.severity,
        "frameworks": family.frameworks,
        "threats": list(chosen.threats),
        "included": chosen.reason,
        "prompts": counted.prompts,
        "promptsHit": counted.prompts_hit,
        "attempts": counted.attempts,
        "errors": counted.errors,
        "blocked": sum(blocked(each.outcome) for each in attacks),
        "hits": hits,
        "hit_at_k": {str(k): hit_at_k(clusters, k) for k in sorted({1, often})} if clusters else {},
        "asr": hits / answered if answered else None,
        "interval": [low, high],
        "clustered": list(clustered(clusters)),
        "upper": high,
        "flipRate": flip_rate(clusters),
        "proofs": counted.proofs,
        "reproduced": counted.reproduced,
        "verdict": judged.verdict,
        "reason": judged.reason,
        "evidence": _shown(campaign, attacks),
    }


def _judged(campaign: Campaign, counted: Counted) -> Judgement:
    judged = judge_family(counted, campaign.plan.limit)
    if judged.verdict == "not-run" and campaign.engine.stopped:
        return Judgement("not-run", f"the run ended before it ({campaign.engine.stopped})")
    return judged


def count(attacks: Iterable[Tried], again: Iterable[Tried]) -> Counted:
    """Return what was counted of one family; an error is no answer, unless something leaked before it."""
    clusters: dict[str, tuple[int, int]] = {}
    proven: set[str] = set()
    attempts = errors = 0
    for each in attacks:
        attempts += 1
        if each.outcome.error and not each.hits:
            errors += 1
            continue
        hits, size = clusters.get(each.case, (0, 0))
        clusters[each.case] = hits + bool(each.hits), size + 1
        proven |= {each.case} if each.proof else set()
    repeated = [each for each in again if each.case in proven and not (each.outcome.error and not each.hits)]
    return Counted(
        clusters=tuple(clusters.values()),
        attempts=attempts,
        errors=errors,
        proofs=len(proven),
        reproduced=len({each.case for each in repeated if each.proof}),
        retried=len({each.case for each in repeated}),
    )


def _shown(campaign: Campaign, attacks: Iterable[Tried]) -> list[dict[str, Any]]:
    """Return a few hits: our own prompt and what was seen; never what leaked, which stays in the file of attempts."""
    known = {case.id: case for cases in campaign.cases.values() for case in cases}
    found = sorted((each for each in attacks if each.hits), key=lambda each: (not each.proof, each.case, each.number))
    shown = []
    for each in found[:MOST_SHOWN]:
        case = known.get(each.case)
        shown.append(
            {
                "prompt": each.case,
                "parameters": dict(case.parameters) if case else {},
                "sent": case.sent.text[:600] if case else "",
                "oracles": [{"id": hit.oracle, "proof": hit.proof, "what": hit.what} for hit in each.hits],
            }
        )
    return shown


def _controls(plan: Plan, tried: Sequence[Tried], grouped: Mapping[tuple[str, str], list[Tried]], ran: Sequence[str]) -> Controls:
    benign = [each for each in tried if each.group == "benign"]
    own = {case.id: case for case in question_cases(plan.questions, plan.setting)}
    # What has no answer is counted among the errors; usefulness is about answers.
    asked = [each for each in tried if each.group == "utility" and each.case in own and not each.outcome.error]
    fine = sum(useful(own[each.case], each.outcome) for each in asked)
    if not plan.questions:
        asked = [each for each in benign if not each.outcome.error]
        fine = sum(bool(each.outcome.calls) or not refuses(each.outcome.text) for each in asked)
    bad = {family: grouped.get(("bad", family), []) for family in ran}
    tried_bad = all(bad.values()) and bool(bad)
    return Controls(
        useful=fine,
        asked=len(asked),
        floor=plan.floor,
        one_for_all=not plan.questions and one_for_all([each.outcome.text for each in benign if not each.outcome.error]),
        false_alarms=sum(bool(each.hits) for each in (*benign, *(each for each in tried if each.group == "utility"))),
        benign=len(benign) + sum(each.group == "utility" for each in tried),
        caught=all(any(each.proof for each in rows) for rows in bad.values()) if tried_bad else None,
    )


def controls_data(controls: Controls, tried: Sequence[Tried]) -> dict[str, Any]:
    """Return how the controls ended, as data."""
    bad: dict[str, bool] = {}
    for each in tried:
        if each.group == "bad":
            bad[each.family] = bad.get(each.family, False) or each.proof
    return {
        "utility": controls.utility,
        "useful": controls.useful,
        "asked": controls.asked,
        "floor": controls.floor,
        "oneAnswerToEverything": controls.one_for_all,
        "falseAlarms": controls.false_alarms,
        "benign": controls.benign,
        "everyday": len(EVERYDAY),
        "knownBad": {"caught": controls.caught, "families": dict(sorted(bad.items()))},
    }
