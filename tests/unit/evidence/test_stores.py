"""Every store keeps the rules of the port; the same tests run over everything on the shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.envelope import IN_TOTO_TYPE, Envelope, Signature
from tetrapylon.evidence.store import ENTRY_BYTES, Store, TreeHead, tree_head
from tetrapylon.evidence.stores.files import FileStore
from tetrapylon.evidence.stores.files import open_store as open_files
from tetrapylon.evidence.stores.memory import MemoryStore
from tetrapylon.evidence.tiles import Tile, bundle, outgrown, read_bundle, tile_path, tile_root, tiles_between
from tetrapylon.kernel.canonical import base64_text
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import ConflictError, IntegrityError, MissingError, TetrapylonError, UsageError
from tetrapylon.kernel.merkle import Tree, leaf_hash, merkle_root
from tetrapylon.kernel.shelf import Shelf

SHELF = Shelf("tetrapylon.evidence.stores")
KEYID = "ab" * 32
Blob = tuple[str, bytes]


@pytest.fixture(params=list(SHELF))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each kind."""
    opened = SHELF[request.param].open_store(str(tmp_path / "deep" / "log"))
    assert isinstance(opened, Store)
    return opened


def checkpoint(entries: list[bytes]) -> bytes:
    root = base64_text(merkle_root(entries))
    return f"log.example/test\n{len(entries)}\n{root}\n\n— log.example/test AAAA\n".encode()


def numbered(start: int, stop: int) -> list[bytes]:
    return [b"entry %d" % each for each in range(start, stop)]


def envelope(payload: bytes = b"{}", keyid: str = KEYID, signature: bytes = b"sig") -> Envelope:
    return Envelope(payload, IN_TOTO_TYPE, (Signature(keyid, signature),))


def refused(kind: type[TetrapylonError], code: str, call: Callable[[], object]) -> TetrapylonError:
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.code == code
    return caught.value


# The log


def test_a_new_log_is_empty(store: Store) -> None:
    assert (store.size(), list(store.entries()), store.checkpoint()) == (0, [], None)


def test_entries_come_back_in_order(store: Store) -> None:
    assert [store.append(numbered(0, 3)), store.append([]), store.append(numbered(3, 4))] == [0, 3, 3]
    assert list(store.entries()) == numbered(0, 4)
    assert list(store.entries(1, 3)) == numbered(1, 3)
    assert list(store.entries(4)) == []
    assert store.size() == 4


@pytest.mark.parametrize("at", [255, 256, 257, 511, 512, 513, 700])
def test_entries_come_back_across_bundles(store: Store, at: int) -> None:
    store.append(numbered(0, at))
    for each in range(at, 700):
        assert store.append(numbered(each, each + 1)) == each
    assert list(store.entries()) == numbered(0, 700)
    assert list(store.entries(at - 2, at)) == numbered(at - 2, at)


def test_an_entry_is_any_bytes_up_to_the_limit(store: Store) -> None:
    entries = [b"", b"\0\xff\n", b"x" * ENTRY_BYTES]
    store.append(entries)
    assert list(store.entries()) == entries
    with pytest.raises(UsageError, match="at most 65535 bytes, not 65536"):
        store.append([b"fine", b"x" * (ENTRY_BYTES + 1)])
    assert store.size() == 3


def test_a_conflict_writes_nothing(store: Store) -> None:
    assert store.append(numbered(0, 2), expected_size=0) == 0
    error = refused(ConflictError, "log-grew", lambda: store.append([b"late"], expected_size=0))
    assert "grown from 0 to 2" in error.message
    refused(ConflictError, "log-grew", lambda: store.append([], expected_size=1))
    assert store.append([b"in time"], expected_size=2) == 2
    assert store.size() == 3


def test_a_log_shorter_than_expected_has_lost_something(store: Store) -> None:
    store.append(numbered(0, 2))
    refused(IntegrityError, "truncated", lambda: store.append([b"more"], expected_size=3))


@pytest.mark.parametrize(("start", "stop"), [(0, 4), (4, None), (-1, 2), (2, 1)])
def test_entries_that_are_not_there_are_missing(store: Store, start: int, stop: int | None) -> None:
    store.append(numbered(0, 3))
    refused(MissingError, "beyond-log", lambda: store.entries(start, stop))


