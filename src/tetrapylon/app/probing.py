"""`deploy access probe`: ask the running gateway for everything as those who may not, and leave what it answered as evidence."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.access import key_file
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.app.recording import Recorder
from tetrapylon.app.serving import Serving
from tetrapylon.app.terms import terms_of
from tetrapylon.app.view import project_view
from tetrapylon.deploy.access.judging import Tried, compared, counts, judge
from tetrapylon.deploy.access.keys import kind_of
from tetrapylon.deploy.access.probe import Target, Try, answerable, principals, with_key
from tetrapylon.deploy.access.targets import infer_target, plain_targets
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import Exit, MissingError, UndecidedError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.asking import Answer, Asked, ask, own_addresses, place_of
from tetrapylon.outside.clock import SystemClock, format_time, parse_time
from tetrapylon.outside.files import make_folder, read_bytes, remove, write_atomic
from tetrapylon.system.caller import PROBING

LIFE = 60
"""Seconds that a probe's key is good for: what is left behind by a probe that was killed ends by itself."""

ENDING = 3
"""Seconds that a key is good for that is to end meanwhile."""

OLD = 30
"""Seconds after which a probe takes a new key: a slow machine must not end them under its hands."""

KNOWN_AFTER = 0.25
"""Seconds after which a gateway that looks ten times a second must know of a change."""

_HELD = "hold-probe-"
"""What the ids of held outputs of ours begin with."""

RATE = 500
"""Requests with one key, where the manifest says nothing; a gateway of ours lets 600 through in a minute."""

MOST_SAID = 40


@dataclass(frozen=True)
class Probed:
    """What a run of all probes found."""

    url: str
    rows: tuple[Tried, ...]
    record: int | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """How many ended how."""
        return counts(self.rows)

    @property
    def exit(self) -> int:
        """1 where somebody was let in, 3 where something could not be decided."""
        found = self.counts
        return int(Exit.REFUSED if found["wrong"] else Exit.UNDECIDED if found["undecided"] or not found["probes"] else Exit.GOOD)

    def sentences(self) -> list[str]:
        """Return what is to be said: who was let in, what could not be decided, which upstreams are open here."""
        said = {"let in": "was let in", "undecided": "could not be decided", "open here": "is reached by processes of this machine"}
        order = list(said)
        rows = sorted((each for each in self.rows if each.outcome in said), key=lambda each: order.index(each.outcome))
        return [f"{each.what}: {said[each.outcome]} ({each.status or 'no answer'})" for each in rows]

    def as_json(self) -> dict[str, Any]:
        """Return this as `tetrapylon/access-probe/1`."""
        rows = [each.as_json() for each in self.rows]
        return {
            "schema": "tetrapylon/access-probe/1",
            "url": self.url,
            **self.counts,
            "tries": rows,
            "record": self.record,
            "exit": self.exit,
        }

    def lines(self) -> Iterator[str]:
        """Yield this for a reader."""
        found, parts = self.counts, sorted({each.probe for each in self.rows})
        for part in parts:
            mine = counts([each for each in self.rows if each.probe == part])
            yield f"  {part:<16} {mine['probes']:>4} tried, {mine['wrong']} let in, {mine['undecided']} undecided"
        yield f"{found['probes']} requests that must be refused: {found['wrong']} let in, {found['undecided']} could not be decided"
        yield from self.sentences()[:MOST_SAID]

    def payload(self) -> dict[str, Json]:
        """Return this as evidence states it; where something stayed undecided and nobody was let in, nothing is known."""
        found = self.counts
        decided = bool(found["wrong"]) or not (found["undecided"] or not found["probes"])
        answers = {"probes": found["probes"], "wrong": found["wrong"]} if decided else {}
        detail = self.sentences()[:MOST_SAID] or ["everybody who may not was refused"]
        return {"event": "endpoints", **answers, "bypasses": found["bypasses"], "detail": detail}


