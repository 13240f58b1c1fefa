"""Suppliers of the example: what passes, that breaking the real thing is seen, and that nothing is sent before."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.integration.conftest import Desk, flip
from tests.integration.test_gateway_served import served
from tetrapylon.app import admission, wiring
from tetrapylon.app.admission import SupplierSwitch
from tetrapylon.app.decide import find_decision, gate
from tetrapylon.app.declaring import Attestation, Signing, attest
from tetrapylon.app.guidance import policy
from tetrapylon.app.passports import make_passport, write_passport
from tetrapylon.app.project import open_project
from tetrapylon.app.questionnaires import send, sign_file, take_in
from tetrapylon.app.recording import Recorder, admit, pending, subject
from tetrapylon.app.suppliers import check, standing
from tetrapylon.design.suppliers.files import passport_on_file
from tetrapylon.design.suppliers.questionnaire import sign
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.signers.file import generate_key, load_key
from tetrapylon.journal.entry import Entry
from tetrapylon.journal.journal import open_journal
from tetrapylon.journal.place import ensure_ring, journal_folder
from tetrapylon.kernel.errors import RefusedError, TetrapylonError, UndecidedError, UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.fetching import fetch
from tetrapylon.outside.switch import FileSwitch
from tools.output_schemas import OUTPUTS

MOVED = ("SD3.4", "SD3.5", "SV1.2")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def recorder(desk: Desk) -> Recorder:
    project = open_project(desk.root)
    return Recorder(project, policy(project, "core"), None, now=SystemClock().now())


def look(desk: Desk) -> dict[str, tuple[str, str]]:
    """Examine, record, and return what became of the practices."""
    check(open_project(desk.root), None, record=True, offline=True)
    return states(desk)


def states(desk: Desk) -> dict[str, tuple[str, str]]:
    rows = desk.rows("core")
    return {name: (rows[name]["state"], rows[name]["reason"]) for name in MOVED}


def match(desk: Desk, overdue: int = 0) -> None:
    """Leave the evidence that known weaknesses were matched with the lock."""
    to = recorder(desk)
    now = SystemClock().now()
    lock = next(each for each in standing(open_project(desk.root)).all if each.asset.kind == "lock")
    payload = {"scanner": {"uri": "https://tetrapylon.example/advisories"}, "unchecked": 0, "overdue": overdue, "matched": overdue}
    to.file([Observation("vulns", (subject(lock.asset.id, lock.asset.digest),), payload, now, now, "scanner")])


def answer(path: Path, **said: str) -> None:
    form = json.loads(path.read_text("utf-8"))
    for each in form["answers"]:
        each["answer"] = said.get(each["question"], "yes")
    path.write_text(json.dumps(form), "utf-8")


def questioned(desk: Desk) -> None:
    """Ask both suppliers, have them answer and sign, and take their answers in."""
    project, folder = open_project(desk.root), desk.root / "questionnaires"
    for each in send(project, [], folder):
        answer(folder / f"{each.supplier}.json", snapshots="no")
        key = folder / f"{each.supplier}.pem"
        sign_file(folder / f"{each.supplier}.json", key, 365, None, make=True)
        take_in(project, folder / f"{each.supplier}.signed.json", key.with_suffix(".pub"), replace_key=False)


@pytest.fixture(scope="module")
def _examined(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("suppliers") / "cheque-desk"
    shutil.copytree(_assessed, root)
    desk, now = Desk(root), SystemClock().now()
    declared = root / "suppliers.toml"
    lines = [
        f'{each.partition(" = ")[0]} = "{now[:10]}"' if each.startswith(("released", "looked")) else each
        for each in declared.read_text("utf-8").splitlines()
    ]
    declared.write_text("\n".join(lines), "utf-8")
    questioned(desk)
    match(desk)
    look(desk)
    attest(open_project(root), Attestation("SD3.4", "owner-1", "I read what the suppliers answered"), Signing(None), now)
    assert admit(recorder(desk), pending(open_project(root))).refused == ()
    return root


@pytest.fixture
def examined(_examined: Path, tmp_path: Path) -> Desk:
    shutil.copytree(_examined, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


def test_the_example_passes_what_this_part_measures(examined: Desk) -> None:
    found = states(examined)
    assert {name: state for name, (state, _) in found.items()} == dict.fromkeys(MOVED, "PASS"), found
    assert standing(open_project(examined.root)).exit == 0


def plain_and_far(desk: Desk) -> None:
    """The same model at an address to which nothing is encrypted: another component, whose answers count no more."""
    edit(desk.root / "tetrapylon.toml", "http://127.0.0.1:8600/v1", "http://llm.acme-llm.example.org/v1")


def pickle_loaded(desk: Desk) -> None:
    (desk.root / "load.py").write_text("import joblib\n\nMODEL = joblib.load('model.joblib')\n", "utf-8")


def key_exchanged(desk: Desk) -> None:
    (desk.root / ".tetrapylon" / "suppliers" / "acme-llm.pub").write_text(generate_key("ed25519").public_pem(), "utf-8")


def answers_expired(desk: Desk) -> None:
    """Signed by the supplier's own key, and over."""
    folder, state = desk.root / "questionnaires", desk.root / ".tetrapylon" / "suppliers"
    form = json.loads((state / "acme-llm.asked.json").read_text("utf-8"))
    for each in form["answers"]:
        each["answer"] = "yes"
    form["asked"] = "2020-01-01T00:00:00Z"
    signed = sign(json.dumps(form).encode(), load_key(folder / "acme-llm.pem"), "2020-01-02T00:00:00Z", "2021-01-01T00:00:00Z")
    (state / "acme-llm.answers.json").write_bytes(signed.to_bytes())


