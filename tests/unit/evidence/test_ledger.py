"""The ledger holds its rules over every store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, Envelope, Signature, pae
from tetrapylon.evidence.leaf import Leaf
from tetrapylon.evidence.ledger import Entry, Ledger, Recorded
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.evidence.store import Store, TreeHead
from tetrapylon.evidence.stores.memory import MemoryStore
from tetrapylon.kernel.canonical import base64_text, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import (
    ConflictError,
    IntegrityError,
    MissingError,
    RefusedError,
    TetrapylonError,
    UsageError,
)
from tetrapylon.kernel.merkle import EMPTY_ROOT, leaf_hash, merkle_root, verify_consistency, verify_inclusion
from tetrapylon.kernel.shelf import Shelf

SHELF = Shelf("tetrapylon.evidence.stores")
KEY = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
KEYID = "ab" * 32
NOON = "2026-03-01T12:00:00Z"
MODEL = sha256(b"model")


@pytest.fixture(params=list(SHELF))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    opened = SHELF[request.param].open_store(str(tmp_path / "log"))
    assert isinstance(opened, Store)
    return opened


def signed(payload: bytes, keyid: str = KEYID) -> Envelope:
    signature = KEY.sign(pae(IN_TOTO_TYPE, payload), ec.ECDSA(hashes.SHA256()))
    return Envelope(payload, IN_TOTO_TYPE, (Signature(keyid, signature),))


def claim(number: int = 0, **predicate: Any) -> Envelope:
    """Return a signed statement about the model."""
    predicate = {"observedFrom": "2026-03-01T10:00:00Z", "observedTo": "2026-03-01T11:00:00Z", "number": number, **predicate}
    kept = {key: value for key, value in predicate.items() if value is not None}
    return signed(Statement((Subject("model", MODEL), Subject("again", MODEL)), "https://example.org/it/v1", kept).to_bytes())


def note(ledger: Ledger, size: int | None = None) -> bytes:
    size = ledger.size if size is None else size
    return f"log.example/test\n{size}\n{base64_text(ledger.root(size))}\n\n— log.example/test AAAA\n".encode()


def code(kind: type[TetrapylonError], call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(kind) as caught:
        call(*arguments, **options)
    return caught.value.code


# Recording


def test_a_record_says_what_its_statement_says(store: Store) -> None:
    ledger, envelope = Ledger(store), claim()
    assert ledger.record([Entry(envelope, supersedes=sha256(b"old"))], NOON) == [
        Recorded(
            0,
            Leaf(
                envelope=envelope.digest,
                predicate_type="https://example.org/it/v1",
                subjects=(MODEL,),
                keyid=KEYID,
                observed_from="2026-03-01T10:00:00Z",
                observed_to="2026-03-01T11:00:00Z",
                recorded_at=NOON,
                supersedes=sha256(b"old"),
            ),
        )
    ]
    assert ledger.envelope(ledger.leaf(0)) == envelope
    assert ledger.size == 1
    assert ledger.root() == merkle_root([ledger.leaf(0).to_bytes()])


def test_a_statement_that_gives_no_times_was_observed_now(store: Store) -> None:
    """An OMS signature is such a statement, and it need not be canonical JSON."""
    payload = canonical_json(
        {"_type": "https://in-toto.io/Statement/v1", "subject": [{"digest": {"sha256": MODEL[7:]}}], "predicateType": "t", "predicate": {}}
    )
    [recorded] = Ledger(store).record([Entry(signed(payload + b"\n"))], NOON)
    assert (recorded.leaf.observed_from, recorded.leaf.observed_to) == (NOON, NOON)
    [recorded] = Ledger(store).record([Entry(claim(observedFrom=None))], NOON)
    assert (recorded.leaf.observed_from, recorded.leaf.observed_to) == ("2026-03-01T11:00:00Z",) * 2


def test_records_have_places_in_order(store: Store) -> None:
    ledger = Ledger(store)
    assert [each.index for each in ledger.record([Entry(claim(each)) for each in range(3)], NOON)] == [0, 1, 2]
    assert ledger.record([], NOON) == []
    assert [each.index for each in ledger.record([Entry(claim(3))], NOON)] == [3]
    assert [each.envelope for each in ledger.leaves()] == [claim(each).digest for each in range(4)]
    assert len(list(ledger.leaves(2))) == 2


def test_time_never_goes_back(store: Store) -> None:
    ledger = Ledger(store)
    for now in (NOON, "2026-03-01T11:59:00Z", "2026-03-01T12:00:01Z"):
        ledger.record([Entry(claim(hash(now)))], now)
    assert [each.recorded_at for each in ledger.leaves()] == [NOON, NOON, "2026-03-01T12:00:01Z"]
    [recorded] = Ledger(store).record([Entry(claim(9))], NOON)
    assert recorded.leaf.recorded_at == "2026-03-01T12:00:01Z"


def test_nothing_is_observed_in_the_future(store: Store) -> None:
    ledger = Ledger(store)
    ledger.record([Entry(claim(observedTo="2026-03-01T12:05:00Z"))], NOON)
    assert code(RefusedError, ledger.record, [Entry(claim(observedTo="2026-03-01T12:05:01Z"))], NOON) == "observed-in-future"
    assert code(UsageError, ledger.record, [Entry(claim(observedFrom="2026-03-01T11:00:01Z"))], NOON) == "observed-backwards"
    assert store.size() == 1


@pytest.mark.parametrize("now", ["", "2026-03-01", "2026-03-01T12:00:00", "2026-13-01T12:00:00Z", "tomorrow"])
def test_now_must_be_a_time(store: Store, now: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        Ledger(store).record([Entry(claim())], now)


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"_type":"x"}', claim(observedTo="2026-03-01T11 o'clock").payload])
def test_what_is_no_statement_is_not_recorded(store: Store, payload: bytes) -> None:
    assert code(IntegrityError, Ledger(store).record, [Entry(claim()), Entry(signed(payload))], NOON) == "malformed"
    assert store.size() == 0


def test_what_nobody_signed_is_not_recorded(store: Store) -> None:
    unsigned = Envelope(claim().payload, IN_TOTO_TYPE, ())
    assert code(UsageError, Ledger(store).record, [Entry(unsigned)], NOON) == "unsigned"


def test_two_who_decide_at_once_make_one_decision(store: Store) -> None:
    one, other = Ledger(store), Ledger(store)
    one.record([Entry(claim(1))], NOON, expected_size=0)
    assert code(ConflictError, other.record, [Entry(claim(2))], NOON, expected_size=0) == "log-grew"
    assert code(IntegrityError, other.record, [Entry(claim(2))], NOON, expected_size=5) == "truncated"
    assert code(MissingError, store.envelope, claim(2).digest, KEYID) == "missing"
    other.record([Entry(claim(2))], NOON, expected_size=1)
    assert [each.envelope for each in one.leaves(one.refresh())] == [claim(1).digest, claim(2).digest]


def test_a_conflict_between_look_and_append_is_told_or_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process appends in the very moment between the two."""
    ledger, rival, stamped = Ledger(store), Ledger(store), Ledger._stamped
    rivals = iter(["2026-03-01T12:30:00Z", "2026-03-01T12:40:00Z"])

    def meanwhile(self: Ledger, drafts: list[Leaf], now: str) -> list[Leaf]:
        leaves = stamped(self, drafts, now)
        time = next(rivals, None) if self is ledger else None
        if time:
            rival.record([Entry(claim(hash(time)))], time)
        return leaves

    monkeypatch.setattr(Ledger, "_stamped", meanwhile)
    assert code(ConflictError, ledger.record, [Entry(claim(1))], NOON, expected_size=0) == "log-grew"
    [recorded] = ledger.record([Entry(claim(1))], NOON)
    assert (recorded.index, recorded.leaf.recorded_at) == (2, "2026-03-01T12:40:00Z")
    assert Ledger(store).root() == ledger.root()


