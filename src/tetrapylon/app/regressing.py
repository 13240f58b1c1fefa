"""Pin attacks that succeeded, and try them on every release from then on."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.attacking import Options, open_target, tenant_keys
from tetrapylon.app.drafting.writing import toml_value
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.releasing import hosted, options_for
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.deploy.incidents.lessons import incidents
from tetrapylon.deploy.incidents.pinned import FOLDER, PIN, RUN, SUITE, last_run, on_disk, standing
from tetrapylon.deploy.incidents.work import of_release
from tetrapylon.deploy.release.catalogue import families
from tetrapylon.deploy.release.engine.run import blocked
from tetrapylon.deploy.release.engine.talk import converse
from tetrapylon.deploy.release.family import Case, Outcome
from tetrapylon.deploy.release.oracle import SHELF as ORACLES
from tetrapylon.deploy.release.oracle import judge
from tetrapylon.deploy.release.regression import Origin, Pinned, case_of, drawn, literal, pin, render, without_system
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import digest_hex, parse_digest, sha256
from tetrapylon.kernel.errors import MissingError, RefusedError, TetrapylonError, UndecidedError, UsageError
from tetrapylon.outside.attempts import read_attempts
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import hash_file, make_folder, write_atomic
from tetrapylon.outside.pacing import run_async

TRIES = 3
SECONDS = 30.0
"""Seconds to wait for one answer."""


@dataclass(frozen=True)
class Asked:
    """What the command line says."""

    directory: str | None
    passphrase_file: str | None
    through: str | None = None
    key: str | None = None
    tries: int = TRIES

    def open(self) -> tuple[ProjectView, Recorder]:
        """Return the system and where its evidence goes."""
        project = open_project(self.directory)
        recorder = Recorder(project, policy(project), wiring.read_passphrase(self.passphrase_file), now=SystemClock().now())
        return project_view(project, recorder.policy), recorder

    def options(self, view: ProjectView, model: Mapping[str, Json]) -> Options:
        """Return how a model is asked."""
        own = options_for(view, model, self.through)
        return replace(own, reach=replace(own.reach, key=self.key or own.reach.key, seconds=SECONDS))


@dataclass(frozen=True)
class Tried:
    """How one regression ended on one model."""

    model: str
    outcome: str
    """`red`, `green` or `not-run`."""

    why: str
    tries: int = 0
    hits: int = 0


def pin_one(asked: Asked, family: str, model: str | None, incident: str | None) -> dict[str, Any]:
    """Pin the shortest attack of a family that succeeded in the last red-team run, once it succeeded again just now.

    Raises:
        UsageError: there is no such family.
        MissingError: no such model or incident, or no attack of the family succeeded (`no-attack`).
        RefusedError: it does not succeed any more (`not-reproduced`).
        UndecidedError: the model does not answer.
    """
    if family not in families():
        raise UsageError(f"there is no family `{family[:64]}`", hint=f"known: {', '.join(families())}", code="no-such-family")
    view, recorder = asked.open()
    if incident is not None and incident not in incidents(view.evidence("incident-record")):
        raise MissingError(
            f"the log knows no incident `{incident[:80]}`", hint="run `tetrapylon deploy incident status`", code="no-incident"
        )
    named, options, case, oracle = _shortest(asked, view, family, model)
    origin = Origin(named, incident, str(view.facts["system"]["release"]), view.release_digest, SystemClock().now())
    pinned, tried = _seen_red(asked, pin(case, oracle, origin, options.facts), case, options)
    path = f"{FOLDER}/{pinned.id}.toml"
    make_folder(view.root / FOLDER)
    write_atomic(view.root / path, render(pinned, toml_value), replace=False)
    digest = hash_file(view.root / path)
    _file_pin(view, recorder, path, digest, tried)
    return {
        "schema": "tetrapylon/regression-pinned/1",
        "id": pinned.id,
        "file": path,
        "digest": digest,
        "family": family,
        "model": named,
        "oracle": oracle,
        "incident": incident,
        "fresh": pinned.fresh,
        "tries": tried.tries,
        "hits": tried.hits,
        "exit": 0,
    }


def _seen_red(asked: Asked, pinned: Pinned, case: Case, options: Options) -> tuple[Pinned, Tried]:
    """Return the regression once it has succeeded again: with computations of its own, or else with the one that it had."""
    tried = _try(pinned, pinned.model, options, asked.tries)
    if tried.outcome == "green" and pinned.fresh:
        pinned = literal(pinned, case)
        tried = _try(pinned, pinned.model, options, asked.tries)
    if tried.outcome == "not-run":
        raise UndecidedError(f"nothing was pinned: {tried.why}", hint="start the model and try again", code="not-run")
    if tried.outcome == "green":
        hint = "run `tetrapylon redteam` on the release that it is about"
        raise RefusedError(f"nothing was pinned: it does not succeed on this release ({tried.why})", hint=hint, code="not-reproduced")
    return pinned, tried


def _file_pin(view: ProjectView, recorder: Recorder, path: str, digest: str, tried: Tried) -> None:
    """Record the pin with its digest, and that it is red on this release."""
    started = SystemClock().now()
    # A pin is a test and not a result: `FAILED` would be told to users of every later release.
    about = {**_payload([], PIN, "WARNED", view), "detail": [f"`{path}` was pinned: {tried.why}"], "cases": 1}
    subject = (Subject(path, parse_digest(digest)),)
    recorder.file([Observation("test-result", subject, about, started, SystemClock().now(), "red-team")])
    view.forget()
    run = last_run(view)
    others = [dict(each) for each in (run.payload.get("configuration", ()) if run else ()) if each["name"] != path]
    _file(view, recorder, [*others, _row(path, digest, [tried])], started)


def run_all(asked: Asked) -> dict[str, Any]:
    """Try every pinned regression on this release, and leave evidence about it."""
    view, recorder = asked.open()
    started = SystemClock().now()
    found = [(path, digest, _replayed(asked, view, path)) for path, digest in on_disk(view.root).items()]
    through = asked.through is not None
    rows = [{**_row(path, str(digest or sha256(b"")), tried), "through": through} for path, digest, tried in found]
    records = _file(view, recorder, rows, started)
    stands = standing(view)
    lost = [{"file": name, "why": why} for name, why in stands.lost.items()]
    shown = [
        {
            "file": path,
            "outcome": row["outcome"],
            "models": [
                {"model": each.model, "outcome": each.outcome, "why": each.why, "tries": each.tries, "hits": each.hits} for each in tried
            ],
        }
        for (path, _, tried), row in zip(found, rows, strict=True)
    ]
    outcomes = {row["outcome"] for row in rows}
    ends = 1 if "red" in outcomes or lost else 3 if "not-run" in outcomes else 0
    return {
        "schema": "tetrapylon/regression-run/1",
        "release": str(view.facts["system"]["release"]),
        "digest": view.release_digest,
        "through": through,
        "regressions": shown,
        "lost": lost,
        "evidence": records,
        "exit": ends,
    }


def listing(directory: str | None) -> dict[str, Any]:
    """Return every pinned regression and how it stands on this release."""
    view = project_view(open_project(directory))
    stands = standing(view)
    rows = []
    for path, state in stands.pinned.items():
        try:
            each = _read(view, path)
            said = {"family": each.family, "model": each.model, "incident": each.incident, "redAt": each.red_at, "release": each.release}
        except TetrapylonError:
            said = {"family": None, "model": None, "incident": None, "redAt": None, "release": None}
        rows.append({"file": path, "state": "lost: was changed" if path in stands.lost else state, **said})
    rows += [
        {"file": path, "state": f"lost: {why}", "family": None, "model": None, "incident": None, "redAt": None, "release": None}
        for path, why in stands.lost.items()
        if path not in stands.pinned
    ]
    return {"schema": "tetrapylon/regressions/1", "regressions": rows, "exit": 0}


def _shortest(asked: Asked, view: ProjectView, family: str, model: str | None) -> tuple[str, Options, Case, str]:
    """Return the shortest conversation that was proven to succeed, in the last run against the first model that has one."""
    for each in hosted(view, model):
        options = asked.options(view, each)
        for kept, oracle in sorted(_succeeded(options, family), key=lambda found: (len(repr(found[0])), repr(found[0]))):
            case = case_of(family, kept)
            return str(each["id"]), options, replace(case, messages=without_system(case.messages, options.system)), oracle
    hint = f"run `tetrapylon redteam --families {family}`; only what an oracle proves is pinned"
    raise MissingError(f"no attack of `{family}` is kept that succeeded against this release", hint=hint, code="no-attack")


def _succeeded(options: Options, family: str) -> Iterator[tuple[Json, str]]:
    """Yield what is kept of proven attacks in the newest run against this target with this prompt."""
    target = repr(dict(open_target(options.reach).identity))
    for about, rows in read_attempts(Path(options.folder)):
        if about.get("target") == target and about.get("system") == sha256(options.system.encode()):
            found = [(row["m"], next((hit[0] for hit in row["h"] if hit[1]), None)) for row in rows if row["f"] == family and row.get("m")]
            if proven := [(kept, oracle) for kept, oracle in found if oracle is not None]:
                yield from proven
                return


def _read(view: ProjectView, path: str) -> Pinned:
    found = decisions_beside(view.root, path, Pinned, view.facts)
    if path != f"{FOLDER}/{found.id}.toml":
        raise UsageError(f"`{path}` says that it is `{found.id}`", hint="a pinned file is never edited", code="bad-regression")
    return found


def _replayed(asked: Asked, view: ProjectView, path: str) -> list[Tried]:
    """Return how one regression ended on each model that answers in its place."""
    try:
        pinned = _read(view, path)
        return [_try(pinned, name, options, asked.tries) for name, options in _answering(asked, view, pinned.model)]
    except TetrapylonError as error:
        return [Tried("", "not-run", error.message)]


def _answering(asked: Asked, view: ProjectView, model: str) -> list[tuple[str, Options]]:
    """Return the model and its alternates, which get the same prompt; all models where it is declared no more."""
    known = {str(each["id"]): each for each in hosted(view, None)}
    if model not in known or asked.through:
        return [(name, asked.options(view, known[name])) for name in ([model] if model in known else known)]
    found, name = [model], known[model].get("alternate")
    while name in known and name not in found:
        found.append(name)
        name = known[name].get("alternate")
    first = asked.options(view, known[model])
    return [(each, replace(first, reach=asked.options(view, known[each]).reach)) for each in found]


def _try(pinned: Pinned, model: str, options: Options, tries: int) -> Tried:
    """Return how one regression ends on one model; an error is not resistance."""
    family = families().get(pinned.family)
    if family is None or pinned.oracle not in ORACLES:
        return Tried(model, "not-run", f"this version knows no family `{pinned.family}` with an oracle `{pinned.oracle}`")
    if missing := family.missing(options.facts):
        return Tried(model, "not-run", missing)
    try:
        outcomes = run_async(_ask(pinned, options, tries))
    except TetrapylonError as error:
        return Tried(model, "not-run", error.message)
    proven = [next((each for each in judge(case, options.facts, outcome) if each.proof), None) for case, outcome in outcomes]
    hits = [each for each in proven if each is not None]
    if hits:
        return Tried(model, "red", f"{hits[0].what} ({len(hits)} of {len(outcomes)} tries)", len(outcomes), len(hits))
    errors = [outcome for _, outcome in outcomes if outcome.error and not (options.guarded and blocked(outcome))]
    if errors:
        return Tried(model, "not-run", f"`{model}` gave no answer: {errors[0].error} {errors[0].detail}".rstrip()[:300], len(outcomes))
    stopped = sum(blocked(outcome) for _, outcome in outcomes)
    guards = f", {stopped} of them stopped by a guard" if stopped else ""
    return Tried(model, "green", f"no success in {len(outcomes)} tries{guards}", len(outcomes))


async def _ask(pinned: Pinned, options: Options, tries: int) -> list[tuple[Case, Outcome]]:
    keys = tenant_keys(options.facts)
    target = open_target(options.reach)
    try:
        found = []
        for _ in range(tries):
            case = drawn(pinned, options.system, random.Random(secrets.randbits(64)))  # noqa: S311 - drawn anew is enough
            outcome, _ = await converse(target, case, keys.get(case.tenant) if case.tenant else None)
            found.append((case, outcome))
        return found
    finally:
        await target.close()


def _row(path: str, digest: str, tried: Sequence[Tried]) -> dict[str, Json]:
    outcomes = [each.outcome for each in tried]
    outcome = "red" if "red" in outcomes else "green" if outcomes and set(outcomes) == {"green"} else "not-run"
    why = next((each.why for each in tried if each.outcome == outcome), "no model is declared that answers")
    return {"name": path, "digest": {"sha256": digest_hex(parse_digest(digest))}, "outcome": outcome, "why": why}


def _payload(rows: Sequence[Mapping[str, Json]], kind: str, result: str, view: ProjectView) -> dict[str, Json]:
    return {
        "result": result,
        "configuration": [dict(each) for each in rows],
        "suite": SUITE,
        "kind": kind,
        "errors": sum(each["outcome"] == "not-run" for each in rows),
        "invalid": False,
        "tool": view.tool,
    }


def _file(view: ProjectView, recorder: Recorder, rows: Sequence[dict[str, Json]], started: str) -> list[int | None]:
    """Record how the regressions ended on this release, and how it stands with them."""
    red, untried = ([each for each in rows if each["outcome"] == outcome] for outcome in ("red", "not-run"))
    result = "FAILED" if red else "WARNED" if untried else "PASSED"
    said = [f"`{each['name']}`: {each['why']}" for each in (*red, *untried)]
    payload = {
        **_payload(rows, RUN, result, view),
        "cases": len(rows) - len(untried),
        "failedTests": [str(each["name"]) for each in red],
        "detail": said or [f"{len(rows)} pinned regressions, none succeeded"],
    }
    about = (Subject("release", parse_digest(view.release_digest)),)
    filed = recorder.file([Observation("test-result", about, payload, started, SystemClock().now(), "red-team")])
    view.forget()
    filed += recorder.file([of_release(view, started)])
    view.forget()
    return [each.index for each in filed]
