"""Publish, take and drill updates: the channel of a system, and installations of it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapylon.app import wiring
from tetrapylon.app.project import Project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import project_view
from tetrapylon.deploy.release.limits import known_limits
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.roots import LogIdentity, RootHolders, make_root, sign_root
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.errors import MissingError, RefusedError
from tetrapylon.operate.updates.canary import advise
from tetrapylon.operate.updates.client import Client, Installed, Reading
from tetrapylon.operate.updates.decisions import FILE, PARTS, Decisions
from tetrapylon.operate.updates.delivery import Delivery, items_of
from tetrapylon.operate.updates.drill import Drilled, Stage, drill
from tetrapylon.operate.updates.evaluation import evaluated
from tetrapylon.operate.updates.repository import Keys, Repository, parts_signed_by
from tetrapylon.operate.updates.version import judge
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.channel import open_channel
from tetrapylon.outside.clock import SystemClock, format_time, parse_time
from tetrapylon.outside.disk import FolderDisk
from tetrapylon.outside.view import View
from tetrapylon.responsibility.provider.publish import folder_of

if TYPE_CHECKING:
    from tetrapylon.evidence.signer import Signer

FOLDER = "updates/channel"
"""Where a channel is kept below the state's folder, unless another place is given."""

_LARGEST = 64 << 20
"""Bytes of the largest file that the drill copies around; what larger files go through is the same."""


@dataclass(frozen=True)
class Published:
    """What a channel offers now."""

    channel: str
    folder: Path
    delivery: Delivery
    served: Sequence[Mapping[str, Any]]


def decisions(view: View) -> Decisions:
    """Return what `updates.toml` says."""
    return decisions_beside(view.root, FILE, Decisions, view.facts)


def prepare(view: View, now: str, *, preview: bool = False) -> Delivery:
    """Return the release as it is now, ready to be published.

    Raises:
        RefusedError: its version is not the one that its changes ask for (`version-rule`), or, where it is no preview,
            it was not evaluated (`not-evaluated`) or no gate decided it as released (`not-released`).
    """
    system = view.facts["system"]
    past = view.released()
    version = judge(system["release"], view.assets, [each for each in past if each.digest != view.release_digest])
    if not version.followed:
        raise RefusedError(f"nothing was published: {version.because}", hint="change `release` in the manifest", code="version-rule")
    tested = evaluated(view)
    decided = next((each.decision for each in reversed(past) if each.digest == view.release_digest), None)
    if not preview:
        _refuse_unready(tested.answer, tested.sentences, decided)
    return Delivery(
        system=system["id"],
        release=system["release"],
        digest=view.release_digest,
        assets=tuple(view.assets),
        items=items_of(view.root, view.facts, view.assets, decisions(view).carries),
        evaluated=tested.answer is True,
        evidence=tested.records,
        decision=decided,
        needs=version.needs,
        because=version.because,
        published=now,
        limits=known_limits(view.root / folder_of(view)),
    )


def _refuse_unready(answer: bool | None, sentences: Sequence[str], decided: str | None) -> None:  # noqa: FBT001 - an answer, not a switch
    if answer is not True:
        why = sentences[0] if sentences else "there is no test result"
        hint = "test it, run `tetrapylon assess`, or offer it as a preview with `--channel preview`"
        raise RefusedError(f"nothing was published: {why}", hint=hint, code="not-evaluated")
    if decided is None:
        hint = "run `tetrapylon gate`, or offer it as a preview with `--channel preview`"
        raise RefusedError("nothing was published: no gate decided exactly this release as released", hint=hint, code="not-released")


def publish(project: Project, channel: str, folder: str | None, passphrase: bytes | None) -> Published:
    """Offer the release as it is now in a channel of the system.

    Raises:
        RefusedError: it is not ready, or its version names other content already.
        MissingError: a key that must sign is not on this machine.
    """
    view, now = project_view(project), SystemClock().now()
    delivery = prepare(view, now, preview=channel == "preview")
    decided = decisions(view)
    place = Path(folder) if folder else project.state(FOLDER)
    repository = Repository(place, wiring.root_files(project), _keys(project, passphrase), now, decided.fresh_days)
    repository.publish(channel, delivery, project.root, decided.serve_previous_days)
    index = repository.index(channel) or {}
    return Published(channel, place, delivery, tuple(index.get("served", ())))


