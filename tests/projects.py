"""Ordinary projects with labels, and what an answer of `tetrapylon check` is worth against them.

The labels were written from the projects' files alone; their form stands in `data/projects/README.md`. `FAMILIES` is the
only place that knows the names of rules.
"""

from __future__ import annotations

import io
import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "projects"
HALVES = ("dev", "held-out")

NEAR = 2
"""Lines that a finding may be away from its label: a call has a first line, an argument and an end."""

ASKS = {"critical", "high", "medium", "low"}
"""Severities that ask a user to do something; only these can be false."""

FAMILIES: dict[str, set[str]] = {
    "ci-action": {"mutable-action"},
    "dangerous-tool": {
        "approval-off",
        "code-without-sandbox",
        "dangerous-tool",
        "mcp-auto-approve",
        "mcp-wide-files",
        "tool-without-approval",
    },
    "debug": {"debug-server", "reload-server"},
    "image-digest": {"image-latest", "image-without-digest"},
    "mcp": {"mcp-auto-approve", "mcp-plain-http", "mcp-unpinned", "mcp-wide-files"},
    "missing-hash": {
        "git-dependency",
        "insecure-download",
        "missing-hashes",
        "no-lock",
        "pipe-to-shell",
        "unchecked-download",
        "unpinned-dependency",
    },
    "mutable-model": {"model-alias", "model-latest"},
    "open-cors": {"open-cors"},
    "open-server": {"demo-without-login", "exposed-server", "open-cors", "public-demo", "reload-server"},
    "output-sink": {
        "output-to-code",
        "output-to-html",
        "output-to-path",
        "output-to-shell",
        "output-to-sql",
        "output-to-template",
        "output-to-url",
        "script-output-to-code",
        "script-output-to-html",
        "script-output-to-shell",
        "script-output-to-sql",
    },
    "prompt-log": {"text-in-logs"},
    "remote-code": {"trust-remote-code", "torch-hub-branch"},
    "resize": {"exploitable-resize"},
    "root-container": {"container-as-root", "privileged-container"},
    "secret": {"plaintext-secret"},
    "tls": {"insecure-download", "mcp-plain-http", "tls-not-checked"},
    "unpinned-model": {"unpinned-model"},
    "untrusted-prompt": {"untrusted-prompt", "untrusted-system-prompt"},
    "unsafe-load": {"keras-unsafe-load", "numpy-pickle", "pickle-load", "torch-load", "yaml-load"},
}
"""Which rules report which family of the labels."""


@dataclass(frozen=True)
class Spot:
    """A file, and the lines in it; 0 is the file as a whole, and `*` is any file."""

    path: str
    first: int = 0
    last: int = 0
    cell: int = 0

    @classmethod
    def of(cls, text: str) -> Spot:
        """Read `file`, `file:line`, `file:first-last` or `notebook:cell N:line`."""
        found = re.fullmatch(r"(.*?)(?::cell (\d+))?(?::(\d+)(?:-(\d+))?)?", text)
        assert found, text
        path, cell, first, last = found.groups()
        return cls(path, int(first or 0), int(last or first or 0), int(cell or 0))

    def covers(self, other: Spot) -> bool:
        """Whether a place that was reported is this one."""
        if self.path == "*" or not self.first:
            return self.path in {"*", other.path}
        near = self.first - NEAR <= other.first <= self.last + NEAR
        return self.path == other.path and self.cell == other.cell and near


@dataclass(frozen=True)
class Part:
    """A part of an AI system that is really there."""

    kinds: tuple[str, ...]
    ids: tuple[str, ...]
    spots: tuple[Spot, ...]
    named: bool
    optional: bool

    def __str__(self) -> str:
        return f"{self.kinds[0]} `{self.ids[0] if self.ids else self.spots[0].path}`"

    def is_found_by(self, kind: str, name: str, spot: Spot) -> bool:
        """Whether what was found is this part: the kind, and the name, or the file where the part has no name of its own."""
        if kind not in self.kinds:
            return False
        return any(_same(name, each) for each in self.ids) or (not self.named and any(each.path == spot.path for each in self.spots))


def _same(one: str, other: str) -> bool:
    a, b = one.lower().removeprefix("./"), other.lower().removeprefix("./")
    return a == b or a.endswith((f"/{b}", f":{b}")) or b.endswith((f"/{a}", f":{a}"))


@dataclass(frozen=True)
class Hazard:
    """Something dangerous that has to be found, or may be."""

    families: tuple[str, ...]
    spots: tuple[Spot, ...]
    must: bool
    note: str

    def __str__(self) -> str:
        return f"{self.families[0]} at {self.spots[0].path}:{self.spots[0].first}"

    def is_found_by(self, rule: str, spot: Spot) -> bool:
        """Whether a finding is about this."""
        rules = set().union(*(FAMILIES.get(each, set()) for each in self.families))
        return rule in rules and any(each.covers(spot) for each in self.spots)


@dataclass(frozen=True)
class Project:
    """One project with its label."""

    name: str
    half: str
    folder: Path
    parts: tuple[Part, ...]
    hazards: tuple[Hazard, ...]
    nothing: bool

    @property
    def spots(self) -> list[Spot]:
        """Every place that the label names."""
        named = [each.spots for each in self.parts] + [each.spots for each in self.hazards]
        return [spot for spots in named for spot in spots if spot.path != "*"]

    @property
    def required(self) -> list[Part]:
        """The parts that count."""
        return [each for each in self.parts if not each.optional]


@dataclass(frozen=True)
class Score:
    """What an answer found of a project, what it missed, and what it said that is not so."""

    project: Project
    found: list[Part]
    missed: list[Part]
    extra: list[str] = field(default_factory=list)
    unfound: list[Hazard] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


