"""CVSS 3.1: the base score that follows from a vector.

Source: FIRST, Common Vulnerability Scoring System version 3.1 specification, sections 7.1 and 7.4 and appendix A.
"""

from __future__ import annotations

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError

PREFIX = "CVSS:3.1/"

_WEIGHTS: dict[str, dict[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "PR": {"N": 0.85, "L": 0.62, "H": 0.27},
    "UI": {"N": 0.85, "R": 0.62},
    "S": {"U": 0, "C": 1},
    "C": {"H": 0.56, "L": 0.22, "N": 0},
    "I": {"H": 0.56, "L": 0.22, "N": 0},
    "A": {"H": 0.56, "L": 0.22, "N": 0},
}
_CHANGED_PRIVILEGES = {"N": 0.85, "L": 0.68, "H": 0.5}
_SEVERITIES = ((9.0, "CRITICAL"), (7.0, "HIGH"), (4.0, "MEDIUM"), (0.1, "LOW"), (0.0, "NONE"))


def scored(vector: str) -> dict[str, Json]:
    """Return the score as CSAF writes it.

    Raises:
        UsageError: not a vector of base metrics in the order of the specification (`bad-vector`).
    """
    score = base_score(vector)
    return {"version": "3.1", "vectorString": vector, "baseScore": score, "baseSeverity": severity(score)}


def severity(score: float) -> str:
    """Return the word for a score."""
    return next(word for least, word in _SEVERITIES if score >= least)


def base_score(vector: str) -> float:
    """Return the base score of the vector.

    Raises:
        UsageError: as `scored`.
    """
    chosen = dict(each.split(":", 1) for each in vector.removeprefix(PREFIX).split("/") if ":" in each)
    if vector != PREFIX + "/".join(f"{name}:{chosen.get(name)}" for name in _WEIGHTS) or any(
        chosen[name] not in values for name, values in _WEIGHTS.items()
    ):
        hint = "it looks like `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H`"
        raise UsageError(f"`{vector[:60]}` is not a vector of CVSS 3.1 base metrics", hint=hint, code="bad-vector")
    value = {name: _WEIGHTS[name][chosen[name]] for name in _WEIGHTS}
    changed = chosen["S"] == "C"
    privileges = _CHANGED_PRIVILEGES[chosen["PR"]] if changed else value["PR"]
    effect = 1 - (1 - value["C"]) * (1 - value["I"]) * (1 - value["A"])
    impact = 7.52 * (effect - 0.029) - 3.25 * (effect - 0.02) ** 15 if changed else 6.42 * effect
    if impact <= 0:
        return 0.0
    total = impact + 8.22 * value["AV"] * value["AC"] * privileges * value["UI"]
    return _rounded_up(min(1.08 * total if changed else total, 10))


def _rounded_up(number: float) -> float:
    """Round up to one decimal as the specification's appendix A does, without the faults of binary fractions."""
    whole = round(number * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (whole // 10_000 + 1) / 10
