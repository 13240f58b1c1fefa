"""Cards: complete, labelled, the same twice, and not to be fooled by edits or by markup in names."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.develop.records_world import MANIFEST, World, world
from tetrapylon.develop.records.build import CARDS, Built, Document, write
from tetrapylon.develop.records.card import BEGIN, END, compare, notes_of, render
from tetrapylon.develop.records.field import ORIGINS, Field, Record, Section
from tetrapylon.develop.records.work import card_payload
from tetrapylon.kernel.errors import ConflictError, TetrapylonError
from tetrapylon.system.problem import ManifestError

MODEL = """
summary = "s"
licence = "MIT"
creation = "c"
operation = "o"
end-of-life = "e"
intended-use = ["u"]
limitations = ["l"]
failure-modes = ["breaks on Mondays"]
retention = "P1Y"
review-due = "2027-01-01"
"""


@pytest.fixture
def desk(tmp_path: Path) -> World:
    return world(tmp_path)


def card(built: Built, known: str) -> tuple[Record, Document]:
    return next((record, document) for record, document in zip(built.records, built.cards, strict=True) if record.id == known)


def payload(desk: World, known: str) -> dict[str, Any]:
    return card_payload(*card(desk.built(), known), desk.time[:10])


def test_every_kind_of_card_says_what_and_why() -> None:
    assert list(CARDS) == ["dataset", "model", "prompt"]
    assert all("Why it matters" in (CARDS[each].__doc__ or "") for each in CARDS)


def test_nothing_is_unlabelled_and_every_unknown_says_how_to_fill_it_in(desk: World) -> None:
    for record in desk.built().records:
        for each in record.fields.values():
            assert each.origin in ORIGINS
            assert each.source
            assert (each.origin == "unknown") == (each.value is None)


def test_what_the_file_says_is_measured(desk: World) -> None:
    record, document = card(desk.built(), "reader")
    assert (record.fields["parameters"].value, record.fields["parameters"].origin) == (6, "measured")
    assert "| Parameters | 6 | measured | `reader.safetensors` |" in document.data.decode()
    digits = card(desk.built(), "digits")[0]
    assert (digits.fields["size"].value, digits.fields["size"].origin) == (3, "measured")
    assert digits.fields["diversity"].value == "`label` has 2 classes of 1 to 2 rows (1: 1, 2: 2)"
    rules = card(desk.built(), "rules")[0]
    assert rules.fields["placeholders"].value == ["question"]


def test_a_second_run_changes_no_byte(desk: World) -> None:
    desk.record("reader", "model", MODEL)
    assert len(write(desk.built(), desk.root / "records")) == 5
    assert write(desk.built(), desk.root / "records") == []
    assert {each.state for each in desk.built().documents} == {"current"}


def test_notes_survive_a_rebuild_and_are_labelled(desk: World) -> None:
    path = desk.root / "records" / "reader.md"
    write(desk.built(), path.parent)
    notes = "## Looks like a section\n| a | b |\n---\n<b>mine</b>"
    path.write_text(path.read_text().replace("Nothing yet.", notes))
    assert card(desk.built(), "reader")[1].state == "current"
    desk.record("reader", "model", MODEL)
    assert [each.name for each in write(desk.built(), path.parent)] == ["reader.md", "bom.cdx.json"]
    assert notes_of(path.read_text()) == notes
    assert "| Notes | see below | declared |" in path.read_text()


def test_an_edited_fact_is_drift_with_a_diff(desk: World) -> None:
    path = desk.root / "records" / "reader.md"
    write(desk.built(), path.parent)
    path.write_text(path.read_text().replace("| Parameters | 6 |", "| Parameters | 7000 |"))
    found = card(desk.built(), "reader")[1]
    assert found.state == "drifted"
    assert any("7000" in each for each in found.differences)
    assert payload(desk, "reader")["drifted"] > 0


@pytest.mark.parametrize("lost", [BEGIN, END])
def test_a_card_without_its_marks_is_not_overwritten(desk: World, lost: str) -> None:
    path = desk.root / "records" / "reader.md"
    write(desk.built(), path.parent)
    text = path.read_text().replace(lost, "")
    path.write_text(text)
    assert card(desk.built(), "reader")[1].state == "drifted"
    with pytest.raises(ConflictError) as refused:
        write(desk.built(), path.parent)
    assert (refused.value.code, path.read_text()) == ("not-a-card", text)


def test_a_file_of_somebody_else_is_not_overwritten(desk: World) -> None:
    desk.write("records/rules.md", "# My own page\n")
    with pytest.raises(ConflictError):
        write(desk.built(), desk.root / "records")
    assert not (desk.root / "records" / "reader.md").exists()


def test_other_bytes_are_drift(desk: World) -> None:
    write(desk.built(), desk.root / "records")
    desk.write("rules.md", "Obey.\n")
    found = card(desk.built(), "rules")[1]
    assert found.state == "drifted"
    assert any("sha256:" in each for each in found.differences)


def test_newer_evidence_makes_a_card_outdated_and_not_wrong(desk: World) -> None:
    write(desk.built(), desk.root / "records")
    digest = desk.digest("reader")
    desk.says("integrity-check", digest, event="rehash", mismatched=0)
    assert card(desk.built(), "reader")[1].state == "outdated"
    write(desk.built(), desk.root / "records")
    desk.says("integrity-check", digest, event="rehash", mismatched=0)
    assert card(desk.built(), "reader")[1].state == "current"
    desk.says("integrity-check", digest, event="rehash", mismatched=1)
    assert card(desk.built(), "reader")[1].state == "drifted"


def test_a_row_that_was_evidence_and_is_none_is_drift(desk: World) -> None:
    desk.says("integrity-check", desk.digest("reader"), event="rehash", mismatched=0)
    write(desk.built(), desk.root / "records")
    desk.log.clear()
    assert card(desk.built(), "reader")[1].state == "drifted"


def test_what_is_complete(desk: World) -> None:
    assert set(payload(desk, "reader")["missingFields"]) >= {"summary", "guardrails", "review-due", "the card itself"}
    desk.record("reader", "model", MODEL + 'no-guardrails = "none"\n')
    write(desk.built(), desk.root / "records")
    found = payload(desk, "reader")
    assert (found["complete"], found["missingFields"], found["failureModes"]) == (True, [], 1)
    desk.time = "2027-01-02T00:00:00Z"
    assert payload(desk, "reader")["missingFields"] == ["review-due (it passed on 2027-01-01)"]


def test_an_unknown_with_a_reason_is_enough_where_it_may_be(desk: World) -> None:
    reason = '[unknown]\nlicence = "the lawyers are looking"\nintended-use = "nobody knows"\n'
    text = MODEL.replace('licence = "MIT"\n', "").replace('intended-use = ["u"]\n', "") + 'no-guardrails = "none"\n' + reason
    desk.record("reader", "model", text)
    write(desk.built(), desk.root / "records")
    assert payload(desk, "reader")["missingFields"] == ["intended-use"]
    assert "the lawyers are looking" in (desk.root / "records" / "reader.md").read_text()


GUARD = '[[guardrail]]\nname = "refused"\npredicate = "integrity-check"\nwhere = { event = "load" }\nholds = { refused = true }\n'


def test_a_guard_counts_only_with_evidence_that_holds_now(desk: World) -> None:
    assert payload(desk, "reader")["guardrailsWithoutEvidence"] == 1
    desk.record("reader", "model", MODEL + GUARD)
    write(desk.built(), desk.root / "records")
    digest = desk.digest("reader")
    counts = []
    for refused in (None, True, False):
        if refused is not None:
            desk.says("integrity-check", digest, event="load", refused=refused)
        counts.append(payload(desk, "reader")["guardrailsWithoutEvidence"])
    desk.says("integrity-check", digest, event="other", refused=True)
    assert [*counts, payload(desk, "reader")["guardrailsWithoutEvidence"]] == [1, 0, 1, 1]


def test_failed_tests_and_waivers_must_be_on_the_card(desk: World) -> None:
    desk.record("reader", "model", MODEL)
    write(desk.built(), desk.root / "records")
    digest = desk.digest("reader")
    desk.says("test-result", digest, suite="evasion | <b>", result="FAILED", configuration=[])
    desk.says("waiver", digest, practice="SP2.3", expires="2030-01-01T00:00:00Z", owner="anna", reason="r")
    found = payload(desk, "reader")
    assert (found["failureModes"], found["unlistedFailures"]) == (1, 2)
    write(desk.built(), desk.root / "records")
    found = payload(desk, "reader")
    assert (found["failureModes"], found["unlistedFailures"]) == (3, 0)
    desk.says("test-result", digest, suite="evasion | <b>", result="PASSED", configuration=[])
    assert payload(desk, "reader")["unlistedFailures"] == 0


def test_the_chain_of_a_hosted_model_needs_reasons(desk: World) -> None:
    desk.record("chat", "model", '[unknown]\nweights = "not said"\n')
    write(desk.built(), desk.root / "records")
    assert payload(desk, "chat")["chainComplete"] is False
    desk.record("chat", "model", '[unknown]\nweights = "not said"\ntraining-data = "not said"\n')
    write(desk.built(), desk.root / "records")
    assert payload(desk, "chat")["chainComplete"] is True


def test_the_chain_of_a_trained_model_needs_provenance_about_the_data_of_now(desk: World) -> None:
    desk.record("digits", "dataset", 'source = "counted by hand"\n')
    write(desk.built(), desk.root / "records")
    assert payload(desk, "reader")["chainComplete"] is False
    materials = [{"name": "dataset:digits", "digest": {"sha256": desk.digest("digits").removeprefix("sha256:")}}]
    made = {"buildDefinition": {"resolvedDependencies": materials}, "runDetails": {"metadata": {"finishedOn": "2026-01-01T00:00:00Z"}}}
    desk.says("slsa-provenance", desk.digest("reader"), **made)
    assert payload(desk, "reader")["chainComplete"] is True
    desk.write("digits.csv", "label,p0\n1,1\n")
    found = payload(desk, "reader")
    assert (found["chainComplete"], "changed since" in " ".join(found["detail"])) == (False, True)


def test_sources_and_characteristics_of_data_are_counted(desk: World) -> None:
    desk.record("digits", "dataset", 'age = "old"\n')
    write(desk.built(), desk.root / "records")
    found = payload(desk, "digits")
    assert (found["sourcesUnknown"], found["trainingSetFields"]) == (1, 6)
    desk.record("digits", "dataset", 'age = "old"\n[unknown]\nrelevance = "r"\nsource = "bought without papers"\n')
    write(desk.built(), desk.root / "records")
    found = payload(desk, "digits")
    assert (found["sourcesUnknown"], found["trainingSetFields"]) == (0, 7)


def test_tests_of_a_prompt_must_be_there(desk: World) -> None:
    desk.record("rules", "prompt", 'purpose = "p"\nreview-due = "2027-01-01"\ntests = ["rules.tests"]\n')
    write(desk.built(), desk.root / "records")
    assert payload(desk, "rules")["missingFields"] == ["tests"]
    desk.write("rules.tests", "ask it\n")
    assert payload(desk, "rules")["missingFields"] == []


BAD = [
    ("reader", "model", 'licnce = "MIT"\n', "`licnce`", "did you mean `licence`"),
    ("reader", "dataset", "", "`kind`", 'write `kind = "model"`'),
    ("reader", "model", 'review-due = "soon"\n', "`review-due`", "docs/practices/records.md"),
    ("reader", "model", "review-due = 2027-01-01\n", "`review-due`", "docs/practices/records.md"),
    ("reader", "model", 'owner = "ana"\n', "`owner`", "did you mean `anna`"),
    ("reader", "model", '[unknown]\nlicence = "a"\nlimitatons = "b"\n', "`unknown.limitatons`", "did you mean `limitations`"),
    ("reader", "model", 'licence = "MIT"\n[unknown]\nlicence = "a"\n', "`unknown.licence`", "take one of them out"),
    ("reader", "model", 'no-guardrails = "n"\n' + GUARD, "`no-guardrails`", "take one of them out"),
    ("raeder", "model", "", "`file`", "did you mean `reader`"),
]


@pytest.mark.parametrize(("known", "kind", "more", "place", "hint"), BAD)
def test_a_record_file_is_decoded_strictly(desk: World, known: str, kind: str, more: str, place: str, hint: str) -> None:
    desk.record(known, kind, more)
    with pytest.raises(ManifestError) as refused:
        desk.context()
    assert (place in refused.value.message, f"records/{known}.toml" in refused.value.message) == (True, True)
    assert hint in refused.value.hint


def test_ids_that_two_tables_share_have_files_of_their_own(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["prompt"][0]["id"] = "reader"
    desk = world(tmp_path, manifest)
    desk.record("_model.reader", "model", 'summary = "the model"\n')
    desk.record("_prompt.reader", "prompt", 'summary = "the prompt"\n')
    names = {each.about: each.name for each in desk.built().cards}
    assert (names["model:reader"], names["prompt:reader"]) == ("_model.reader.md", "_prompt.reader.md")


HOSTILE = st.text(max_size=60) | st.sampled_from(
    ["a|b", "---\nx: y", "<script>", "\n## Notes\n", BEGIN, END, "| declared |", "a\\", "`", "*_~$[x](y)"]
)
SYSTEM = {"id": "desk", "release": "1.0"}


@st.composite
def hostile(draw: st.DrawFn) -> Record:
    fields = [
        Field(
            f"k{number}",
            f"{number} {draw(HOSTILE)}",
            None if origin == "unknown" else draw(HOSTILE | st.lists(HOSTILE, max_size=3)),
            origin,
            draw(HOSTILE) or "x",
            fed=draw(st.booleans()),
        )
        for number, origin in enumerate(draw(st.lists(st.sampled_from(ORIGINS), min_size=1, max_size=5)))
    ]
    hub = {"tags": draw(st.lists(HOSTILE, max_size=3)), "license": draw(HOSTILE)}
    return Record("model-card", "model", draw(HOSTILE) or "x", "sha256:" + "0" * 64, (Section("Identity", tuple(fields)),), {}, hub)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(record=hostile(), notes=HOSTILE)
def test_whatever_names_hold_a_card_is_stable_and_has_one_row_for_each_field(record: Record, notes: str) -> None:
    made = render(record, SYSTEM)
    found = compare(made, record, SYSTEM)
    assert (found.differences, found.outdated, found.unlabelled) == ((), 0, 0)
    lines = made.split("\n")
    assert sum(each.startswith("| ") for each in lines) == len(record.fields) + 3  # two heads, and the row of the notes
    assert lines.count("---") == 2
    assert all(each.isprintable() for each in lines)
    assert "<script" not in made
    kept = notes_of(render(record, SYSTEM, notes))
    assert kept is None or kept == notes.strip("\n")


@given(record=hostile(), draw=st.data())
def test_whatever_is_done_to_a_card_comparing_ends_with_an_answer(record: Record, draw: st.DataObject) -> None:
    made = render(record, SYSTEM)
    at = draw.draw(st.integers(0, len(made)))
    changed = made[:at] + draw.draw(st.text(max_size=10)) + made[at + draw.draw(st.integers(0, 5)) :]
    found = compare(changed, record, SYSTEM)
    notes = notes_of(changed)
    if changed != render(record, SYSTEM, notes or ""):
        assert found.differences or found.outdated or notes is not None


def test_errors_are_of_our_family(desk: World) -> None:
    desk.write("records/reader.toml", b"\xff")
    with pytest.raises(TetrapylonError):
        desk.context()