def projects(half: str, data: Path = DATA) -> list[Project]:
    """Return the projects of one half, by name."""
    return [_project(path, half) for path in sorted((data / half).glob("*.toml"))]


def _project(label: Path, half: str) -> Project:
    raw = tomllib.loads(label.read_text("utf-8"))
    unknown = set(raw) - {"summary", "nothing", "component", "hazard"}
    assert not unknown, f"{label.name}: {unknown}"
    parts = tuple(_part(each) for each in raw.get("component", ()))
    hazards = tuple(_hazard(each) for each in raw.get("hazard", ()))
    return Project(label.stem, half, label.with_suffix(""), parts, hazards, raw.get("nothing", False))


def _part(raw: Mapping[str, Any]) -> Part:
    kinds = tuple(raw.get("kinds", [raw["kind"]]))
    ids = tuple(raw.get("ids", [raw["id"]] if "id" in raw else []))
    return Part(kinds, ids, _spots(raw["at"]), raw.get("named", True), raw.get("optional", False))


def _hazard(raw: Mapping[str, Any]) -> Hazard:
    assert raw.get("must", False) != raw.get("may", False), raw
    return Hazard(tuple(raw.get("families", [raw["family"]])), _spots(raw["at"]), raw.get("must", False), raw.get("note", ""))


def _spots(at: str | Sequence[str]) -> tuple[Spot, ...]:
    return tuple(Spot.of(each) for each in ([at] if isinstance(at, str) else at))


def score(project: Project, answer: Mapping[str, Any]) -> Score:
    """Compare the JSON of a check with the label of the project."""
    seen = [(each["kind"], each["id"], Spot.of(each["at"])) for each in answer["found"] if each["kind"] != "library"]
    found = _matched(project.required, lambda part: (n for n, each in enumerate(seen) if part.is_found_by(*each)))
    told = [(each["rule"], each["severity"], Spot.of(each["at"]), each["at"]) for each in answer["findings"]]
    return Score(
        project,
        found=found,
        missed=[each for each in project.required if each not in found],
        extra=[f"{kind} `{name}` {spot.path}" for kind, name, spot in seen if not _is_labelled(project, kind, name, spot)],
        unfound=[each for each in project.hazards if each.must and not any(each.is_found_by(rule, spot) for rule, _, spot, _ in told)],
        false=[f"{rule} {at}" for rule, severity, spot, at in told if severity in ASKS and not _is_true(project, rule, spot)],
    )


def _is_labelled(project: Project, kind: str, name: str, spot: Spot) -> bool:
    return any(each.is_found_by(kind, name, spot) for each in project.parts)


def _is_true(project: Project, rule: str, spot: Spot) -> bool:
    return any(each.is_found_by(rule, spot) for each in project.hazards)


def _matched(parts: Sequence[Part], fits: Callable[[Part], Iterable[int]]) -> list[Part]:
    """Return a largest set of parts of which each has something found that no other needs (augmenting paths)."""
    taken: dict[int, int] = {}

    def place(number: int, tried: set[int]) -> bool:
        for one in fits(parts[number]):
            if one in tried:
                continue
            tried.add(one)
            if one not in taken or place(taken[one], tried):
                taken[one] = number
                return True
        return False

    for number in range(len(parts)):
        place(number, set())
    return [parts[number] for number in sorted(taken.values())]


def interval(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a rate: exact, whatever the rate."""
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else _root(lambda rate: _at_least(hits, trials, rate) - tail)
    high = 1.0 if hits == trials else _root(lambda rate: tail - (1 - _at_least(hits + 1, trials, rate)))
    return low, high


def _at_least(hits: int, trials: int, rate: float) -> float:
    return math.fsum(math.comb(trials, n) * rate**n * (1 - rate) ** (trials - n) for n in range(hits, trials + 1))


def _root(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return low


def by_kind(scores: Iterable[Score]) -> dict[str, tuple[int, int]]:
    """Return for each kind how many parts were found, and how many there are."""
    scores = list(scores)
    there = Counter(part.kinds[0] for each in scores for part in each.project.required)
    found = Counter(part.kinds[0] for each in scores for part in each.found)
    return {kind: (found[kind], there[kind]) for kind in sorted(there)}


def recall(scores: Iterable[Score]) -> tuple[int, int]:
    """Return how many parts were found in all, and how many there are."""
    counts = by_kind(scores).values()
    return sum(hits for hits, _ in counts), sum(trials for _, trials in counts)


def table(scores: Sequence[Score]) -> Iterator[str]:
    """Yield the lines of a table: recall by kind with intervals, then the projects."""
    for kind, (hits, trials) in [*by_kind(scores).items(), ("all", recall(scores))]:
        low, high = interval(hits, trials)
        yield f"{kind:14} {hits:3} of {trials:3}   {hits / trials:6.1%}   [{low:.1%}, {high:.1%}]"
    yield f"{'project':18} found       missed hazards   false findings   not in the label"
    for each in scores:
        counted = f"{len(each.found):3} of {len(each.project.required):3}"
        musts = sum(hazard.must for hazard in each.project.hazards)
        yield f"{each.project.name:18} {counted}   {len(each.unfound):3} of {musts:3}       {len(each.false):6}   {len(each.extra):14}"


def rules() -> set[str]:
    """Return the ids of everything that a check can find."""
    from tetrapylon.app.looks import rules as known

    return set(known())


def checked(folder: Path) -> dict[str, Any]:
    """Return what `tetrapylon check --json` says about a folder."""
    from tetrapylon.cli.__main__ import main

    out, talk = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(talk):
        code = main(["check", str(folder), "--json"])
    assert code in {0, 1}, talk.getvalue()
    answer = json.loads(out.getvalue())
    assert answer["schema"] == "tetrapylon/check/1"
    return dict(answer)