@dataclass
class OnStage:
    """What probes work with: a gateway that runs, and short-lived keys in its file of keys."""

    project: Project
    url: str
    operators: frozenset[str]
    terms: str
    targets: list[Target] = field(default_factory=list)
    addresses: list[str] = field(default_factory=own_addresses)
    _made: dict[tuple[str, str, bool], tuple[str, float]] = field(default_factory=dict)
    _asked: dict[tuple[str, str, bool], int] = field(default_factory=dict)
    _ends: float = 0.0
    _changed: float = 0.0
    """When the file of keys was last changed."""

    @property
    def facts(self) -> Mapping[str, Json]:
        """The manifest as plain JSON."""
        return self.project.facts

    def prepare(self) -> None:
        """Make the keys that most probes need, all at once: a gateway takes a moment to know of them."""
        for principal, _ in principals(self.facts):
            self.key(principal)
        for caller in {each.caller for each in self.targets if each.caller is not None}:
            self.key(caller, terms=False)

    def key(self, principal: str, tenant: str = "", *, terms: bool = True) -> str:
        """Return a key that is good for a minute and one request more; the same one until it is old, used up or revoked."""
        wanted = (principal, tenant, terms)
        self._asked[wanted] = self._asked.get(wanted, 0) + 1
        token, made = self._made.get(wanted, ("", 0.0))
        if not token or self._asked[wanted] > self._rate(principal) or monotonic() - made > OLD:
            token = self._make(principal, tenant, LIFE, terms=terms)
            self._made[wanted], self._asked[wanted] = (token, monotonic()), 1
        return token

    def _rate(self, principal: str) -> int:
        """Return how many requests a key of this principal may send in a minute: a refusal for too many is none of access."""
        found = [each for table in ("group", "service") for each in self.facts.get(table, ()) if each["id"] == principal]
        return max(1, int(found[0].get("requests-per-minute", RATE)) if found else RATE)

    def _make(self, principal: str, tenant: str, seconds: int, *, terms: bool = True) -> str:
        ends = format_time(parse_time(SystemClock().now()) + timedelta(seconds=seconds))
        kind = kind_of(self.facts, principal)
        name = f"{PROBING}-{tenant}" if tenant else PROBING
        token = key_file(self.project).create(principal, kind, name, ends, self.terms if terms else None)[1]
        self._changed = monotonic()
        return token

    def revoke(self, key: str) -> None:
        """Revoke a key; the next request waits until the gateway must know."""
        key_file(self.project).revoke(key.split("-")[1])
        self._made = {wanted: each for wanted, each in self._made.items() if each[0] != key}
        self._changed = monotonic()

    def ending(self, principal: str) -> str:
        """Return a key that is about to end."""
        self._ends = monotonic() + ENDING + 0.1
        return self._make(principal, "", ENDING)

    def wait_for_end(self) -> None:
        """Wait until every key that was about to end has ended."""
        sleep(max(0.0, self._ends - monotonic()))

    def held(self, principal: str, tenant: str) -> str:
        """Put an output on hold for a caller, in the form in which the gateway keeps them, and return its id."""
        name, output = f"{_HELD}{secrets.token_hex(8)}", {"text": "a probe of access; nothing waits here"}
        about = {"tenant": f"{PROBING}-{tenant}", "principal": principal, "model": "", "tool": "", "why": "a probe of access"}
        held = {"schema": "tetrapylon/hold/1", "id": name, "kind": "text", "at": SystemClock().now(), **about, "output": output}
        folder = self.project.state("holds")
        make_folder(folder, 0o700)
        write_atomic(folder / f"{name}.json", canonical_json({**held, "outputDigest": sha256(canonical_json(output))}), 0o600)
        return name

    def send(self, tried: Try) -> Answer | None:
        """Send one request; None where nobody answers."""
        target = tried.target
        sleep(max(0.0, self._changed + KNOWN_AFTER - monotonic()))
        content = {} if target.body is None else {"content-type": "application/json"}
        origin = tried.upstream or self.url
        try:
            return ask(origin, Asked(target.method, target.path, {**content, **tried.headers}, target.body))
        except UndecidedError:
            return None

    def leave(self) -> None:
        """Revoke every key that was made here, and take away what was held; also what a probe left that was killed."""
        keys = key_file(self.project)
        for each in keys.every():
            if each.tenant.startswith(PROBING) and each.revoked is None:
                keys.revoke(each.id)
        keys.drop(PROBING)
        for path in self.project.state("holds").glob(f"{_HELD}*.json"):
            remove(path)


def probe(project: Project, url: str | None, passphrase_file: str | None) -> Probed:
    """Run every probe against the running gateway and record what came of it.

    Raises:
        MissingError: no gateway is known to run (`not-running`).
        UndecidedError: nobody answers there (`no-answer`).
    """
    view, started = project_view(project), SystemClock().now()
    url = (url or _running(project)).rstrip("/")
    place_of(url)
    ask(url, Asked("GET", "/healthz"))
    prepare_state(project)
    stage = OnStage(project, url, Serving(project, None).operators, str(terms_of(project).digest))
    try:
        rows = tuple(_rows(stage))
    finally:
        stage.leave()
    found = Probed(url, rows)
    about = tuple(Subject(each.id, each.digest) for each in view.assets if each.kind == "manifest")
    recorder = Recorder(project, policy(project, "core"), wiring.read_passphrase(passphrase_file), now=started)
    payload = {**found.payload(), "tool": view.tool}
    filed = recorder.file([Observation("access-probe", about, payload, started, SystemClock().now(), "scanner")])
    return Probed(url, rows, filed[0].index)


def _rows(stage: OnStage) -> Iterator[Tried]:
    """Yield what became of every request, once the right callers are seen to be answered to the end."""
    stage.targets = list(plain_targets(stage.facts, stage.operators, stage.terms))
    stage.prepare()
    stage.targets += _inferences(stage)
    found = [
        judge(name, tried, stage.send(tried))
        for name, part in Shelf("tetrapylon.deploy.access.probes").items()
        for tried in part.tries(stage)
    ]
    last = [Try(target.route, "", target, with_key(stage.key(caller)), control=True) for target, caller in answerable(stage)][:1]
    alive = bool(last) and all(judge("", each, stage.send(each)).outcome == "answered" for each in last)
    yield from compared(found, alive=alive)


def _inferences(stage: OnStage) -> Iterator[Target]:
    """Yield a request for an inference of each model, in the form that the model says it takes."""
    for each in [each for each in stage.targets if each.route == f"models:{each.model}"]:
        answer = stage.send(Try(each.route, "", each, with_key(stage.key(each.caller)) if each.caller else {}))
        yield infer_target(stage.facts, each.model, answer.body if answer is not None else None)


def _running(project: Project) -> str:
    """Return the address of the gateway that runs for this project."""
    hint = "start it with `tetrapylon serve`, or name its address with `--url`"
    try:
        said = json.loads(read_bytes(project.state("gateway.json")))
    except (MissingError, ValueError) as error:
        raise MissingError("no gateway of this system is known to run", hint=hint, code="not-running") from error
    if not isinstance(said, dict) or said.get("running") is not True:
        raise MissingError("the gateway of this system has stopped", hint=hint, code="not-running")
    return str(said.get("url"))