def test_reading_is_not_disturbed_by_writing(store: Store) -> None:
    store.append(numbered(0, 300))
    reader = store.entries()
    seen = [next(reader) for _ in range(10)]
    for each in range(300, 900, 60):
        store.append(numbered(each, each + 60))
    assert seen + list(reader) == numbered(0, 300)


def test_threads_lose_nothing(store: Store) -> None:
    def work(writer: int) -> list[int]:
        return [store.append([b"%d/%d" % (writer, each)]) for each in range(40)]

    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(work, range(8)))
    entries = list(store.entries())
    assert len(entries) == 320
    for writer, mine in enumerate(places):
        assert mine == sorted(mine)
        assert [entries[place] for place in mine] == [b"%d/%d" % (writer, each) for each in range(40)]


def test_of_threads_that_decide_at_once_one_wins(store: Store) -> None:
    def decide(who: int) -> bool:
        try:
            store.append([b"%d" % who], expected_size=0)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(decide, range(8)))
    assert won.count(True) == 1
    assert list(store.entries()) == [b"%d" % won.index(True)]


# Objects


@pytest.mark.parametrize("data", [b"some bytes", b"", b"\0" * 100_000])
def test_an_object_is_found_by_its_digest(store: Store, data: bytes) -> None:
    assert not store.has(sha256(data))
    assert store.put(data) == store.put(data) == sha256(data)
    assert store.get(sha256(data)) == data
    assert store.has(sha256(data))


def test_lost_and_erased_are_told_apart(store: Store) -> None:
    digest = store.put(b"personal")
    store.erase(digest)
    refused(MissingError, "erased", lambda: store.get(digest))
    refused(MissingError, "missing", lambda: store.get(sha256(b"never")))
    assert not store.has(digest)
    store.put(b"personal")
    assert store.get(digest) == b"personal"


def test_a_changed_object_is_never_returned(store: Store) -> None:
    digest = store.put(b"good")
    tamper(store, f"objects/{digest[7:9]}/{digest[9:]}", b"evil")
    refused(IntegrityError, "object-changed", lambda: store.get(digest))
    store.put(b"good")
    assert store.get(digest) == b"good"


def test_an_envelope_is_found_by_what_is_signed_and_by_whom(store: Store) -> None:
    mine, yours = envelope(), envelope(keyid="cd" * 32)
    assert store.put_envelope(mine) == store.put_envelope(mine) == store.put_envelope(yours) == mine.digest == yours.digest
    assert store.envelope(mine.digest, KEYID) == mine
    assert store.envelope(mine.digest, "cd" * 32) == yours
    refused(MissingError, "missing", lambda: store.envelope(mine.digest, "ef" * 32))


@pytest.mark.parametrize("keyid", ["", "../../x", "é", "k" * 10_000])
def test_a_foreign_key_id_is_any_text(store: Store, keyid: str) -> None:
    signed = envelope(keyid=keyid)
    assert store.envelope(store.put_envelope(signed), keyid) == signed


def test_signing_again_replaces_but_never_loses_a_signer(store: Store) -> None:
    again = envelope(signature=b"random")
    both = Envelope(b"{}", IN_TOTO_TYPE, (*again.signatures, Signature("cd" * 32, b"sig")))
    for each in (envelope(), again, both):
        store.put_envelope(each)
        assert store.envelope(each.digest, KEYID) == each
    refused(ConflictError, "envelope-differs", lambda: store.put_envelope(envelope()))
    assert store.envelope(both.digest, KEYID) == both


def test_an_envelope_nobody_signed_is_refused(store: Store) -> None:
    refused(UsageError, "unsigned", lambda: store.put_envelope(Envelope(b"{}", IN_TOTO_TYPE, ())))


def test_an_erased_envelope_is_none(store: Store) -> None:
    digest = store.put_envelope(envelope())
    store.erase_envelope(digest, KEYID)
    assert store.envelope(digest, KEYID) is None
    store.put_envelope(envelope())
    assert store.envelope(digest, KEYID) == envelope()


