"""What a drill leaves: evidence about the playbook itself, and what all playbooks together now say of the system."""

from __future__ import annotations

from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.guidance import policy
from tetrapylon.app.incidents.state import State
from tetrapylon.app.incidents.steps import Desk
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import project_view
from tetrapylon.deploy.incidents import work
from tetrapylon.deploy.incidents.playbook import Plan
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.outside.clock import SystemClock


def file_drill(desk: Desk, plan: Plan, state: State) -> None:
    """Record how the drill went."""
    _clocks(plan, state)
    now = SystemClock().now()
    recorder = Recorder(desk.project, policy(desk.project), wiring.read_passphrase(desk.passphrase_file), now=now)
    about = (Subject(plan.playbook.id, plan.digest),)
    recorder.file([Observation("incident-drill", about, payload(state), now, now, "responder")])
    recorder.file(list(work.observe(project_view(desk.project))))


def payload(state: State) -> dict[str, Any]:
    """Return what is said of one drill."""
    destructive = [each.record for each in state.steps if each.destructive and each.record is not None]
    order = {"detected": state.alarm, "sealed": state.sealed, "destructive": min(destructive, default=None)}
    found: dict[str, Any] = {
        "scenario": state.playbook,
        "detected": state.detected_at is not None,
        "contained": state.contained_at is not None,
        "recovered": state.recovered_at is not None,
        "gapsOpen": len(state.gaps),
        "stepsFailed": state.steps_failed,
        "participants": state.participants,
        "order": {name: index for name, index in order.items() if index is not None},
        "detail": [*state.gaps, *(["it was interrupted: the times include that"] if state.interrupted else [])],
    }
    times = {"secondsToDetect": state.detected_at, "secondsToContain": state.contained_at, "secondsToRecover": state.recovered_at}
    found |= {name: state.seconds(at) for name, at in times.items() if at is not None}
    if state.sealed is not None:
        found["sealedFirst"] = all(state.sealed < each for each in destructive)
    return found


def _clocks(plan: Plan, state: State) -> None:
    """Note as gaps what took longer than the playbook allows."""
    clocks = plan.playbook.clocks
    for what, at, limit in (
        ("noticing", state.detected_at, clocks.detect),
        ("containing", state.contained_at, clocks.detect + clocks.contain),
        ("recovering", state.recovered_at, clocks.detect + clocks.contain + clocks.recover),
    ):
        took = state.seconds(at)
        if took is not None and took > limit:
            state.gaps.append(f"{what} took {took} s, more than {limit} s")