def library_left(desk: Desk) -> None:
    path = desk.root / "suppliers.toml"
    text = path.read_text("utf-8")
    before, _, after = text.partition('name = "joblib"\nreleased = "')
    path.write_text(f'{before}name = "joblib"\nreleased = "2019-01-01{after[10:]}', "utf-8")


def answers_altered(desk: Desk) -> None:
    for name in ("acme-llm", "beta-llm"):
        flip(desk.root / ".tetrapylon" / "suppliers" / f"{name}.answers.json")


def library_unknown(desk: Desk) -> None:
    edit(desk.root / "suppliers.toml", 'name = "onnxruntime"', 'name = "onnxruntime-2"')


def contact_changed(desk: Desk) -> None:
    edit(desk.root / "tetrapylon.toml", "security@beta-llm.example.org", "security@beta-11m.example.org")


Break = Callable[[Desk], None]
TOGETHER: dict[str, tuple[tuple[Break, str, str], ...]] = {
    "the first three": (
        (plain_and_far, "FAIL", "score is"),
        (pickle_loaded, "FAIL", "loads what can run code"),
        (key_exchanged, "FAIL", "key changed since it was last accepted"),
    ),
    "the next three": (
        (answers_expired, "FAIL", "it has expired (2021-01-01T00:00:00Z)"),
        (library_left, "FAIL", "`joblib` not maintained"),
        (answers_expired, "FAIL", "it has expired (2021-01-01T00:00:00Z)"),
    ),
    "the last three": (
        (answers_altered, "FAIL", "the questionnaire does not count"),
        (library_unknown, "UNKNOWN", "`onnxruntime` was last released was not looked up"),
        (contact_changed, "FAIL", "the questionnaire does not count"),
    ),
}


@pytest.mark.parametrize("name", sorted(TOGETHER))
def test_breaking_the_real_thing_is_seen(examined: Desk, name: str) -> None:
    """Three things are broken at once, one for each practice: each is seen for its own reason."""
    for wreck, _, _ in TOGETHER[name]:
        wreck(examined)
    found = look(examined)
    for practice, (wreck, state, why) in zip(MOVED, TOGETHER[name], strict=True):
        assert (found[practice][0], why in found[practice][1]) == (state, True), (wreck.__name__, found[practice])


def test_a_weakness_that_is_overdue_and_a_contact_that_changed_are_seen(examined: Desk) -> None:
    match(examined, overdue=1)
    assert "1 known weaknesses are overdue" in look(examined)["SV1.2"][1]
    contact_changed(examined)
    state, why = look(examined)["SV1.2"]
    assert (state, "contact changed since" in why) == ("FAIL", True), why


