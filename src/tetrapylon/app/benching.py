"""A benchmark run: questions to what answers in language, held-out data for what reads numbers, and the evidence about the release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tetrapylon.app.attacking import Options, open_target
from tetrapylon.app.releasing import declared, options_for
from tetrapylon.app.view import ProjectView
from tetrapylon.deploy.release.bench import Measured, nearest_centroid, of_groups, of_items, row_of, whole
from tetrapylon.deploy.release.controls import question_cases, useful
from tetrapylon.deploy.release.declared import Reads
from tetrapylon.deploy.release.engine.campaign import base_of
from tetrapylon.deploy.release.engine.job import Job
from tetrapylon.deploy.release.engine.run import Engine
from tetrapylon.deploy.release.family import Setting
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import parse_digest
from tetrapylon.kernel.errors import TetrapylonError, UsageError
from tetrapylon.outside.attempts import Attempts
from tetrapylon.outside.beside import read_beside
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import make_folder, write_atomic
from tetrapylon.outside.pacing import Pace, run_async


@dataclass(frozen=True)
class Benched:
    """What was measured, as `tetrapylon/bench/1`, and each item of it."""

    data: dict[str, Any]
    items: Mapping[str, Mapping[str, bool]]
    """Whether each item was got wrong, by model."""

    started: str = ""

    @property
    def exit(self) -> int:
        """The exit code."""
        return int(self.data["exit"])


def ask_questions(options: Options, name: str) -> Measured:
    """Ask a target every question once and return how it did.

    Raises:
        UsageError: there are no questions (`no-questions`).
    """
    if not options.questions:
        raise UsageError("there are no questions", hint="name a JSONL file with `--questions FILE`", code="no-questions")
    target = open_target(options.reach)
    setting = Setting(options.facts, options.seed, 1, options.system)
    cases = {each.id: each for each in question_cases(options.questions, setting)}
    store = Attempts(None, {}, resume=False)
    engine = Engine(
        target, options.facts, store, base_of(target.identity, options.seed), Pace(most=options.most, rate=options.rate), options.budget
    )
    engine.guarded, engine.watch = options.guarded, options.watch

    async def ask() -> None:
        try:
            await engine.run([Job("utility", each) for each in cases.values()])
        finally:
            await target.close()

    try:
        run_async(ask())
        tried = engine.read()
    finally:
        store.close()
    unanswered = [each for each in tried if each.outcome.error]
    wrong = {each.case: not useful(cases[each.case], each.outcome) for each in tried if not each.outcome.error}
    return of_items(name, "questions", wrong, len(unanswered) + len(cases) - len(tried), options.floor)


def read_held_out(view: ProjectView, reads: Reads) -> Measured:
    """Return how a model reads what its training did not see, beside the simplest model on the same rows."""
    from tetrapylon.app.readers import open_reader
    from tetrapylon.deploy.release.robustness import bounds, by_group

    opened = open_reader(view, reads)
    held, seen = opened.held, opened.seen
    right = opened.reader.read(held.rows) == held.labels
    simple = nearest_centroid(seen.rows, seen.labels, held.rows) == held.labels
    import numpy as np

    clusters = dict(zip(map(str, np.unique(held.groups)), by_group(right, held.groups), strict=True))
    baseline = {
        "name": "nearest centroid",
        "accuracy": float(simple.mean()),
        "interval": list(bounds(simple, held.groups)),
        "cases": len(simple),
    }
    return of_groups(reads.model, "held-out data", clusters, reads.floor, baseline)


def bench_system(view: ProjectView, given: Options, named: str | None, through: str | None) -> Benched:
    """Measure every declared model that has a benchmark.

    Raises:
        UsageError: none has (`no-benchmark`).
    """
    started, found = view.now(), declared(view)
    measured: list[Measured | tuple[str, str]] = []
    for talks in found.talks:
        if talks.questions and named in {None, talks.model}:
            model = next((each for each in view.facts.get("model", ()) if each["id"] == talks.model and "endpoint" in each), None)
            if model is None:
                raise UsageError(f"no hosted model is declared as `{talks.model}`", code="no-such-model")
            own = options_for(view, model, through)
            own = replace(own, seed=given.seed, budget=given.budget, rate=given.rate, watch=given.watch)
            measured.append(ask_questions(own, talks.model))
    measured += [_tried(view, each) for each in found.reads if named in {None, each.model}]
    if not measured:
        raise UsageError(
            "no model has a benchmark", hint="declare one in `release.toml`, or name `--target` and `--questions`", code="no-benchmark"
        )
    rows = [_row(view, each) for each in measured]
    return Benched(whole(rows), {each.model: each.wrong for each in measured if isinstance(each, Measured)}, started)


def _tried(view: ProjectView, reads: Reads) -> Measured | tuple[str, str]:
    try:
        return read_held_out(view, reads)
    except UsageError:
        raise
    except TetrapylonError as error:
        return reads.model, error.message


def _row(view: ProjectView, measured: Measured | tuple[str, str]) -> dict[str, Any]:
    if isinstance(measured, Measured):
        return row_of(measured, before(view, measured.model))
    name, why = measured
    empty = row_of(of_items(name, "held-out data", {}, 0, 0.0), None)
    return {**empty, "reason": why}


def _items(view: ProjectView, model: str) -> Path:
    return view.project.state("bench", f"{model}.json")


def before(view: ProjectView, model: str) -> dict[str, bool] | None:
    """Return which items the last other release got wrong."""
    data = read_beside(view.root, f".tetrapylon/bench/{model}.json", BOUNDS.json)
    try:
        kept = json.loads(data) if data else {}
        others = {name: each for name, each in kept.items() if name != view.release_digest}
        return {str(name): bool(each) for name, each in next(reversed(others.values())).items()} if others else None
    except (ValueError, AttributeError, RecursionError):
        return None


def keep_items(view: ProjectView, benched: Benched) -> None:
    """Keep which items were got wrong, for the next release; two releases are kept."""
    for model, wrong in benched.items.items():
        path = _items(view, model)
        data = read_beside(view.root, f".tetrapylon/bench/{model}.json", BOUNDS.json)
        try:
            kept = dict(json.loads(data)) if data else {}
        except (ValueError, TypeError, RecursionError):
            kept = {}
        kept.pop(view.release_digest, None)
        newest = [*kept.items()][-1:]
        make_folder(path.parent)
        write_atomic(path, json.dumps({**dict(newest), view.release_digest: dict(wrong)}).encode())


def observations(view: ProjectView, benched: Benched) -> list[Observation]:
    """Return the evidence about the release, and about each model file that a simpler one was compared with."""
    rows: Sequence[Mapping[str, Json]] = benched.data["models"]
    verdict = benched.data["verdict"]
    failed = [row["model"] for row in rows if row["verdict"] == "failed"]
    payload = {
        "result": {"passed": "PASSED", "failed": "FAILED"}.get(verdict, "WARNED"),
        "configuration": [],
        "suite": "tetrapylon-bench",
        "kind": "benchmark",
        "cases": benched.data["cases"],
        "errors": sum(row["errors"] for row in rows),
        "invalid": verdict == "invalid",
        "failedTests": failed,
        "detail": [f"`{row['model']}`: {row['reason']}" for row in sorted(rows, key=lambda row: row["verdict"] == "passed")],
        "tool": view.tool,
    }
    ended = view.now()
    found = [
        Observation("test-result", (Subject("release", parse_digest(view.release_digest)),), payload, benched.started, ended, "red-team")
    ]
    for row in rows:
        asset = next((each for each in view.assets if each.kind == "model-file" and each.id == row["model"]), None)
        if asset is not None and row["baseline"]:
            found.append(
                Observation("test-result", (Subject(asset.id, asset.digest),), _baseline(view, row), benched.started, ended, "red-team")
            )
    return found


def _baseline(view: ProjectView, row: Mapping[str, Json]) -> dict[str, Json]:
    base = row["baseline"]
    ahead = row["interval"][0] > base["interval"][1]
    said = f"{base['name']} reads {base['accuracy']:.1%} of the same rows, this model {row['accuracy']:.1%}"
    return {
        "result": "PASSED" if ahead else "WARNED",
        "configuration": [],
        "suite": "tetrapylon-baseline",
        "kind": "baseline",
        "cases": base["cases"],
        "errors": 0,
        "invalid": False,
        "detail": [said if ahead else f"{said}: the larger model is not ahead beyond chance"],
        "tool": view.tool,
    }
