"""Open and close real incidents: each event is a statement in the log, and what stands is folded from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.guidance import policy
from tetrapylon.app.incidents.drilling import desk_of
from tetrapylon.app.incidents.parts import decided
from tetrapylon.app.incidents.state import new_id
from tetrapylon.app.incidents.steps import Desk, seal_step
from tetrapylon.app.incidents.targets import candidates
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import project_view
from tetrapylon.deploy.incidents import work
from tetrapylon.deploy.incidents.article14 import clocks, draft, lacking, markdown
from tetrapylon.deploy.incidents.lessons import Incident, incidents, parse_lesson
from tetrapylon.deploy.incidents.playbook import playbook_named
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import MissingError, RefusedError, UsageError
from tetrapylon.outside.clock import SystemClock, parse_time
from tetrapylon.outside.files import read_bytes, write_atomic


def open_incident(
    directory: str | None, passphrase_file: str | None, *, playbook: str, what: str, asset: str | None, exploited: bool
) -> dict[str, Any]:
    """Record that it was opened, seal the evidence, and draft the report."""
    desk, plan = desk_of(directory, passphrase_file), playbook_named(playbook).playbook
    found = [each for each in candidates(desk.project, plan) if asset in {None, each}]
    if not found:
        raise UsageError(f"the manifest declares no {plan.target} that this could be about", code="no-target")
    name, at, track = new_id("incident", playbook), SystemClock().now(), "vulnerability" if exploited else "incident"
    _say(desk, {"id": name, "event": "opened", "at": at, "playbook": playbook, "what": what, "asset": found[0], "track": track})
    done = desk.act("seal", {**seal_step(plan).arguments, "incident": name, "asset": found[0]})
    _say(desk, {"id": name, "event": "sealed", "at": SystemClock().now(), "first": done.done, "record": done.record})
    evidence = next((each.removeprefix("bundle ") for each in done.detail if each.startswith("bundle ")), "none")
    facts = desk.project.facts["system"]
    said = {"id": name, "at": at, "what": what, "system": facts["id"], "release": facts["release"], "evidence": evidence}
    report = draft(
        track, {**said, "authority": decided(desk.project).authority, "measures": [f"evidence sealed as log record {done.record}"]}
    )
    path = desk.project.state("incidents", f"{name}.report.json")
    write_atomic(path, json.dumps(report, indent=1, ensure_ascii=False).encode() + b"\n", 0o600)
    write_atomic(path.with_suffix(".md"), markdown(report).encode(), 0o600)
    _whole(desk)
    return {
        "schema": "tetrapylon/incident/1",
        "id": name,
        "playbook": playbook,
        "sealed": done.record,
        "clocks": clocks(track, at),
        "draft": path.relative_to(desk.project.root).as_posix(),
        "lacking": lacking(report),
        "tell": plan.tell,
        "exit": 0,
    }


def close_incident(directory: str | None, passphrase_file: str | None, name: str, lesson: str, draft_path: str | None) -> dict[str, Any]:
    """Record that it was closed, with what it changed.

    Raises:
        MissingError: there is no such incident, or the lesson's file is not there.
        RefusedError: it is closed already, or its lesson existed before it (`old-lesson`).
    """
    desk = desk_of(directory, passphrase_file)
    incident = _open_one(desk, name)
    said, digest = parse_lesson(desk.project.root, lesson)
    if (desk.project.root / said.partition(":")[2]).stat().st_mtime < parse_time(incident.opened).timestamp():
        hint = "a lesson is what this incident changed: change it, then close"
        raise RefusedError(f"`{said.partition(':')[2]}` was not changed since the incident was opened", hint=hint, code="old-lesson")
    path = Path(draft_path) if draft_path else desk.project.state("incidents", f"{name}.report.json")
    data = read_bytes(path)
    try:
        report = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"`{path.name}` is not JSON", code="not-a-draft") from error
    missing = lacking(report)
    if not missing:
        _say(desk, {"id": name, "event": "reported", "at": SystemClock().now(), "report": sha256(data)})
    _say(desk, {"id": name, "event": "closed", "at": SystemClock().now(), "lesson": said, "digest": digest, "playbook": incident.playbook})
    _whole(desk)
    return {"schema": "tetrapylon/incident-closed/1", "id": name, "lesson": said, "digest": digest, "lacking": missing, "exit": 0}


def _open_one(desk: Desk, name: str) -> Incident:
    found = incidents(project_view(desk.project).evidence("incident-record")).get(name)
    if found is None:
        raise MissingError(f"the log knows no incident `{name[:80]}`", hint="run `tetrapylon deploy incident status`", code="no-incident")
    if found.closed:
        raise RefusedError(f"`{name}` was closed at {found.closed}", code="closed")
    return found


def _say(desk: Desk, event: dict[str, Any]) -> None:
    now = SystemClock().now()
    about = (Subject(str(event["id"]), sha256(canonical_json({"incident": event["id"]}))),)
    recorder = Recorder(desk.project, policy(desk.project), wiring.read_passphrase(desk.passphrase_file), now=now)
    recorder.file([Observation("incident-record", about, {"incident": event}, now, now, "responder")])


def _whole(desk: Desk) -> None:
    """Record what all incidents together now come to."""
    recorder = Recorder(desk.project, policy(desk.project), wiring.read_passphrase(desk.passphrase_file), now=SystemClock().now())
    recorder.file([each for each in work.observe(project_view(desk.project)) if each.predicate == "incident-record"])