@pytest.mark.parametrize("evil", [b"{}", b"not JSON", envelope(payload=b"[]").to_bytes(), envelope(keyid="cd" * 32).to_bytes()])
def test_a_changed_envelope_is_never_returned(store: Store, evil: bytes) -> None:
    digest = store.put_envelope(envelope())
    tamper(store, next(name for name in blobs(store) if name.startswith("envelopes/")), evil)
    refused(IntegrityError, "object-changed", lambda: store.envelope(digest, KEYID))
    store.put_envelope(envelope())
    assert store.envelope(digest, KEYID) == envelope()


# Checkpoints


def test_a_checkpoint_is_what_was_published_last(store: Store) -> None:
    store.publish(checkpoint([]), 0)
    store.append(numbered(0, 5))
    store.publish(checkpoint(numbered(0, 3)), 3)
    store.publish(checkpoint(numbered(0, 5)), 5)
    assert store.checkpoint() == checkpoint(numbered(0, 5))
    again = checkpoint(numbered(0, 5)) + "— witness.example BBBB\n".encode()
    store.publish(again, 5)
    assert store.checkpoint() == again


def test_a_checkpoint_never_goes_back_nor_runs_ahead(store: Store) -> None:
    store.append(numbered(0, 5))
    refused(IntegrityError, "truncated", lambda: store.publish(checkpoint(numbered(0, 6)), 6))
    assert store.checkpoint() is None
    store.publish(checkpoint(numbered(0, 5)), 5)
    refused(ConflictError, "older-checkpoint", lambda: store.publish(checkpoint(numbered(0, 4)), 4))
    assert store.checkpoint() == checkpoint(numbered(0, 5))


@pytest.mark.parametrize(
    "note",
    [b"", b"o\n1", b"o\n\n\n", b"o\n01\nAAAA\n", b"o\n-1\nAAAA\n", b"o\n1\nAAAA\n", b"o\n1\n\xff\n", b"o\n" + b"9" * 20 + b"\nAAAA\n"],
)
def test_what_is_no_checkpoint_is_refused(store: Store, note: bytes) -> None:
    with pytest.raises(IntegrityError):
        tree_head(note)
    store.append(numbered(0, 5))
    tamper(store, "checkpoint", note)
    with pytest.raises(IntegrityError):
        store.publish(checkpoint(numbered(0, 5)), 5)


def test_a_checkpoint_says_size_and_root() -> None:
    assert tree_head(checkpoint(numbered(0, 7))) == TreeHead(7, merkle_root(numbered(0, 7)))


# Stores agree


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 300)),
        st.tuples(st.just("publish"), st.integers(0, 1_000)),
        st.tuples(st.just("reopen"), st.just(0)),
        st.tuples(st.just("put"), st.integers(0, 3)),
        st.tuples(st.just("erase"), st.integers(0, 3)),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_and_memory_agree_whatever_is_done(steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("log"))
    files, memory = open_files(folder), MemoryStore()
    done: list[bytes] = []
    for what, number in steps:
        if what == "reopen":
            files = open_files(folder)
        elif what == "append":
            more = numbered(len(done), len(done) + number)
            assert files.append(more) == memory.append(more) == len(done)
            done += more
        else:
            assert outcome(files, what, number, done) == outcome(memory, what, number, done)
    assert list(files.entries()) == list(memory.entries()) == done
    shown = {name: data for name, data in memory.dump().items() if not name.startswith("tile/")}
    assert {name: data for name, data in blobs(files).items() if not name.startswith(("tile/", "tail", "scratch", "lock"))} == shown
    assert files.damaged() == []


def outcome(store: Store, what: str, number: int, done: list[bytes]) -> object:
    data = b"object %d" % number
    try:
        if what == "publish":
            size = min(number, len(done))
            store.publish(checkpoint(done[:size]), size)
        elif what == "put":
            store.put(data)
        else:
            store.erase(sha256(data))
        return (store.has(sha256(data)), store.checkpoint())
    except TetrapylonError as error:
        return error.code


# Tiles


def test_paths_are_as_the_specification_says() -> None:
    assert tile_path(0, 0) == "tile/0/000"
    assert tile_path(3, 999, 7) == "tile/3/999.p/7"
    assert tile_path(1, 1000) == "tile/1/x001/000"
    assert tile_path("entries", 1234067) == "tile/entries/x001/x234/067"


