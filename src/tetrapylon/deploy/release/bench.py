"""How well a model does its own task: accuracy with bounds, against a floor, a simpler model, and the last release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tetrapylon.deploy.release.statistics import CONFIDENCE, Interval, clopper_pearson, clustered, mcnemar

if TYPE_CHECKING:
    import numpy as np

    Rows = np.ndarray[Any, Any]

Verdict = Literal["passed", "failed", "hold", "invalid"]
CODES = {"passed": 0, "failed": 1, "hold": 3, "invalid": 3}
_ORDER: tuple[Verdict, ...] = ("failed", "invalid", "hold", "passed")
MOST_ERRORS = 0.02


@dataclass(frozen=True, slots=True)
class Measured:
    """How one model did."""

    model: str
    task: str
    cases: int
    right: int
    errors: int
    interval: Interval
    floor: float
    wrong: Mapping[str, bool]
    """Whether each independent item was got wrong."""

    baseline: Mapping[str, Any] | None = None


def of_items(model: str, task: str, wrong: Mapping[str, bool], errors: int, floor: float) -> Measured:
    """Return the measurement of items that each stand for themselves."""
    right = sum(not each for each in wrong.values())
    return Measured(model, task, len(wrong) + errors, right, errors, clopper_pearson(right, len(wrong)), floor, wrong)


def of_groups(model: str, task: str, clusters: Mapping[str, tuple[int, int]], floor: float, baseline: Mapping[str, Any] | None) -> Measured:
    """Return the measurement of rows that come in groups `(right, tries)`; the item is the group, by its majority."""
    wrong = {name: 2 * right <= tries for name, (right, tries) in clusters.items()}
    values = list(clusters.values())
    return Measured(
        model, task, sum(tries for _, tries in values), sum(right for right, _ in values), 0, clustered(values), floor, wrong, baseline
    )


def row_of(measured: Measured, before: Mapping[str, bool] | None) -> dict[str, Any]:
    """Return the measurement as data, with its verdict."""
    paired = mcnemar(before, measured.wrong) if before else None
    worse = paired is not None and paired.p_worse < 1 - CONFIDENCE
    verdict, reason = _judged(measured, worse=worse)
    answered = measured.cases - measured.errors
    return {
        "model": measured.model,
        "task": measured.task,
        "cases": measured.cases,
        "items": len(measured.wrong),
        "right": measured.right,
        "errors": measured.errors,
        "accuracy": measured.right / answered if answered else None,
        "interval": list(measured.interval),
        "floor": measured.floor,
        "baseline": dict(measured.baseline) if measured.baseline else None,
        "regression": None
        if paired is None
        else {"items": paired.both, "better": paired.only_before, "worse": paired.only_now, "p": paired.p_worse},
        "verdict": verdict,
        "reason": reason,
    }


def _judged(measured: Measured, *, worse: bool) -> tuple[Verdict, str]:
    low, high = measured.interval
    if not measured.wrong:
        return "invalid", "nothing was answered"
    if measured.errors > MOST_ERRORS * measured.cases:
        return "invalid", f"{measured.errors} of {measured.cases} questions had no answer, more than {MOST_ERRORS:.0%}"
    if high < measured.floor:
        return "failed", f"at most {high:.1%}; {measured.floor:.1%} is asked for"
    if worse:
        return "failed", "worse than the last release on the same items, beyond chance"
    if low < measured.floor:
        return "hold", f"insufficient: between {low:.1%} and {high:.1%}; {measured.floor:.1%} is asked for"
    return "passed", f"at least {low:.1%}; {measured.floor:.1%} is asked for"


def whole(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the result over all models as `tetrapylon/bench/1`."""
    verdicts = {row["verdict"] for row in rows} or {"invalid"}
    verdict = next(each for each in _ORDER if each in verdicts)
    return {
        "schema": "tetrapylon/bench/1",
        "models": list(rows),
        "cases": sum(row["cases"] for row in rows),
        "verdict": verdict,
        "exit": CODES[verdict],
    }


def nearest_centroid(rows: Rows, labels: Rows, asked: Rows) -> Rows:
    """Return the label of the nearest mean: the simplest model that a task of pictures has."""
    import numpy as np

    known = np.unique(labels)
    means = np.stack([rows[labels == each].mean(axis=0) for each in known])
    distances = (asked**2).sum(axis=1)[:, None] - 2 * asked @ means.T + (means**2).sum(axis=1)[None, :]
    found: Rows = known[distances.argmin(axis=1)]
    return found


def lines(data: Mapping[str, Any]) -> list[str]:
    """Return the result for a reader."""
    found = [f"{data['verdict']}: {data['cases']} cases", ""]
    for row in data["models"]:
        share = "-" if row["accuracy"] is None else f"{row['accuracy']:.1%}"
        found.append(f"  {row['verdict']:<8} {row['model']:<16} {row['right']}/{row['cases']} right ({share}): {row['reason']}")
        if row["baseline"]:
            base = row["baseline"]
            found.append(f"           simpler model ({base['name']}): {base['accuracy']:.1%}, at least {base['interval'][0]:.1%}")
        if row["regression"]:
            change = row["regression"]
            counts = f"{change['better']} items better, {change['worse']} worse of {change['items']}"
            found.append(f"           last release: {counts} (p {change['p']:.3f})")
    return found