def test_threads_share_a_ledger(store: Store) -> None:
    ledger = Ledger(store)
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda each: ledger.record([Entry(claim(each))], NOON)[0], range(60)))
    assert sorted(each.index for each in places) == list(range(60))
    assert all(ledger.leaf(each.index) == each.leaf for each in places)
    assert Ledger(store).root() == ledger.root()


# Proofs


@given(st.integers(1, 40), st.data())
@settings(max_examples=30, deadline=None)
def test_proofs_verify_whatever_the_size(size: int, data: st.DataObject) -> None:
    ledger = Ledger(MemoryStore())
    ledger.record([Entry(claim(each)) for each in range(size)], NOON)
    upto = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, upto - 1))
    hashed = leaf_hash(ledger.leaf(index).to_bytes())
    verify_inclusion(hashed, index, upto, ledger.inclusion(index, upto), ledger.root(upto))
    verify_consistency(upto, size, ledger.consistency(upto), ledger.root(upto), ledger.root())


def test_what_the_log_does_not_hold_cannot_be_asked_for(store: Store) -> None:
    ledger = Ledger(store)
    ledger.record([Entry(claim())], NOON)
    for call, arguments in (
        (ledger.leaf, (1,)),
        (ledger.leaf, (-1,)),
        (ledger.root, (2,)),
        (ledger.inclusion, (1,)),
        (ledger.inclusion, (0, 2)),
        (ledger.consistency, (1, 0)),
        (ledger.consistency, (-1,)),
    ):
        assert code(MissingError, call, *arguments) == "beyond-log"
    with pytest.raises(MissingError):
        list(ledger.leaves(2))