def test_a_model_that_was_used_before_it_was_examined_never_passes(desk: Desk) -> None:
    async def use() -> None:
        journal = open_journal(journal_folder(desk.root), ensure_ring(desk.root, None))
        labels = {"class": "internal", "sequence": "1", "verdict": "allow"}
        await journal.append(Entry("answer", "desk", "teller", "chat", "assistant", "teller", b"{}", labels))
        await journal.close()

    asyncio.run(use())
    time.sleep(1.1)  # times of evidence are whole seconds
    questioned(desk)
    state, why = look(desk)["SD3.4"]
    assert (state, "beforeFirstUse is false" in why) == ("FAIL", True), why


def test_a_change_of_the_key_stays_bad_until_somebody_accepts_it(examined: Desk) -> None:
    project, folder = open_project(examined.root), examined.root / "questionnaires"
    send(project, ["acme-llm"], folder)
    answer(folder / "acme-llm.json")
    sign_file(folder / "acme-llm.json", folder / "new.pem", 365, None, make=True)
    fresh = (folder / "acme-llm.signed.json", folder / "new.pub")
    with pytest.raises(RefusedError, match="known by another key"):
        take_in(project, *fresh, replace_key=False)
    with pytest.raises(RefusedError, match="another key"):
        take_in(project, fresh[0], None, replace_key=False)
    taken = take_in(project, *fresh, replace_key=True)
    for _ in range(2):  # a second look does not forgive what the first saw
        assert look(examined)["SV1.2"][0] == "FAIL"
    accepted = (
        f'\n[[accepted]]\nsupplier = "acme-llm"\nwhat = "key"\nvalue = "{taken.key}"\nreason = "told by telephone"\nowner = "owner-1"\n'
    )
    with (examined.root / "suppliers.toml").open("a", encoding="utf-8") as file:
        file.write(accepted)
    assert look(examined)["SV1.2"][0] == "PASS"


def test_old_answers_cannot_come_back(examined: Desk) -> None:
    """Neither by importing them again, nor by putting the whole old state back where the log knows newer answers."""
    project, folder = open_project(examined.root), examined.root / "questionnaires"
    state, kept = examined.root / ".tetrapylon" / "suppliers", examined.root / "kept"
    shutil.copytree(state, kept)
    shutil.copyfile(folder / "acme-llm.signed.json", folder / "old.json")
    with pytest.raises(RefusedError, match="waits for an answer"):
        take_in(project, folder / "old.json", None, replace_key=False)
    time.sleep(1.1)  # times of answers are whole seconds
    send(project, ["acme-llm"], folder)
    with pytest.raises(RefusedError, match="another questionnaire"):
        take_in(project, folder / "old.json", None, replace_key=False)
    answer(folder / "acme-llm.json", separation="no")
    sign_file(folder / "acme-llm.json", folder / "acme-llm.pem", 365, None, make=False)
    take_in(project, folder / "acme-llm.signed.json", None, replace_key=False)
    look(examined)
    shutil.copytree(kept, state, dirs_exist_ok=True)
    rows = {row.name: row for row in standing(project, "assistant").all[0].weighed.rows}
    assert "counted before" in rows["answers-signed"].why


def test_answers_of_nobody_known_are_not_taken_in(desk: Desk) -> None:
    project, folder = open_project(desk.root), desk.root / "questionnaires"
    send(project, ["acme-llm"], folder)
    answer(folder / "acme-llm.json")
    sign_file(folder / "acme-llm.json", folder / "a.pem", 1, None, make=True)
    with pytest.raises(UsageError, match="no key of a supplier is known"):
        take_in(project, folder / "acme-llm.signed.json", None, replace_key=False)
    assert not (desk.root / ".tetrapylon" / "suppliers" / "acme-llm.answers.json").exists()
    with pytest.raises(UsageError, match="supplies no hosted model"):
        send(project, ["scikit-learn"], folder)
    with pytest.raises(UsageError, match="there already"):
        sign_file(folder / "acme-llm.json", folder / "a.pem", 1, None, make=True)


