"""How well the guards of a system tell what must not pass from what may, on fixed labelled cases, run for real.

Each case goes through the very guards that the gateway is handed. A bad one counts as caught when it is stopped, held for a
person or taken out; to note it only is not enough. A good one counts as a false alarm when anything more than a note happens.
For everything that is caught it is tried whether the action works: what was taken out must not be found again.

The cases are ours, like the rules: the figures say how good the guards are at what we thought of, not what they will meet.
"""

from __future__ import annotations

import base64
import json
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, Literal

from tetrapylon.gateway.guarding import SystemGuards
from tetrapylon.gateway.ports import Look, Verdict
from tetrapylon.gateway.rule import filled
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.shelf import package_text
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

SETS = ("egress", "guardrail", "injection")
"""What must not go to a hosted model; what must not leave in an answer; orders to a model where data should be."""

_ACTS = {Verdict.REDACT, Verdict.HOLD, Verdict.BLOCK}
_Z = 1.959963984540054
"""For intervals of 95 %."""


@dataclass(frozen=True, slots=True)
class Case:
    """One text and what it is."""

    text: str
    bad: bool


@dataclass(frozen=True)
class CaseSet:
    """Labelled cases for one direction."""

    family: str
    direction: Literal["in", "out"]
    cases: tuple[Case, ...]

    @property
    def digest(self) -> Digest:
        """Of the cases with their labels."""
        return sha256(canonical_json([[each.text, each.bad] for each in self.cases]))


@dataclass(frozen=True)
class Measured:
    """What came out for one set."""

    cases: CaseSet
    caught: int
    bad: int
    alarms: int
    good: int
    missing: int
    """Findings whose action did not work."""

    microseconds: float
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    """False alarms: the rule and the text."""

    @property
    def tpr(self) -> float:
        """The share of bad cases that were caught."""
        return self.caught / self.bad if self.bad else 0.0

    @property
    def fpr(self) -> float:
        """The share of good cases that were stopped or changed."""
        return self.alarms / self.good if self.good else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        return {
            "family": self.cases.family,
            "tpr": round(self.tpr, 4),
            "tprInterval": wilson(self.caught, self.bad),
            "fpr": round(self.fpr, 4),
            "fprInterval": wilson(self.alarms, self.good),
            "cases": self.bad + self.good,
            "missingActions": self.missing,
            "setDigest": self.cases.digest,
            "microseconds": round(self.microseconds, 1),
        }


def wilson(hits: int, of: int) -> list[float]:
    """Return the interval in which the share lies with 95 % (E. B. Wilson, 1927)."""
    if not of:
        return [0.0, 1.0]
    share, width = hits / of, _Z * _Z / of
    middle = (share + width / 2) / (1 + width)
    half = _Z / (1 + width) * sqrt(share * (1 - share) / of + width / (4 * of))
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def load_set(name: str) -> CaseSet:
    """Return one of the sets that ship with us."""
    data = tomllib.loads(package_text("tetrapylon.gateway.sets", f"{name}.toml"))
    return CaseSet(data["family"], data["direction"], tuple(_cases(data)))


def _cases(data: Mapping[str, Any]) -> Iterator[Case]:
    for label in ("bad", "good"):
        yield from (Case(filled(each), label == "bad") for each in data[label])
    for mix in data.get("mix", ()):
        frames, times, disguise = mix["frames"], mix["times"], _DISGUISES[mix.get("disguise", "none")]
        for number, value in enumerate(mix["values"]):
            for turn in range(times):
                text = disguise(filled(value))
                yield Case(frames[(number * times + turn) % len(frames)].replace("{}", text, 1), mix["label"] == "bad")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _zero_width(text: str) -> str:
    return "\u200b".join(text)


_DISGUISES: dict[str, Callable[[str], str]] = {
    "none": str,
    "base64": _base64,
    "hex": lambda text: text.encode().hex(),
    "zero-width": _zero_width,
    "full-width": lambda text: "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text),
}


def measure(guards: SystemGuards, cases: CaseSet) -> Measured:
    """Have the guards look at every case."""
    caught = alarms = missing = 0
    missed: list[str] = []
    wrong: list[str] = []
    seconds = 0.0
    for each in cases.cases:
        looks = guards.text(each.text, direction=cases.direction, data_class="internal")
        # The second time, as in a server that has run for a while: RE2 builds its automata as texts need them.
        began = time.thread_time()
        guards.text(each.text, direction=cases.direction, data_class="internal")
        seconds += time.thread_time() - began
        acted = [look for look in looks if look.verdict in _ACTS]
        if acted:
            missing += not _works(guards, each.text, looks, cases.direction)
        if each.bad:
            caught += bool(acted)
            missed += [] if acted else [each.text]
        else:
            alarms += bool(acted)
            wrong += [f"{acted[0].rule}: {each.text}"] if acted else []
    bad = sum(each.bad for each in cases.cases)
    cost = seconds / max(len(cases.cases), 1) * 1e6
    return Measured(cases, caught, bad, alarms, len(cases.cases) - bad, missing, cost, tuple(missed), tuple(wrong))


def _works(guards: SystemGuards, text: str, looks: Sequence[Look], direction: Literal["in", "out"]) -> bool:
    """Return whether what was decided has its effect: what is stopped goes nowhere, what is taken out is gone."""
    if any(each.verdict in {Verdict.HOLD, Verdict.BLOCK} for each in looks):
        return True
    again = guards.text(guards.apply(text, looks), direction=direction, data_class="internal")
    return not any(each.verdict in _ACTS for each in again)


def development_sets(folder: Path) -> Iterator[CaseSet]:
    """Yield sets of others that rules may be tuned on, from the folder `prompts` of shared data; what is missing is left out."""
    sources: tuple[tuple[str, str, Callable[[str], Iterable[Case]]], ...] = (
        ("deepset, train", "deepset-train.jsonl", lambda text: (Case(each["text"], each["label"] == 1) for each in _lines(text))),
        ("NotInject", "notinject-one.json", lambda text: (Case(each["prompt"], bad=False) for each in json.loads(text))),
        ("role prompts", "awesome-prompts.jsonl", lambda text: (Case(each["text"], bad=False) for each in _lines(text))),
    )
    for name, file, read in sources:
        path = folder / "prompts" / file
        if path.is_file():
            text = read_bytes(path, BOUNDS.json).decode("utf-8", "strict")
            yield CaseSet(name, "in", tuple(read(text)))


def _lines(text: str) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in text.split("\n") if line.strip())