def renew(project: Project, folder: str | None, passphrase: bytes | None) -> Path:
    """Sign the channel anew without changing what it offers."""
    place = Path(folder) if folder else project.state(FOLDER)
    if not (place / "metadata" / "timestamp.json").is_file():
        raise MissingError(f"there is no channel in `{place}`", hint="run `tetrapylon operate update publish`", code="no-channel")
    days = decisions(project_view(project)).fresh_days
    Repository(place, wiring.root_files(project), _keys(project, passphrase), SystemClock().now(), days).renew()
    return place


def _keys(project: Project, passphrase: bytes | None) -> Keys:
    return Keys(_root_signers(project, passphrase), parts_signed_by(lambda role: wiring.find_signer(project, role, passphrase)))


def _root_signers(project: Project, passphrase: bytes | None) -> list[Signer]:
    found = [wiring.find_signer(project, f"root-{number}", passphrase) for number in range(1, 33)]
    return [each for each in found if each is not None]


def client(folder: str | Path, root: bytes) -> Client:
    """Return the installation in a folder, which believes this root of trust."""
    return Client(FolderDisk(Path(folder)), root, _opened)


def _opened(source: str, root: bytes, trusted: Mapping[str, str]) -> AbstractContextManager[Reading]:
    return open_channel(source, root, trusted)


def hold_drill(project: Project, recorder: Recorder) -> Drilled:
    """Hold the drill and file what it showed.

    Raises:
        MissingError: there is no root of trust yet.
    """
    view, started = project_view(project, recorder.policy), SystemClock().now()
    decided = decisions(view)
    real = wiring.load_trust(project).root
    delivery = _drilled_delivery(view, decided, started)
    root, keys, stranger = _drill_keys(project)
    stage = Stage(
        view.root, delivery, root, keys, stranger, _opened, started, decided.serve_previous_days, decided.check_hours, decided.automatic
    )
    with tempfile.TemporaryDirectory(prefix="tetrapylon-drill-") as folder:
        found = drill(stage, Path(folder))
    payload: dict[str, Any] = {**found.held, "thresholdRoot": real.threshold, "tool": view.tool, "detail": list(found.sentences)}
    about = [Subject(each.id, each.digest) for each in view.assets if each.kind == "manifest"]
    recorder.file([Observation("update", tuple(about), payload, started, SystemClock().now(), "release-manager")])
    return found


def _drilled_delivery(view: View, decided: Decisions, now: str) -> Delivery:
    items = items_of(view.root, view.facts, view.assets, decided.carries)
    return Delivery(
        system=view.facts["system"]["id"],
        release=view.facts["system"]["release"],
        digest=view.release_digest,
        assets=tuple(view.assets),
        items=tuple(each for each in items if each.length <= _LARGEST),
        evaluated=True,
        evidence=(),
        decision=None,
        needs="none",
        because="a drill",
        published=now,
    )


def _drill_keys(project: Project) -> tuple[bytes, Keys, Keys]:
    """Return a root of the form of the real one, its keys and a stranger's; none of them outlives the drill."""
    from tetrapylon.evidence.signers.file import generate_key

    real = wiring.load_trust(project).root
    count = len(real.root_keys)
    made = [generate_key("ecdsa-p256") for _ in range(2 * count + 4)]
    own, other = made[:count], made[count : 2 * count]
    holders = RootHolders([each.key for each in own], real.threshold)
    log = LogIdentity(real.origin, real.log_keys)
    root = make_root(real.system, holders, log, list(real.grants.values()), real.expires)
    builder, manager = made[-4], made[-3]
    parts = {part: builder if part in {"model", "data"} else manager for part in PARTS}
    strange = dict.fromkeys(PARTS, made[-2])
    return sign_root(root, own[: real.threshold]), Keys(own, parts), Keys(other, strange)


def watch(directory: str | None, installation: Client, enough: int) -> tuple[str, str, Installed]:
    """Judge the release that an installation tries by the monitoring evidence of a system, and act on it.

    Raises:
        MissingError: no release is being tried (`nothing-tried`).
    """
    from tetrapylon.app.project import open_project

    state = installation.state()
    if state.trying is None or state.since is None:
        raise MissingError("no release is being tried", hint="apply one with `--canary`", code="nothing-tried")
    view, now = project_view(open_project(directory)), SystemClock().now()
    windows = [{**each.payload, "observedTo": each.observed_to} for each in view.evidence("monitor-window")]
    advice, why = advise(windows, state.since, enough)
    if advice == "roll back":
        state = installation.roll_back()
    elif advice == "promote":
        until = format_time(parse_time(now) + timedelta(days=decisions(view).serve_previous_days))
        state = installation.promote(now, until)
    return advice, why, state