def test_a_passport_that_a_supplier_handed_over_is_verified_offline(examined: Desk) -> None:
    """The example's own passport, as if a supplier had given it."""
    project, folder = open_project(examined.root), examined.root / "suppliers" / "passport"
    to = Recorder(project, policy(project), None, now=SystemClock().now())
    gate(to)
    write_passport(make_passport(to, find_decision(wiring.open_ledger(project), digest=None), "public"), folder)
    shutil.copyfile(project.state("trust", "1.root.json"), examined.root / "suppliers" / "root.json")
    known = {"passport": "suppliers/passport", "trust": "suppliers/root.json"}
    whole = passport_on_file(examined.root, known)
    assert whole is not None
    assert (whole.verdict, whole.anchored, whole.why) == ("released", True, "")
    alone = passport_on_file(examined.root, {"passport": "suppliers/passport"})
    assert alone is not None
    assert (alone.verdict, alone.anchored) == ("released", False)
    assert passport_on_file(examined.root, {"passport": "suppliers/other"}) is None
    flip(next(each for each in sorted(folder.rglob("*")) if each.is_file() and each.name != "passport.json"))
    broken = passport_on_file(examined.root, known)
    assert broken is not None
    assert (broken.verdict, broken.anchored) == ("integrity broken", False)


def ending(desk: Desk, supplier: str) -> None:
    path = desk.root / "suppliers.toml"
    before, mark, after = path.read_text("utf-8").partition(f'id = "{supplier}"')
    path.write_text(before + mark + after.replace("2039-12-31", "2020-12-31", 1), "utf-8")


def switch(desk: Desk) -> SupplierSwitch:
    project = open_project(desk.root)
    return SupplierSwitch(project, FileSwitch(project.state("closed.json")))


def test_nothing_is_sent_to_a_supplier_before_it_passes(desk: Desk) -> None:
    """A real gateway on the example as it is before any examination."""
    with served(desk, suppliers="refuse") as gateway:
        status, said = gateway.chat("What about cheque C-0001?")
    assert status == 503
    assert "`acme-llm` was not examined" in said["error"]["message"]
    assert "tetrapylon design suppliers check" in said["error"]["message"]