def test_an_empty_log_has_a_root(store: Store) -> None:
    ledger = Ledger(store)
    assert (ledger.size, ledger.root(), list(ledger.leaves())) == (0, EMPTY_ROOT, [])
    assert ledger.consistency(0) == []


# Checkpoints and what an attacker may do to the files


def test_opening_compares_with_the_checkpoint(store: Store) -> None:
    ledger = Ledger(store)
    ledger.record([Entry(claim(each)) for each in range(5)], NOON)
    ledger.publish(note(ledger, 3), 3)
    ledger.publish(note(ledger), 5)
    ledger.record([Entry(claim(5))], NOON)
    again = Ledger(store)
    assert (again.size, again.root(), store.checkpoint()) == (6, ledger.root(), note(ledger, 5))


def test_only_a_checkpoint_of_this_log_is_published(store: Store) -> None:
    ledger, other = Ledger(store), Ledger(MemoryStore())
    ledger.record([Entry(claim(1)), Entry(claim(2))], NOON)
    other.record([Entry(claim(2)), Entry(claim(1)), Entry(claim(3))], NOON)
    assert code(IntegrityError, ledger.publish, note(other, 2), 2) == "fork"
    assert code(IntegrityError, ledger.publish, note(other), 3) == "truncated"
    with pytest.raises(UsageError, match="is of 2 records, not of 1"):
        ledger.publish(note(ledger), 1)
    assert store.checkpoint() is None


def test_a_checkpoint_by_another_process_is_of_a_log_that_we_have_not_seen(store: Store) -> None:
    late, busy = Ledger(store), Ledger(store)
    busy.record([Entry(claim())], NOON)
    late.publish(note(busy), 1)
    assert late.size == 1


def replace_entries(store: Store, entries: list[bytes]) -> Store:
    """Return a store with other entries under the same checkpoint."""
    other = MemoryStore()
    other.append(entries)
    with other._locked(write=True):
        other._write("checkpoint", store.checkpoint() or b"")
    return other


def test_a_forked_or_truncated_log_is_not_opened(store: Store) -> None:
    ledger = Ledger(store)
    ledger.record([Entry(claim(each)) for each in range(4)], NOON)
    ledger.publish(note(ledger), 4)
    entries = list(store.entries())
    assert code(IntegrityError, Ledger, replace_entries(store, entries[:3])) == "truncated"
    assert code(IntegrityError, Ledger, replace_entries(store, [entries[1], entries[0], *entries[2:]])) == "fork"
    assert (
        code(IntegrityError, Ledger, replace_entries(store, [*entries[:3], entries[3].replace(b"example.org", b"example.net")])) == "fork"
    )
    assert code(IntegrityError, Ledger, replace_entries(store, [*entries, b"not a record"])) == "malformed"
    assert Ledger(replace_entries(store, [*entries, entries[0]])).size == 5


def test_an_outside_checkpoint_can_be_compared(store: Store) -> None:
    ledger = Ledger(store)
    ledger.record([Entry(claim(each)) for each in range(4)], NOON)
    ledger.check(TreeHead(2, ledger.root(2)))
    assert code(IntegrityError, ledger.check, TreeHead(5, ledger.root())) == "truncated"
    assert code(IntegrityError, ledger.check, TreeHead(3, ledger.root())) == "fork"


def test_a_log_changed_while_open_is_noticed() -> None:
    store = MemoryStore()
    ledger = Ledger(store)
    ledger.record([Entry(claim(each)) for each in range(3)], NOON)
    whole = list(store._log)
    store._log[1] = whole[1].replace(b"example.org", b"example.net")
    assert code(IntegrityError, ledger.leaf, 1) == "record-changed"
    with pytest.raises(IntegrityError, match="record 1 of the log has changed"):
        list(ledger.leaves())
    store._log[:] = whole[:2]
    assert code(IntegrityError, ledger.refresh) == "truncated"


def test_records_out_of_order_in_time_are_noticed() -> None:
    store, ledger = MemoryStore(), Ledger(MemoryStore())
    ledger.record([Entry(claim(1))], NOON)
    ledger.record([Entry(claim(2))], "2026-03-01T13:00:00Z")
    store.append(list(reversed(list(ledger.store.entries()))))
    assert code(IntegrityError, list, Ledger(store).leaves()) == "time-order"


def test_erased_lost_and_changed_envelopes_are_told_apart(store: Store) -> None:
    ledger = Ledger(store)
    leaves = [each.leaf for each in ledger.record([Entry(claim(each)) for each in range(2)], NOON)]
    store.erase_envelope(leaves[0].envelope, leaves[0].keyid)
    assert ledger.envelope(leaves[0]) is None
    found = ledger.envelope(leaves[1])
    assert found is not None
    assert found.payload == claim(1).payload
    assert code(MissingError, Ledger(MemoryStore()).envelope, leaves[1]) == "missing"
    assert list(ledger.leaves()) == leaves
