"""What `redteam` reads from its options, how it shows a run under way, and how it tells the result."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapylon.app.attacking import (
    Options,
    attack,
    budget_from,
    facts_from,
    from_environment,
    open_target,
    questions_from,
    try_once,
    twin,
)
from tetrapylon.cli.output import emit, talk
from tetrapylon.deploy.release.engine.run import Progress
from tetrapylon.deploy.release.formats import html, junit, markdown, sarif
from tetrapylon.deploy.release.result import Result
from tetrapylon.deploy.release.twin import compare
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.text import printable
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes, write_atomic
from tetrapylon.outside.target import Reach

if TYPE_CHECKING:
    from tetrapylon.app.releasing import Attacked
    from tetrapylon.app.view import ProjectView

FORMS = {"sarif": sarif.render, "junit": junit.render, "html": html.render, "markdown": markdown.render}
INTERRUPTED = 130
_EVERY = 5.0


def standalone(url: str, given: Mapping[str, Any]) -> Options:
    """Return the options of a run without a manifest.

    Raises:
        UsageError: something is missing or not of its form.
    """
    openai = not given["request"] and not url.startswith("python:")
    if openai and not given["model"]:
        raise UsageError("the model is not named", hint="name it with `--model NAME`, or say how to ask with `--request`", code="no-model")
    reach = reach_of(Reach(url, given["model"] or ""), given)
    open_target(reach)  # what is wrong with it is said before anything else happens
    return options_of(Options(reach, facts_from(given["facts"]), questions_from(given["questions"])), given)


def reach_of(reach: Reach, given: Mapping[str, Any]) -> Reach:
    """Return how the target is reached, with keys and headers from the environment."""
    headers = {}
    for each in given["header_env"]:
        name, equals, variable = each.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"`{each}` is not `HEADER=NAME`", code="bad-header")
        headers[name.strip().lower()] = from_environment(variable)
    key = from_environment(given["api_key_env"]) if given["api_key_env"] else reach.key
    return replace(
        reach, key=key, headers=headers, request=given["request"], answer=given["answer"], seconds=given["timeout"], stream=given["stream"]
    )


def options_of(options: Options, given: Mapping[str, Any]) -> Options:
    """Return the options with everything that the command line says."""
    system = read_bytes(Path(given["system_file"]), BOUNDS.manifest).decode("utf-8", "replace") if given["system_file"] else options.system
    return replace(
        options,
        seed=given["seed"],
        resume=given["resume"],
        budget=budget_from(given["budget"]),
        families=tuple(each.strip() for each in given["families"].split(",") if each.strip()),
        prompts=given["prompts"],
        tries=given["tries"],
        limit=given["limit"] or options.limit,
        smoke=given["smoke"],
        rate=given["rate"],
        guarded=given["guarded"],
        system=system,
        watch=watcher(),
    )


def watcher() -> Any:
    """Return what shows how far a run is: one line that changes on a terminal, one now and then elsewhere."""
    last = [-_EVERY]
    moving = sys.stderr.isatty()

    def watch(progress: Progress) -> None:
        left = f", {progress.left:.0f} s left" if progress.left is not None else ""
        said = f"{progress.done} of {progress.total} attempts, {progress.rate:.0f}/s{left}, {progress.hits} hits, {progress.errors} errors"
        if moving:
            sys.stderr.write(f"\r\x1b[K{said}")
            sys.stderr.flush()
        elif progress.seconds - last[0] >= _EVERY:
            last[0] = progress.seconds
            talk(said)

    return watch


def show(options: Options, given: Mapping[str, Any], *, as_json: bool) -> int:
    """Attack, tell the result and return the exit code."""
    if given["twin"]:
        return _show_twin(options, given, as_json=as_json)
    result = attack(options)
    return tell(result, given, as_json=as_json)


def tell(result: Result, given: Mapping[str, Any], *, as_json: bool, extra: Mapping[str, Json] | None = None) -> int:
    """Print the result and write the forms that were asked for."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    data = {**result.data, **(extra or {})}
    interrupted = data["stopped"] == "interrupted"
    if not write_forms(data, given):
        emit(data, lines(data), as_json=as_json)
    if interrupted:
        talk("\nhint: what was tried is kept; go on with `--resume`")
        return INTERRUPTED
    return int(data["exit"])


def write_forms(data: Mapping[str, Json], given: Mapping[str, Any]) -> bool:
    """Write each form that was asked for; return whether one went to stdout."""
    shown = False
    for name, render in FORMS.items():
        if given[name] == "-":
            sys.stdout.write(render(data))
            shown = True
        elif given[name]:
            write_atomic(Path(given[name]), render(data).encode())
    return shown


def lines(data: Mapping[str, Json]) -> list[str]:
    """Return the result for a reader."""
    head = data["told"] if data["verdict"] == "breached" else f"{data['verdict']}: {data['told']}"
    found = [head, f"  {data['caveat']}", ""]
    found += [
        f"  {row['verdict']:<16} {row['id']:<22} {row['promptsHit']:>3}/{row['prompts']:<3}  {printable(row['reason'])}"
        for row in data["families"]
    ]
    controls = data["controls"]
    counts = f"{controls['useful']} of {controls['asked']} harmless questions"
    found += [
        "",
        f"  usefulness {controls['utility']}: {counts} ({controls['floor']:.0%} is asked for)",
        f"  false alarms {controls['falseAlarms']} of {controls['benign']}; known-bad variant caught: {controls['knownBad']['caught']}",
        f"  {data['attempts']} attempts, {data['errors']} without an answer, {data['blocked']} blocked by a filter",
    ]
    found += [f"  left out: {each['id']}: {each['reason']}" for each in data["excluded"]]
    return [*found, *(["", *(f"  {each}" for each in data["reasons"])] if data["reasons"] else [])]


