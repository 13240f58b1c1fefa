"""Failing over: what makes an alternate weaker, when an outage counts, what evidence takes a model out of service, and who may answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tetrapylon.develop.supply.failover.circuit import Circuit, Rule
from tetrapylon.develop.supply.failover.drill import Patience, hold
from tetrapylon.develop.supply.failover.order import Order
from tetrapylon.develop.supply.failover.plan import Pair, pairs, uncovered
from tetrapylon.develop.supply.failover.trigger import failing
from tetrapylon.develop.supply.failover.zones import LOOPBACK, OUTSIDE, PRIVATE, zone_of
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.outside.standing import StandingFile
from tetrapylon.outside.switchover import FileSwitchover, Switched, Taken, change, read_switched
from tetrapylon.outside.view import Known
from tetrapylon.outside.watched import SECONDS
from tetrapylon.system.assets import Asset

NOW = "2026-06-01T00:00:00Z"


def hosted(**more: Any) -> dict[str, Any]:
    return {"endpoint": "https://10.0.0.1/v1", "supplier": "one", "snapshot": "2026-01", "decoding": {"max_tokens": 100}, **more}


def file(**more: Any) -> dict[str, Any]:
    step = {"op": "resize", "size": [16, 16]}
    return {"path": "m.onnx", "trained-from": ["inner"], "preprocess": [step], "outputs": ["p"], **more}


FACTS: dict[str, Any] = {
    "dataset": [{"id": "inner", "sensitivity": "internal"}, {"id": "secret", "sensitivity": "confidential"}],
    "supplier": [{"id": "one"}, {"id": "two"}, {"id": "far"}],
    "location": [
        {"id": "a", "country": "DE", "operator": "one"},
        {"id": "b", "country": "DE", "operator": "two"},
        {"id": "c", "country": "US", "operator": "far"},
    ],
    "flow": [{"from": "gateway", "to": "m", "carries": ["question"]}, {"from": "x", "to": "more", "carries": ["cheques"]}],
}


def pair(model: dict[str, Any], other: dict[str, Any]) -> Pair:
    rows = [{"id": "m", **model, "alternate": other.get("id", "n")}, {"id": "n", **other}]
    return pairs({**FACTS, "model": rows})[0]


@pytest.mark.parametrize(
    ("model", "other", "what"),
    [
        (hosted(), file(), "kind"),
        (hosted(), hosted(endpoint="https://models.example.org/v1"), "where data goes"),
        (hosted(), hosted(endpoint="http://10.0.0.2/v1"), "transport"),
        (hosted(), {key: value for key, value in hosted().items() if key != "snapshot"}, "version"),
        (hosted(), hosted(decoding={}), "decoding `max_tokens`"),
        (hosted(), hosted(decoding={"max_tokens": 900}), "decoding `max_tokens`"),
        (hosted(), {key: value for key, value in hosted().items() if key != "supplier"}, "supplier"),
        (hosted(), hosted(supplier="far"), "country"),
        (hosted(), hosted(id="more"), "data that flows there"),
        (file(), file(outputs=["p", "q"]), "scores that are answered"),
        (file(), file(preprocess=[]), "preprocessing"),
        (file(), file(**{"trained-from": ["secret"]}), "trained from"),
        (file(), file(**{"trained-from": []}), "trained from"),
    ],
)
def test_an_alternate_that_is_held_to_less_may_not_take_over(model: dict[str, Any], other: dict[str, Any], what: str) -> None:
    found = pair(model, other)
    assert what in [each.what for each in found.weaker]
    assert not found.usable(NOW)
    assert found.why_not().startswith("`")


@pytest.mark.parametrize(
    ("model", "other"),
    [
        (hosted(), hosted(endpoint="http://127.0.0.1:1/v1")),
        (hosted(), hosted(supplier="two", decoding={"max_tokens": 100, "top_p": 0.5})),
        (file(), file(outputs=[])),
        (file(**{"trained-from": ["secret"]}), file()),
    ],
)
def test_an_alternate_that_is_held_to_as_much_or_more_may_take_over(model: dict[str, Any], other: dict[str, Any]) -> None:
    found = pair(model, other)
    assert found.differences
    assert found.equivalent
    assert found.usable(NOW)


def test_an_exception_lets_a_weaker_one_take_over_until_its_end() -> None:
    rows = [{"id": "m", **hosted(), "alternate": "n"}, {"id": "n", **hosted(decoding={})}, {"id": "alone", **hosted()}]
    found = pairs({"model": rows}, {"n": "2026-07-01T00:00:00Z"})[0]
    assert (found.equivalent, found.usable(NOW), found.usable("2026-07-01T00:00:00Z")) == (False, True, False)
    assert uncovered({"model": rows}, {"m"}) == ["alone"]
    assert uncovered({"model": rows}, set()) == ["m", "alone"]


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        ("http://localhost:1/", LOOPBACK), ("http://[::1]/", LOOPBACK), ("http://127.9.9.9/", LOOPBACK), ("http://192.168.0.1/", PRIVATE),
        ("http://[fe80::1]/", PRIVATE), ("http://9.9.9.9/", OUTSIDE), ("http://localhost.example.org/", OUTSIDE),
    ],
)  # fmt: skip
def test_zones(url: str, zone: str) -> None:
    assert zone_of(url) == zone


def test_a_circuit_opens_lets_one_try_and_is_believed_twice() -> None:
    circuit = Circuit(Rule(failures=3, window=10, pause=2, longest=8, successes=2))
    for when in (0, 1, 11.5):
        circuit.failed(when)
    assert not circuit.open  # not within the window
    circuit.failed(11.6)
    circuit.worked(11.7)
    circuit.failed(11.8)
    assert not circuit.open  # not in a row
    circuit.failed(11.9)
    circuit.failed(12)
    assert [circuit.lets(13.9), circuit.lets(14), circuit.lets(14)] == [False, True, False]
    circuit.failed(14)
    assert [circuit.lets(17.9), circuit.lets(18)] == [False, True]  # the pause doubled
    circuit.worked(18)
    assert circuit.open
    circuit.failed(18)
    circuit.failed(30)
    assert [circuit.lets(37.9), circuit.lets(38)] == [False, True]  # and not beyond its limit
    circuit.worked(38)
    assert circuit.lets(38)
    circuit.worked(38.1)
    assert (circuit.open, circuit.lets(38.1), circuit.lets(38.1)) == (False, True, True)


def test_one_that_comes_and_goes_is_not_swung_to_and_from() -> None:
    circuit, asked = Circuit(Rule(3, 60, 2, 60, 2)), 0
    for tenth in range(6000):  # ten minutes; every second answer is an outage
        now = tenth / 10
        if circuit.lets(now):
            asked += 1
            (circuit.failed if asked % 2 else circuit.worked)(now)
    assert asked > 5000  # never three in a row: that is no outage
    circuit, asked = Circuit(Rule(3, 60, 2, 60, 2)), 0
    for tenth in range(6000):  # out, but for one answer each time it is tried
        now = tenth / 10
        if circuit.lets(now):
            asked += 1
            (circuit.worked if asked > 3 and asked % 2 == 0 else circuit.failed)(now)
    assert asked < 50


def known(digest: Digest, **payload: Any) -> Known:
    return Known(0, {"x": str(digest)}, payload, NOW, NOW)


def test_evidence_takes_a_model_out_of_service_and_only_what_speaks_against_it() -> None:
    facts = {"model": [{"id": "m", "supplier": "one"}, {"id": "n", "supplier": "two"}, {"id": "f"}]}
    one, two, own = sha256(b"one"), sha256(b"two"), sha256(b"file")
    assets = [
        Asset("supplier", "one", one),
        Asset("model-hosted", "n", two),
        Asset("model-file", "f", own),
        Asset("lock", "l", sha256(b"")),
    ]
    bad = {"supplier": "one", "score": 0.5, "limit": 0.7, "failed": ["no-contact"]}
    good = {**bad, "score": 0.8, "failed": []}

    def found(**evidence: list[Known]) -> dict[str, str]:
        return failing(facts, assets, {name.replace("_", "-"): rows for name, rows in evidence.items()}, {"supplier-score": 0.7})

    assert found(due_diligence=[known(one, **bad)]) == {"m": "`one` failed its examination: no-contact"}
    assert list(found(due_diligence=[known(two, **bad)])) == ["n"]
    assert found(due_diligence=[known(one, **bad), known(one, **good)]) == {}
    assert list(found(due_diligence=[known(one, **{**good, "limit": 0.9})])) == ["m"]
    assert found(due_diligence=[known(one, supplier="one"), known(sha256(b"other"), **bad)]) == {}
    assert list(found(scan=[known(own, notClean=1)])) == ["f"]
    assert found(scan=[known(own, notClean=0)]) == {}
    assert list(found(integrity_check=[known(own, event="rehash", mismatched=1)])) == ["f"]
    assert list(found(integrity_check=[known(own, event="rehash", mismatched=0, signed=False)])) == ["f"]
    assert found(integrity_check=[known(own, event="tamper-drill", mismatched=1), known(own, event="rehash", mismatched=0)]) == {}
    assert list(found(scan=[known(own, notClean=1)], integrity_check=[known(own, event="rehash", mismatched=0, signed=True)])) == ["f"]


SWITCHED = Switched("b", "because", "me", NOW, "by-hand")


def test_the_order_follows_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tetrapylon.outside.watched.SECONDS", 0)
    path = tmp_path / "switched.json"
    good = Pair("a", "b", "endpoint", ())
    order = Order([good], FileSwitchover(path))
    assert (order.order("a"), order.order("b"), order.order("c")) == (("a", "b"), ("b",), ("c",))
    change(path, lambda taken: taken.models.update(a=SWITCHED))
    assert (order.order("a"), order.why("a"), order.why("c")) == (("b",), "by-hand: because", "")
    change(path, lambda taken: taken.barred.update(b="bad"))
    assert order.order("a") == ()
    change(path, lambda taken: taken.models.clear())
    assert order.order("a") == ("a",)
    change(path, lambda taken: taken.barred.clear())
    change(path, lambda taken: taken.models.update(a=Switched("z", "because", "me", NOW, "by-hand")))
    assert order.order("a") == ()  # to a model that is no alternate any more
    for text in ("{", "[]", "{}", '{"models": {"a": {"to": "b"}}, "barred": {}}', '{"models": [], "barred": {}}', "[" * 100_000):
        path.write_text(text)
        assert (order.order("a"), order.order("c")) == ((), ("c",)), text
        assert "nobody knows" in order.why("a")
        with pytest.raises(IntegrityError):
            read_switched(path)
    path.unlink()
    assert order.order("a") == ("a", "b")
    assert read_switched(path) == Taken()


def test_an_exception_ends_while_the_system_runs(tmp_path: Path) -> None:
    weak = pairs({"model": [{"id": "a", **hosted(), "alternate": "b"}, {"id": "b", **hosted(decoding={})}]}, {"b": "2026-07-01T00:00:00Z"})
    times = iter([NOW, "2026-07-01T00:00:00Z"])
    order = Order(weak, FileSwitchover(tmp_path / "switched.json"), lambda: next(times))
    assert [order.order("a"), order.order("a")] == [("a", "b"), ("a",)]


def test_a_file_stands_as_long_as_it_is_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SECONDS <= 0.1
    monkeypatch.setattr("tetrapylon.outside.standing.SECONDS", 0)
    path = tmp_path / "model"
    path.write_bytes(b"weights")
    standing = StandingFile(path, sha256(b"weights"))
    assert (standing.moved, standing.why is not None) == (True, True)
    standing.look()
    assert (standing.moved, standing.why) == (False, None)
    for change_it, why in (
        (lambda: path.write_bytes(b"weighty"), "not what was verified"),
        (path.unlink, "gone"),
        (lambda: path.write_bytes(b"weights"), None),
    ):
        change_it()
        assert standing.moved
        standing.look()
        assert (standing.why is None) if why is None else (why in str(standing.why))


class Calls:
    """Answers what it was told to, in turn; the last goes on for ever."""

    def __init__(self, *servers: str | None, refused: tuple[bool, ...] = (True, True)) -> None:
        self.servers, self.answers = list(servers), list(refused)

    def served_by(self) -> str | None:
        return self.servers.pop(0) if len(self.servers) > 1 else self.servers[0]

    def refused(self) -> dict[str, bool]:
        return {"an order": self.answers.pop(0)}


class Break:
    trigger = "outage"

    def __init__(self) -> None:
        self.broken: list[str] = []

    def hurt(self) -> None:
        self.broken.append("hurt")

    def mend(self) -> None:
        self.broken.append("mend")


@pytest.mark.parametrize(
    ("calls", "switched", "held", "good"),
    [
        (Calls(None, "m", None, "n", "m"), True, True, True),
        (Calls("n", "m", refused=(True, False)), True, False, False),
        (Calls("n", "m", refused=(False, True)), True, False, False),
        (Calls("m"), False, False, False),
        (Calls(None), False, False, False),
        (Calls("n"), True, True, False),
    ],
)
def test_a_drill_says_what_happened_and_mends(calls: Calls, switched: bool, held: bool, good: bool) -> None:
    injection = Break()
    found = hold("m", "n", calls, injection, Patience(0.25, 0.15))
    assert (found.switched, found.guards_held, found.good) == (switched, held, good)
    assert injection.broken == ["hurt", "mend"]
    assert ("not switched" in found.detail[0]) is not switched


def test_a_drill_that_breaks_down_mends_too() -> None:
    class Failing(Calls):
        def served_by(self) -> str | None:
            raise OSError

    injection = Break()
    with pytest.raises(OSError):
        hold("m", "n", Failing("m"), injection, Patience(1, 1))
    assert injection.broken == ["hurt", "mend"]
