"""`operate monitor`: learn what is normal for a release, look at a window of time, drill the detectors, say how things stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import Exit, IntegrityError, MissingError, UndecidedError, UsageError
from tetrapylon.operate.monitor.baseline import Baseline, learn, read_baseline
from tetrapylon.operate.monitor.drill import drill
from tetrapylon.operate.monitor.event import Event, read_event
from tetrapylon.operate.monitor.watch import EVENTS
from tetrapylon.operate.monitor.watching import Alarm, Watcher
from tetrapylon.outside.clock import SystemClock, format_time, parse_time
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic
from tetrapylon.outside.lines import read_lines

BASELINE = "baseline.json"
LEARNT_FROM = "baseline-events.jsonl"
SILENT_AFTER = 3600
"""Seconds without an event after which a window counts as silent."""

MOST_SHOWN = 20


@dataclass(frozen=True)
class Watched:
    """What one of the commands found."""

    event: str
    payload: Mapping[str, Json]
    alarms: tuple[Alarm, ...] = ()
    record: int | None = None
    lines: tuple[str, ...] = field(default=())

    @property
    def exit(self) -> int:
        """1 where there are alarms or a drill missed something, 3 where it was silent or nothing is bound to the release."""
        if self.payload["alarms"] or False in (self.payload.get("stepDetected"), self.payload.get("driftDetected")):
            return int(Exit.REFUSED)
        return int(Exit.UNDECIDED if self.payload["silent"] or not self.payload["baselineBound"] else Exit.GOOD)

    def as_json(self) -> dict[str, Any]:
        """Return this as `tetrapylon/monitor/1`."""
        alarms = [
            {"key": each.key, "metric": each.metric, "time": each.time, "before": each.before, "after": each.after}
            | {"cause": each.cause, "why": each.why}
            for each in self.alarms
        ]
        data = {name: value for name, value in self.payload.items() if name not in {"event", "alarms", "tool"}}
        return {"schema": "tetrapylon/monitor/1", "event": self.event, **data, "alarms": alarms, "record": self.record, "exit": self.exit}


@dataclass
class Monitor:
    """The commands over one project."""

    project: Project
    passphrase_file: str | None = None

    def __post_init__(self) -> None:
        self.view: ProjectView = project_view(self.project)
        self.folder = self.project.state("monitor")

    def baseline(self, source: str | None) -> Watched:
        """Learn what is normal from events, and bind it to the release by signed evidence."""
        events = list(self._events(source))
        if not events:
            raise UndecidedError("there are no events to learn from", hint="give a log with `--from FILE`", code="no-events")
        found = learn(events, self.view.release_digest, self._assets())
        prepare_state(self.project)
        make_folder(self.folder, 0o700)
        write_atomic(self.folder / BASELINE, found.to_bytes(), mode=0o600)
        write_atomic(self.folder / LEARNT_FROM, b"".join(_line(each) for each in events), mode=0o600)
        said = [f"{found.observations} observations of {len(found.normal)} models and tenants are the baseline of this release"]
        return self._leave("baseline", found, {"observations": found.observations}, said)

    def window(self, source: str | None, silent_after: int = SILENT_AFTER) -> Watched:
        """Compare a window of events with the baseline."""
        started, base = SystemClock().now(), self._known()
        events = [each for each in self._events(source) if each.time > base.last or source is not None]
        watcher = Watcher(base, self._changed(base), tampered=self._tampered())
        alarms = [alarm for each in events for alarm in watcher.add(each)]
        last = max((each.time for each in events), default="")
        oldest = format_time(parse_time(started) - timedelta(seconds=silent_after))
        silent = not events or last < oldest
        said = [
            f"{each.metric} of {each.key}: {each.before:g} became {each.after:g} ({each.cause}: {each.why})" for each in alarms[:MOST_SHOWN]
        ]
        said += [f"silent: no event since {last or 'the baseline'}"] if silent else []
        return self._leave("window", base, {"observations": len(events), "alarms": len(alarms), "silent": silent}, said, tuple(alarms))

    def drill(self) -> Watched:
        """Replay the baseline's events with changes injected."""
        base = self._known()
        found = drill(list(self._events(str(self.folder / LEARNT_FROM))), base)
        measured = {
            "observations": found.quiet,
            "alarms": found.false_alarms,
            "stepDetected": found.steps_seen == found.steps,
            "driftDetected": found.drifts_seen == found.drifts,
            "intrusionDetected": found.attacks_seen == found.attacks,
            "confusion": found.confusion,
        }
        return self._leave("drill", base, measured, found.sentences())

    def status(self) -> dict[str, Any]:
        """Return how things stand, measuring nothing."""
        known = self.view.evidence("monitor-window")
        last = {each.payload["event"]: each.observed_to for each in known}
        try:
            base: Baseline | None = self._known()
        except (MissingError, IntegrityError) as error:
            return {
                "schema": "tetrapylon/monitor-status/1",
                "baseline": None,
                "bound": False,
                "why": error.message,
                "last": last,
                "exit": 3,
            }
        bound = base is not None and base.release == self.view.release_digest
        why = "" if bound else "the baseline is about another release"
        count = base.observations if base else 0
        return {
            "schema": "tetrapylon/monitor-status/1",
            "baseline": count,
            "bound": bound,
            "why": why,
            "last": last,
            "exit": 0 if bound else 3,
        }

    def _events(self, source: str | None) -> Iterator[Event]:
        path = Path(source) if source is not None else self.folder / EVENTS
        for number, line in enumerate(read_lines(path), 1):
            try:
                yield read_event(json.loads(line))
            except (ValueError, RecursionError, UsageError) as error:
                raise UsageError(f"line {number} of `{path.name}` is not an event", code="bad-event") from error

    def _known(self) -> Baseline:
        """Return the baseline, if it is the one that was signed."""
        path = self.folder / BASELINE
        try:
            data = read_bytes(path)
        except MissingError as error:
            raise MissingError(
                "there is no baseline yet", hint="run `tetrapylon operate monitor baseline --from FILE`", code="no-baseline"
            ) from error
        signed = [each.payload.get("baseline") for each in self.view.evidence("monitor-window") if each.payload["event"] == "baseline"]
        if not signed or signed[-1] != str(sha256(data)):
            raise IntegrityError("the baseline is not the one that was signed", hint="learn it again", code="baseline-changed")
        return read_baseline(json.loads(data))

    def _assets(self) -> dict[str, str]:
        return {f"{each.kind}:{each.id}": str(each.digest) for each in self.view.assets}

    def _changed(self, base: Baseline) -> tuple[str, ...]:
        now = self._assets()
        return tuple(sorted(each for each in {*now, *base.assets} if now.get(each) != base.assets.get(each)))

    def _tampered(self) -> bool:
        """Whether a model, dataset or prompt is not what this release was recorded with."""
        return any(self.view.known.get(name, digest) != digest for name, digest in self._assets().items())

    def _leave(self, event: str, base: Baseline, seen: dict[str, Json], said: list[str], alarms: tuple[Alarm, ...] = ()) -> Watched:
        now = SystemClock().now()
        bound = base.release == self.view.release_digest
        if not bound:
            said = ["the baseline is about another release", *said]
        digest = str(sha256(base.to_bytes()))
        head = {"event": event, "baselineBound": bound, "baseline": digest, "alarms": 0, "silent": False}
        payload = {**head, **seen, "detail": said, "tool": self.view.tool}
        recorder = Recorder(self.project, policy(self.project, "core"), wiring.read_passphrase(self.passphrase_file), now=now)
        subject = (Subject("release", Digest(self.view.release_digest)),)
        filed = recorder.file([Observation("monitor-window", subject, payload, now, SystemClock().now(), "operator")])
        return Watched(event, payload, alarms, filed[0].index, tuple(said))


def _line(event: Event) -> bytes:
    value = {"time": event.time, "tenant": event.tenant, "principal": event.principal, "model": event.model, "status": event.status}
    value |= {"seconds": event.seconds, "tokensIn": event.tokens_in, "tokensOut": event.tokens_out, "verdict": event.verdict}
    return json.dumps({**value, "tool": event.tool, "ood": event.ood}).encode() + b"\n"
