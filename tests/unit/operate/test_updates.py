"""What changed decides the version, a few get it first, and power loss at any step leaves the old or the new installation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.evidence.test_power_loss import CONTENTS, NAMES, PowerLost, WeakDisk, WeakFile
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import IntegrityError, RefusedError, StorageError
from tetrapylon.operate.updates.canary import advise, chosen
from tetrapylon.operate.updates.client import Client, Installed
from tetrapylon.operate.updates.delivery import Delivery, Item, read_delivery
from tetrapylon.operate.updates.version import judge
from tetrapylon.outside.view import Past
from tetrapylon.system.assets import Asset

NOW = "2026-11-01T00:00:00Z"


def asset(kind: str, name: str, content: str) -> Asset:
    return Asset(kind, name, sha256(content.encode()))


BEFORE = (
    asset("model-file", "reader", "1"),
    asset("prompt", "desk", "1"),
    asset("supplier", "acme", "1"),
    asset("configuration", "settings", "1"),
)


def changed(kind: str) -> tuple[Asset, ...]:
    return tuple(asset(each.kind, each.id, "2") if each.kind == kind else each for each in BEFORE)


def past(release: str = "1.4.2", assets: tuple[Asset, ...] = BEFORE) -> Past:
    return Past(7, release, "sha256:" + "1" * 64, "sha256:" + "2" * 64, assets)


@pytest.mark.parametrize(
    ("kind", "version", "followed", "needs"),
    [
        ("model-file", "2.0.0", True, "major"),
        ("model-file", "1.5.0", False, "major"),
        ("prompt", "1.5.0", True, "minor"),
        ("prompt", "2.0.0", True, "minor"),
        ("prompt", "1.4.3", False, "minor"),
        ("prompt", "1.4.2", False, "minor"),
        ("supplier", "1.4.3", True, "patch"),
        ("supplier", "1.4.2", False, "patch"),
        ("supplier", "1.3.9", False, "patch"),
        ("configuration", "1.4.2", True, "none"),
        ("nothing", "1.4.2", True, "none"),
        ("nothing", "1.4", False, "none"),
        ("nothing", "01.4.2", False, "none"),
    ],
)
def test_what_changed_decides_the_version(kind: str, version: str, followed: bool, needs: str) -> None:
    found = judge(version, changed(kind), [past()])
    assert (found.followed, found.needs) == (followed, needs), found.because


def test_a_version_names_the_same_for_ever() -> None:
    """Going back to a version that was released before, with other content, is refused although a newer one lies between."""
    newer = past("2.0.0", changed("model-file"))
    assert judge("1.4.2", BEFORE, [past(), newer]).followed
    assert not judge("1.4.2", changed("model-file"), [past(), newer]).followed


def test_an_added_dataset_is_a_major_change() -> None:
    assert judge("1.5.0", (*BEFORE, asset("dataset", "digits", "1")), [past()]).needs == "major"


@given(st.integers(1, 99), st.text(min_size=1, max_size=20))
def test_callers_who_got_it_at_a_share_get_it_at_a_larger_one(percent: int, caller: str) -> None:
    assert chosen(caller, "sha256:aa", percent) <= chosen(caller, "sha256:aa", percent + 1)
    assert chosen(caller, "sha256:aa", 100)


def test_a_tenth_is_about_a_tenth_and_another_one_each_time() -> None:
    first = {each for each in range(5000) if chosen(f"caller-{each}", "sha256:aa", 10)}
    second = {each for each in range(5000) if chosen(f"caller-{each}", "sha256:bb", 10)}
    assert 400 < len(first) < 600
    assert len(first & second) < 100


WINDOW = {
    "event": "window",
    "observedFrom": NOW,
    "observedTo": NOW,
    "baselineBound": True,
    "observations": 300,
    "alarms": 0,
    "silent": False,
}


@pytest.mark.parametrize(
    ("windows", "advice"),
    [
        ([], "wait"),
        ([WINDOW], "wait"),
        ([WINDOW, WINDOW], "promote"),
        ([WINDOW, WINDOW, {**WINDOW, "driftDetected": True}], "roll back"),
        ([{**WINDOW, "alarms": 1}], "roll back"),
        ([{**WINDOW, "silent": True}] * 9, "wait"),
        ([{**WINDOW, "baselineBound": False}] * 9, "wait"),
        ([{**WINDOW, "observedFrom": "2026-10-01T00:00:00Z", "alarms": 9}], "wait"),
    ],
)
def test_monitoring_decides_about_a_release_that_is_tried(windows: list[dict[str, object]], advice: str) -> None:
    assert advise(windows, NOW, 500)[0] == advice


@dataclass
class Offering:
    """A channel that was verified elsewhere, in a folder."""

    folder: Path
    current: str = ""

    def put(self, release: str, files: Mapping[str, bytes], *, evaluated: bool = True) -> str:
        items = []
        for path, data in files.items():
            item = Item("prompt", path, hashlib.sha256(data).hexdigest(), len(data))
            (self.folder / item.target.replace("/", "_")).write_bytes(data)
            items.append(item)
        digest = sha256(release.encode())
        made = Delivery("desk", release, digest, (), tuple(items), evaluated, (), None, "minor", "a change", NOW)
        index: dict[str, Any] = {"schema": "tetrapylon/channel/1", "channel": "stable", "served": []}
        index["current"] = {"release": release, "digest": digest, "document": "document.json"}
        (self.folder / "stable.json").write_bytes(canonical_json(index))
        (self.folder / "document.json").write_bytes(made.to_bytes())
        self.current = digest
        return str(digest)

    def read(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def download(self, name: str) -> Path | None:
        return self.folder / name.replace("/", "_")

    def metadata(self) -> dict[str, str]:
        return {"timestamp.json": self.current}

    @contextmanager
    def open(self, _source: str, _root: bytes, _trusted: Mapping[str, str]) -> Iterator[Offering]:
        yield self


FIRST = {"prompts/a.md": b"one", "prompts/deep/b.md": b"two", "tetrapylon.toml": b"x"}
SECOND = {**FIRST, "prompts/a.md": b"one again" * 9, "more/c.md": b"new"}


def installed(disk: WeakDisk, offering: Offering) -> tuple[Client, Installed]:
    client = Client(disk, b"", offering.open)
    state = client.state()
    assert client.verify() == (), "what is said to be installed is whole"
    return client, state


@pytest.mark.parametrize("way", ["forth", "back"])
def test_power_loss_at_every_step_leaves_the_old_or_the_new(way: str, tmp_path: Path) -> None:
    offering, base = Offering(tmp_path), WeakDisk()
    first = offering.put("1.0.0", FIRST)
    Client(base, b"", offering.open).apply("x", "stable", NOW)
    second = offering.put("1.1.0", SECOND)
    if way == "back":
        Client(base, b"", offering.open).apply("x", "stable", NOW)
    stop, ended, seen = 0, False, set()
    while not ended:
        disk = deepcopy(base)
        disk.stop_at = disk.steps + stop
        client = Client(disk, b"", offering.open)
        try:
            client.apply("x", "stable", NOW) if way == "forth" else client.roll_back()
            ended = True
        except PowerLost:
            stop += 1
        for contents, names in product(CONTENTS, NAMES):
            again = disk.after_power_loss(contents, names, seed=stop)
            client, state = installed(again, offering)
            assert state.current is not None
            assert state.current.digest in {first, second}
            assert state.metadata["timestamp.json"] == (second if way == "back" else state.current.digest)
            seen.add(state.current.digest)
        # Life goes on, and lasts.
        client.apply("x", "stable", NOW, again=True)
        _, state = installed(again.after_power_loss("gone", "gone", seed=stop), offering)
        assert state.current is not None
        assert state.current.digest == second
    assert seen == {first, second}
    assert stop > 5


def test_the_simulator_would_notice_an_installation_that_does_not_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offering, disk = Offering(tmp_path), WeakDisk()
    offering.put("1.0.0", FIRST)
    monkeypatch.setattr(WeakFile, "sync", lambda _self: None)
    Client(disk, b"", offering.open).apply("x", "stable", NOW)
    with pytest.raises((AssertionError, IntegrityError)):
        installed(disk.after_power_loss("gone", "there", seed=0), offering)


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    offering, disk = Offering(tmp_path), WeakDisk()
    client = Client(disk, b"", offering.open)
    first = offering.put("1.0.0", FIRST)
    client.apply("x", "stable", NOW)
    offering.put("1.1.0", SECOND)
    disk.refuse_at = disk.steps + 4
    with pytest.raises(StorageError):
        client.apply("x", "stable", NOW)
    _, state = installed(disk, offering)
    assert state.current is not None
    assert state.current.digest == first


def test_canary_promotion_and_going_back(tmp_path: Path) -> None:
    offering, disk = Offering(tmp_path), WeakDisk()
    client = Client(disk, b"", offering.open)
    first = offering.put("1.0.0", FIRST)
    client.apply("x", "stable", NOW)
    second = offering.put("1.1.0", SECOND)
    state = client.apply("x", "stable", NOW, percent=10)
    answers = [state.slot_for(f"caller-{each}") for each in range(300)]
    assert 10 < sum(each is not None and each.digest == second for each in answers) < 60
    assert client.roll_back().trying is None
    with pytest.raises(RefusedError, match="taken back") as refused:
        client.apply("x", "stable", NOW)
    assert refused.value.code == "taken-back"
    client.apply("x", "stable", NOW, percent=10, again=True)
    state = client.promote(NOW, "2026-12-01T00:00:00Z")
    assert state.current is not None
    assert state.current.digest == second
    assert state.serving("1.0.0", "2026-12-01T00:00:00Z") is not None
    assert state.serving("1.0.0", "2026-12-01T00:00:01Z") is None
    back = client.roll_back().current
    assert back is not None
    assert back.digest == first


def test_what_was_not_evaluated_is_not_installed(tmp_path: Path) -> None:
    offering = Offering(tmp_path)
    offering.put("1.0.0", FIRST, evaluated=False)
    client = Client(WeakDisk(), b"", offering.open)
    with pytest.raises(RefusedError) as refused:
        client.apply("x", "stable", NOW)
    assert refused.value.code == "not-evaluated"
    assert client.state().current is None


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a//b", "a/./b", "c:x", "a\\b", "", "x" * 300])
def test_no_release_leads_outside_its_folder(path: str) -> None:
    item = Item("code", path, "0" * 64, 1)
    made = Delivery("desk", "1.0.0", "sha256:" + "0" * 64, (), (item,), True, (), None, "none", "first", NOW)
    with pytest.raises(IntegrityError):
        read_delivery(made.to_bytes())