def test_the_tiles_of_70000_entries_are_those_of_the_specification() -> None:
    tiles = list(tiles_between(0, 70_000))
    full = [each for each in tiles if each.width == 256]
    assert [sum(each.level == level for each in full) for level in range(3)] == [273, 1, 0]
    assert [each for each in tiles if each.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles_between(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]


@given(st.integers(0, 70_000), st.integers(0, 70_000))
@example(300, 70_000)
@example(256, 66_000)
@settings(max_examples=60, deadline=None)
def test_tiles_between_are_the_difference(first: int, second: int) -> None:
    old, new = min(first, second), max(first, second)
    assert set(tiles_between(old, new)) == set(tiles_between(0, new)) - set(tiles_between(0, old))
    added = set(tiles_between(old, new))
    gone = {each.path.partition(".p/")[0] + ".p" for each in tiles_between(0, old) if each.width < 256 and Tile(*each[:2]) in added}
    assert {each for each in outgrown(old, new) if "entries" not in each} == gone


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_bundle_holds_its_entries(entries: list[bytes]) -> None:
    data = bundle(entries)
    assert read_bundle(data, len(entries), "it") == entries
    count = len(entries)
    for bad, wanted in ((data, count + 1), (data + b"\0", count), (data + b"\0\0", count), (b"\1" + data[:-1], count)):
        with pytest.raises(IntegrityError, match=f"does not hold {wanted} records"):
            read_bundle(bad, wanted, "it")


def test_a_published_log_is_read_with_nothing_but_the_specification(store: Store) -> None:
    """A reader who knows C2SP tlog-tiles alone finds every entry and hash under the checkpoint's root."""
    entries = numbered(0, 66_000)
    store.append(entries)
    store.publish(checkpoint(entries), len(entries))
    files = store.dump() if isinstance(store, MemoryStore) else blobs(store)
    found = [each for n in range(257) for each in read_bundle(files[f"tile/entries/{n:03d}"], 256, "it")]
    found += read_bundle(files["tile/entries/257.p/208"], 208, "it")
    assert found == entries
    zero = b"".join(files[f"tile/0/{n:03d}"] for n in range(257)) + files["tile/0/257.p/208"]
    assert zero == b"".join(map(leaf_hash, entries))
    assert files["tile/1/000"] == b"".join(tile_root(zero[at : at + 8192]) for at in range(0, 256 * 8192, 8192))
    assert files["tile/1/001.p/1"] == tile_root(zero[256 * 8192 : 257 * 8192])
    assert files["tile/2/000.p/1"] == tile_root(files["tile/1/000"])
    assert sorted(name for name in files if name.startswith("tile/") and ".p/" in name) == [
        "tile/0/257.p/208",
        "tile/1/001.p/1",
        "tile/2/000.p/1",
        "tile/entries/257.p/208",
    ]
    head = Tree(zero[at : at + 32] for at in range(0, len(zero), 32)).root()
    assert tree_head(files["checkpoint"]).root == head


# What only files can suffer


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A published log of 600 entries, of which 88 stand in the tail, and 8 more that are not published."""
    store = open_files(str(tmp_path / "log"))
    for each in range(0, 600, 50):
        store.append(numbered(each, each + 50))
    store.publish(checkpoint(numbered(0, 600)), 600)
    for each in range(600, 608):
        store.append(numbered(each, each + 1))
    return tmp_path / "log"


def test_a_log_can_be_copied_and_read_without_being_written(log: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name, data in files_in(log):
        if name != "lock":
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(data)
    before = dict(files_in(copy))
    store = open_files(str(copy))
    assert (list(store.entries()), store.checkpoint()) == (numbered(0, 608), checkpoint(numbered(0, 600)))
    assert dict(files_in(copy)) == before


def test_asking_an_absent_log_makes_no_folder(tmp_path: Path) -> None:
    store = open_files(str(tmp_path / "none"))
    assert (store.size(), store.has(sha256(b"")), store.checkpoint()) == (0, False, None)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["tail", "tile/entries/001"])
def test_a_missing_file_is_a_truncated_log(log: Path, name: str) -> None:
    (log / name).unlink()
    refused(IntegrityError, "truncated", lambda: list(open_files(str(log)).entries()))


def test_a_tail_that_vanishes_or_shrinks_while_open_is_a_truncated_log(log: Path) -> None:
    store = open_files(str(log))
    store.size()
    whole = (log / "tail").read_bytes()
    (log / "tail").write_bytes(whole[:-1])
    refused(IntegrityError, "truncated", store.size)
    (log / "tail").unlink()
    refused(IntegrityError, "truncated", store.size)
    (log / "tail").write_bytes(whole)
    assert store.size() == 608


def test_an_older_tail_put_in_its_place_is_a_truncated_log(log: Path) -> None:
    store = open_files(str(log))
    old = (log / "tail").read_bytes()
    store.append(numbered(608, 800))
    store.append(numbered(800, 801))
    (log / "tail").write_bytes(old)
    refused(IntegrityError, "truncated", store.size)


def test_every_changed_byte_of_the_tail_is_seen_or_undoes_only_the_last_append(log: Path) -> None:
    whole = (log / "tail").read_bytes()
    last = len(whole) - len(b"entry 607") - 2 - 20 - 32
    for at in range(len(whole)):
        (log / "tail").write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        store = open_files(str(log))
        if at < last:
            refused(IntegrityError, "damaged", store.size)
        else:
            assert list(store.entries()) == numbered(0, 607)


def test_a_tail_cut_anywhere_loses_only_the_appends_that_were_cut(log: Path) -> None:
    whole = (log / "tail").read_bytes()
    sizes = set()
    for length in range(len(whole)):
        (log / "tail").write_bytes(whole[:length])
        with suppress(IntegrityError):
            entries = list(open_files(str(log)).entries())
            assert entries == numbered(0, len(entries))
            sizes.add(len(entries))
    # The first frame, up to entry 550, got its name when it was whole; the appends after it were cut off one by one.
    assert sizes == {550, *range(600, 608)}


def test_an_append_after_a_torn_one_takes_its_place(log: Path) -> None:
    with (log / "tail").open("ab") as file:
        file.write(b"TPF1" + bytes(1_000))
    store = open_files(str(log))
    assert store.append([b"entry 608"]) == 608
    assert list(open_files(str(log)).entries()) == numbered(0, 609)
    assert bytes(100) not in (log / "tail").read_bytes()


def test_damaged_bundles_are_refused(log: Path) -> None:
    path = log / "tile/entries/001"
    path.write_bytes(path.read_bytes()[:-1])
    refused(IntegrityError, "damaged", lambda: list(open_files(str(log)).entries()))


def test_derived_files_are_rebuilt_from_the_entries(log: Path) -> None:
    store = open_files(str(log))
    before = {name: data for name, data in files_in(log) if name.startswith("tile/")}
    (log / "tile/0/000").write_bytes(bytes(8_192))
    (log / "tile/1/000.p/2").unlink()
    (log / "tile/entries/002.p/88").write_bytes(b"")
    assert store.damaged() == store.rebuild() == ["tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/88"]
    assert store.damaged() == store.rebuild() == []
    assert {name: data for name, data in files_in(log) if name.startswith("tile/")} == before


def test_a_lost_tile_does_not_spoil_those_above_it(log: Path) -> None:
    (log / "tile/0/000").unlink()
    store = open_files(str(log))
    store.append(numbered(608, 800))
    store.publish(checkpoint(numbered(0, 800)), 800)
    assert store.damaged() == ["tile/0/000"]


def test_two_openers_of_one_folder_see_each_other(tmp_path: Path) -> None:
    first, second = (open_files(str(tmp_path / "log")) for _ in range(2))
    done = 0
    for count in (1, 254, 3, 1, 600, 2, 256, 5):
        for store in (first, second):
            assert store.append(numbered(done, done + count), expected_size=done) == done
            done += count
            assert first.size() == second.size() == done
    assert list(first.entries()) == list(second.entries()) == numbered(0, done)


def files_in(folder: Path) -> Iterator[Blob]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def blobs(store: Store) -> dict[str, bytes]:
    if isinstance(store, FileStore):
        return dict(files_in(store._disk.root))  # type: ignore[attr-defined]
    assert isinstance(store, MemoryStore)
    return store.dump()


def tamper(store: Store, name: str, data: bytes) -> None:
    """Change a blob behind the store's back."""
    with store._locked(write=True):
        store._write(name, data)


def test_digests_are_typed() -> None:
    digest: Digest = MemoryStore().put(b"x")
    assert digest.startswith("sha256:")