def show_try(options: Options, *, as_json: bool) -> int:
    """Send one harmless prompt, and show what came back and what a run would cost and could not do."""
    tried = try_once(options)
    plan = tried.plan
    unable = [(each.family.id, plan.unable(each)) for each in plan.chosen if each.included and plan.unable(each)]
    answer = tried.answer
    code = 3 if answer.error else 0
    data = {
        "schema": "tetrapylon/redteam-try/1",
        "answer": answer.text,
        "calls": [each.name for each in answer.calls],
        "error": answer.error,
        "detail": answer.detail,
        "requests": tried.requests,
        "tokens": tried.requests * (answer.tokens_in + answer.tokens_out),
        "notRun": [{"id": name, "reason": reason} for name, reason in unable],
        "exit": code,
    }
    said = [f"no answer: {answer.error} {answer.detail}".rstrip()] if answer.error else [f"answer: {printable(answer.text, 400)}"]
    said += [f"a run sends about {tried.requests} requests"]
    said += [f"  not run: {name}: {reason}" for name, reason in unable]
    emit(data, said, as_json=as_json)
    return code


def _show_twin(options: Options, given: Mapping[str, Any], *, as_json: bool) -> int:
    key = from_environment(given["twin_key_env"]) if given["twin_key_env"] else options.reach.key
    off, on = twin(options, replace(options.reach, url=given["twin"], key=key))
    compared = compare(off.data, on.data)
    whole = compared["all"]
    if not as_json:
        emit({}, twin_lines(compared), as_json=False)
        talk("")
    told = {"twin": compared, "unguarded": off.data}
    return tell(Result({**on.data, "protection": whole["protection"]}), given, as_json=as_json, extra=told)


def twin_lines(compared: Mapping[str, Json]) -> list[str]:
    """Return what a guard takes away, for a reader."""
    found = []
    for row in [*compared["families"], {"id": "all", **compared["all"]}]:
        taken = (
            "nothing to take away"
            if row["protection"] is None
            else f"{row['protection']:.0%} ({row['interval'][0]:.0%} to {row['interval'][1]:.0%})"
        )
        off, on = f"{row['hitOff']:>3}/{row['promptsOff']:<3} off", f"{row['hitOn']:>3}/{row['promptsOn']:<3} on"
        found.append(f"  {row['id']:<22} {off}  {on}  protection {taken}")
    return [*found, f"  useful answers {compared['usefulOff']:.0%} off, {compared['usefulOn']:.0%} on"]


def on_project(directory: str | None, passphrase_file: str | None, given: Mapping[str, Any], *, only_try: bool, as_json: bool) -> int:
    """Attack what a manifest declares, and leave evidence about the release."""
    from tetrapylon.app import wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.app.releasing import attack_system, guarded_observation, hosted, observations, options_for
    from tetrapylon.app.view import project_view
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    view = project_view(project, recorder.policy)
    said = options_of(Options(reach_of(Reach(""), given)), given)
    if only_try:
        models = hosted(view, given["model"])
        return max((show_try(options_for(view, each, given["through"]), as_json=as_json) for each in models), default=3)
    attacked = attack_system(view, said, given["model"], given["through"])
    interrupted = any(each.data["stopped"] == "interrupted" for each in attacked.results.values())
    # A run that somebody ended says nothing about the release; one of a single model or family says less than is asked.
    whole = not interrupted and given["model"] is None and not said.families
    twins = _twins(view, said, given, attacked) if given["twin"] and not interrupted else {}
    found = [*observations(view, attacked), *([guarded_observation(view, attacked.started, twins)] if twins else [])] if whole else []
    filed = recorder.file(found) if found else []
    _tell_system(attacked, given, [each.index for each in filed], twins, as_json=as_json)
    if not whole:
        talk("\nhint: no evidence was left: the run did not cover the whole system")
    return INTERRUPTED if interrupted else attacked.exit


def _twins(view: ProjectView, said: Options, given: Mapping[str, Any], attacked: Attacked) -> dict[str, Json]:
    """Attack again through the front door, and return what that took away, by model."""
    from tetrapylon.app.releasing import attack_guarded

    key = from_environment(given["twin_key_env"]) if given["twin_key_env"] else said.reach.key
    guarded = attack_guarded(view, replace(said, reach=replace(said.reach, key=key)), given["model"], given["twin"])
    return {name: compare(attacked.results[name].data, each.data) for name, each in guarded.items()}


def _tell_system(
    attacked: Attacked, given: Mapping[str, Any], records: list[int | None], twins: Mapping[str, Json], *, as_json: bool
) -> None:
    """Print the first model's result with everything else beside it."""
    results = [each.data for each in attacked.results.values()]
    first = results[0] if results else {"schema": "tetrapylon/redteam/1", "families": [], "controls": {}, "verdict": "not-run", "exit": 3}
    data = {
        **first,
        "also": results[1:],
        "robustness": list(attacked.robustness),
        "threatsUncovered": list(attacked.uncovered),
        "limits": list(attacked.limits),
        "evidence": records,
        **({"twins": twins} if twins else {}),
        "exit": attacked.exit,
    }
    if results and write_forms(data, given):
        return
    text = [line for name, each in attacked.results.items() for line in [f"{name}", *lines(each.data), ""]]
    text += [f"  {row['verdict']:<16} {row['model']} {row['attack']:<10} {row['reason']}" for row in attacked.robustness]
    text += [f"  not tried: {each}" for each in attacked.uncovered]
    text += [line for name, each in twins.items() for line in ("", f"{name}, without and with the guards", *twin_lines(each))]
    emit(data, [*text, f"  {len(records)} statements left"], as_json=as_json)