def test_a_passed_examination_opens_the_way_until_it_expires(examined: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    door = switch(examined)
    assert [door.closed(each) for each in ("chat:assistant", "upstream:assistant", "upstream:assistant-b", "infer:digit-reader")] == [
        None
    ] * 4
    assert door.unexamined() == []
    ends = door._admitted["assistant"].until
    monkeypatch.setattr(admission, "milliseconds", lambda: ends - 1)
    assert door.closed("upstream:assistant") is None
    monkeypatch.setattr(admission, "milliseconds", lambda: ends)
    assert "has expired" in str(door.closed("upstream:assistant"))


def test_a_bad_signal_closes_the_way_to_one_supplier_and_the_alternate_answers(examined: Desk) -> None:
    door = switch(examined)
    ending(examined, "acme-llm")
    look(examined)
    time.sleep(0.11)
    door.refresh()
    assert "(end-of-life)" in str(door.closed("upstream:assistant"))
    assert (door.closed("chat:assistant"), door.closed("upstream:assistant-b")) == (None, None)
    contact_changed(examined)
    look(examined)
    assert "acme-llm" in str(switch(examined).closed("chat:assistant"))


def test_what_was_examined_is_not_what_is_declared_now(examined: Desk) -> None:
    plain_and_far(examined)
    assert "was not examined for what `assistant` is now" in str(switch(examined).closed("upstream:assistant"))
    edit(examined.root / "tetrapylon.toml", 'supplier = "acme-llm"\nalternate', "alternate")
    assert "nobody is named as the supplier" in str(switch(examined).closed("upstream:assistant"))
    edit(examined.root / "tetrapylon.toml", "http://llm.acme-llm.example.org/v1", "http://127.0.0.1:8600/v1")
    assert switch(examined).closed("upstream:assistant") is None


def test_evidence_that_cannot_be_read_closes_everything(examined: Desk) -> None:
    for path in (examined.root / ".tetrapylon" / "ledger").rglob("*"):
        if path.is_file() and path.stat().st_size > 200:
            flip(path)
    assert "cannot be read" in str(switch(examined).closed("upstream:assistant"))
    assert switch(examined).closed("infer:digit-reader") is None


def test_a_setting_lets_what_was_not_examined_pass_and_it_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TETRAPYLON_UNEXAMINED_SUPPLIERS", "warn")
    door = switch(desk)
    assert (door.closed("upstream:assistant"), len(door.unexamined())) == (None, 2)
    assert "is served all the same" in door.unexamined()[0]


@contextmanager
def answering(respond: Callable[[Any], None]) -> Iterator[str]:
    """A server that answers each GET as it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            respond(self)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - http.server's own name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def sends(status: int, body: bytes, **headers: str) -> Callable[[Any], None]:
    def respond(handler: Any) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


GOOD = b"Contact: mailto:security@acme-llm.example.org\nExpires: 2099-01-01T00:00:00Z\n"


@pytest.mark.parametrize(
    ("status", "body", "verdict", "by"),
    [(200, GOOD, "good", "measured"), (404, b"no", "bad", "measured"), (503, GOOD, "good", "answered"), (302, GOOD, "bad", "measured")],
)
def test_the_address_is_really_asked(examined: Desk, status: int, body: bytes, verdict: str, by: str) -> None:
    """What the address says stands against what the supplier answered; where it says nothing, the answer stands in."""
    paths: list[str] = []

    def respond(handler: Any) -> None:
        paths.append(handler.path)
        sends(status, body, Location="http://127.0.0.1:9/")(handler)

    with answering(respond) as url:
        edit(examined.root / "suppliers.toml", 'id = "acme-llm"', f'id = "acme-llm"\nsecurity-txt = "{url}/security.txt"')
        manifest = examined.root / "tetrapylon.toml"
        with manifest.open("a", encoding="utf-8") as file:
            file.write(f'\n[[model]]\nid = "other"\nendpoint = "{url}/v1"\n')
        found = check(open_project(examined.root), None, record=False, offline=False)
    row = next(each for each in found.all if each.asset.id == "assistant").weighed.row("security-contact")
    assert row is not None
    assert (row.verdict.value, row.by, paths) == (verdict, by, ["/security.txt"]), row
    assert bool(row.contradicted) == (verdict == "bad")


def test_an_address_that_the_manifest_does_not_declare_is_not_asked(examined: Desk) -> None:
    asked: list[str] = []
    with answering(lambda handler: asked.append(handler.path)) as url:
        edit(examined.root / "suppliers.toml", 'id = "acme-llm"', f'id = "acme-llm"\nsecurity-txt = "{url}/security.txt"')
        found = check(open_project(examined.root), None, record=False, offline=False)
    assert asked == []
    assert any("`network` is off" in each.why for each in found.asked)


def test_an_answer_without_end_is_not_waited_for() -> None:
    def drip(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b"a")
            except OSError:
                return
            time.sleep(0.02)

    began = time.monotonic()
    with answering(drip) as url:
        with pytest.raises(UndecidedError) as slow:
            fetch(url, seconds=0.3)
        assert time.monotonic() - began < 1.5
    assert slow.value.code in {"no-answer", "too-large"}
    with answering(sends(200, b"a" * 70_000)) as url, pytest.raises(UndecidedError, match="longer"):
        fetch(url)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(UndecidedError):
        fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.2)
    for url in ("http://", "ftp://127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1:1/\x00"):
        with pytest.raises(TetrapylonError):
            fetch(url, seconds=0.2)


def test_what_is_printed_fits_its_schema(examined: Desk) -> None:
    for name, arguments, code in (
        ("json-suppliers", ["list"], 0),
        ("json-questionnaires", ["questionnaire", "new", "--out", str(examined.root / "more")], 0),
    ):
        ended = examined.run("design", "suppliers", *arguments, "--json")
        assert ended.code == code, ended.out
        jsonschema_rs.validate(OUTPUTS[name], ended.json)
