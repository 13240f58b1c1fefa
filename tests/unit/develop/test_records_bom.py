"""The bill: valid by the official schema, complete by cluster, the same twice, and drift is told from new evidence."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.develop.records_world import MANIFEST, TIME, World, world
from tetrapylon.develop.records import bound, work
from tetrapylon.develop.records.bom import bom_bytes, serial_number
from tetrapylon.develop.records.build import again, write
from tetrapylon.develop.records.drift import compare_bills, unlabelled
from tetrapylon.develop.records.elements import CLUSTERS, ORDER, accounted, completeness
from tetrapylon.develop.records.field import ORIGINS
from tetrapylon.develop.records.licences import licence_choice
from tetrapylon.develop.records.valid import schema_problems
from tetrapylon.outside.view import Known


@pytest.fixture
def desk(tmp_path: Path) -> World:
    return world(tmp_path)


def bill(desk: World) -> dict[str, Any]:
    """Return what the worker says about the bill, and let the log hold what it files before."""
    for each in work.observe(desk):
        if each.predicate == "cyclonedx":
            subjects = {subject.name: str(subject.digest) for subject in each.subjects}
            desk.log.setdefault("cyclonedx", []).append(Known(0, subjects, {**each.payload, "observedTo": TIME, "demo": True}, TIME, TIME))
    (found,) = bound.observe(desk)
    return dict(found.payload)


def on_disk(desk: World) -> Path:
    return desk.root / "records" / "bom.cdx.json"


def edit(desk: World, change: Any) -> None:
    value = json.loads(on_disk(desk).read_text())
    change(value)
    on_disk(desk).write_bytes(bom_bytes(value))


def test_the_bill_is_valid_and_the_same_whatever_the_order(desk: World) -> None:
    built = desk.built()
    assert schema_problems(built.bom) == []
    assert again(desk.context()) == built.bill.data
    assert built.bom["serialNumber"] == serial_number(desk.release_digest)
    assert unlabelled(built.bom) == []


def test_validation_is_by_the_official_schema_with_its_references(desk: World) -> None:
    bom = copy.deepcopy(dict(desk.built().bom))
    for wrong in (
        {"specVersion": 1.7},
        {"serialNumber": "urn:uuid:x"},
        {"colour": "red"},
        {"components": [{"type": "model", "name": "x"}]},
        {"components": [{"type": "library", "name": "x", "licenses": [{"license": {"id": "No-Such-Licence"}}]}]},
        {"metadata": {"timestamp": "yesterday"}},
    ):
        assert schema_problems({**bom, **wrong})


def test_fifty_elements_in_seven_clusters_each_with_a_state_and_a_reason(desk: World) -> None:
    clusters = completeness(desk.built().bom)
    assert [len(each.elements) for each in clusters] == [10, 9, 13, 10, 2, 4, 2]
    assert (set(CLUSTERS), len({(each.id, one.id) for each in clusters for one in each.elements})) == (set(ORDER), 50)
    assert all(each.state in ORIGINS and each.reason for cluster in clusters for each in cluster.elements)
    assert accounted(desk.built().bom) == 50


def test_what_is_not_in_the_bill_is_unknown(desk: World) -> None:
    empty = completeness({})
    assert {each.state for cluster in empty for each in cluster.elements if cluster.id in {"metadata", "security"}} == {"unknown"}
    assert accounted({}) == 0


def test_one_model_without_a_licence_makes_the_licence_of_models_unknown(desk: World) -> None:
    desk.record("reader", "model", 'licence = "MIT"\n')

    def licence() -> Any:
        models = next(each for each in completeness(desk.built().bom) if each.id == "models")
        return next(each for each in models.elements if each.id == "licence")

    assert (licence().state, "1 of 2 known; not of chat" in licence().reason) == ("unknown", True)
    desk.record("chat", "model", 'licence = "of the supplier"\n')
    assert licence().state == "declared"


def test_a_signed_bill_is_said_by_the_log_and_not_by_the_file(desk: World) -> None:
    def signature(**said: Any) -> str:
        return next(each.state for each in completeness(desk.built().bom, **said)[0].elements if each.id == "author-signature")

    assert (signature(), signature(signed=False), signature(signed=True)) == ("unknown", "unknown", "measured")


def test_what_the_worker_says_of_a_good_bill(desk: World) -> None:
    write(desk.built(), desk.root / "records")
    found = bill(desk)
    assert (found["schemaValid"], found["deterministic"], found["elementsAccounted"]) == (True, True, 50)
    assert (found["signed"], found["complete"], found["unlabelledFields"], found["detail"]) == (True, True, 0, [])
    filed = [each.predicate for each in work.observe(desk)]
    assert "cyclonedx" not in filed  # it is signed already


def test_no_bill_is_not_a_good_one(desk: World) -> None:
    found = bill(desk)
    assert (found["schemaValid"], found["signed"], found["complete"], found["elementsAccounted"]) == (False, False, False, 0)
    assert (found["unlabelledFields"], "there is no" in found["detail"][0]) == (1, True)


def lose_a_component(bom: dict[str, Any]) -> None:
    bom["components"] = [each for each in bom["components"] if each["bom-ref"] != "model:reader"]


def lose_a_label(bom: dict[str, Any]) -> None:
    library = next(each for each in bom["components"] if each["type"] == "library")
    library["properties"] = []


def lose_an_element(bom: dict[str, Any]) -> None:
    bom["metadata"]["properties"] = [each for each in bom["metadata"]["properties"] if "g7:models:licence" not in each["name"]]


def break_the_schema(bom: dict[str, Any]) -> None:
    bom["components"][0]["colour"] = "red"


def another_hash(bom: dict[str, Any]) -> None:
    next(each for each in bom["components"] if each["bom-ref"] == "model:reader")["hashes"][0]["content"] = "0" * 64


@pytest.mark.parametrize("change", [lose_a_component, lose_a_label, lose_an_element, break_the_schema, another_hash])
def test_an_edited_bill_is_not_signed(desk: World, change: Any) -> None:
    write(desk.built(), desk.root / "records")
    assert bill(desk)["signed"]
    edit(desk, change)
    found = bill(desk)
    assert (found["signed"], found["complete"]) == (False, False)
    assert found["detail"]
    expected = {lose_a_label: ("unlabelledFields", 0), lose_an_element: ("elementsAccounted", 50), break_the_schema: ("schemaValid", True)}
    if change in expected:
        key, good = expected[change]
        assert found[key] != good
    assert [each.predicate for each in work.observe(desk)].count("cyclonedx") == 0


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"[" * 100_000, b'{"metadata": 5, "components": {}}'])
def test_a_file_that_is_no_bill_is_said_to_be_none(desk: World, data: bytes) -> None:
    write(desk.built(), desk.root / "records")
    on_disk(desk).write_bytes(data)
    found = bill(desk)
    assert (found["schemaValid"], found["signed"], found["complete"]) == (False, False, False)


def test_a_bill_of_another_release_is_not_signed_for_this_one(desk: World) -> None:
    write(desk.built(), desk.root / "records")
    assert bill(desk)["signed"]
    desk.write("rules.md", "Obey.\n")
    assert not bill(desk)["signed"]


def test_another_spelling_is_drift(desk: World) -> None:
    write(desk.built(), desk.root / "records")
    on_disk(desk).write_text(json.dumps(json.loads(on_disk(desk).read_text())))
    assert desk.built().bill.differences == ("it is spelled otherwise: order, white space or escapes",)


def test_new_evidence_makes_the_bill_outdated_and_it_stays_signable(desk: World) -> None:
    write(desk.built(), desk.root / "records")
    desk.says("integrity-check", desk.digest("reader"), event="rehash", mismatched=0, missing=0)
    desk.says("test-result", desk.digest("reader"), suite="s", result="PASSED", configuration=[], upperBound=0.01)
    assert desk.built().bill.state == "outdated"
    assert bill(desk)["complete"]
    write(desk.built(), desk.root / "records")
    card = next(each["modelCard"] for each in json.loads(on_disk(desk).read_text())["components"] if each["bom-ref"] == "model:reader")
    assert card["quantitativeAnalysis"]["performanceMetrics"] == [{"type": "failure_rate_upper_bound", "value": "0.01", "slice": "s"}]
    assert "model-index" in (desk.root / "records" / "reader.md").read_text()
    assert schema_problems(desk.built().bom) == []
    desk.log.clear()
    assert desk.built().bill.state == "drifted"


def test_a_broken_record_file_fails_every_card_and_the_bill(desk: World) -> None:
    desk.record("reader", "model", "colour = 1\n")
    found = [each.payload for each in (*work.observe(desk), *bound.observe(desk))]
    assert [each["complete"] for each in found] == [False] * 5
    assert all("`colour`" in each["detail"][0] for each in found)


def test_inputs_change_with_what_is_read_and_with_nothing_else(desk: World) -> None:
    write(desk.built(), desk.root / "records")
    before = (work.inputs(desk), bound.inputs(desk))
    desk.time = "2026-06-02T00:00:00Z"
    assert (work.inputs(desk), bound.inputs(desk)) == before
    desk.record("reader", "model", 'review-due = "2026-06-03"\n')
    now = work.inputs(desk)
    assert now != before[0]
    desk.time = "2026-06-04T00:00:00Z"
    assert work.inputs(desk) != now
    now = work.inputs(desk)
    desk.says("integrity-check", desk.digest("reader"), event="rehash")
    newer = work.inputs(desk)
    assert newer != now
    desk.says("integrity-check", desk.digest("reader"), event="rehash")
    assert work.inputs(desk) == newer


@pytest.mark.parametrize(
    ("stated", "made"),
    [
        ("MIT", {"license": {"id": "MIT"}}),
        ("MIT OR (Apache-2.0 AND BSD-3-Clause)", {"expression": "MIT OR (Apache-2.0 AND BSD-3-Clause)"}),
        ("MIT OR", {"license": {"name": "MIT OR"}}),
        ("(MIT", {"license": {"name": "(MIT"}}),
        ("our own <terms>", {"license": {"name": "our own <terms>"}}),
    ],
)
def test_a_licence_is_an_identifier_an_expression_or_a_name(stated: str, made: dict[str, Any]) -> None:
    assert licence_choice(stated) == [made]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), min_size=1, max_size=40).map(str.strip).filter(
    bool
) | st.sampled_from(["a | b", "---", "<b>", "{}", "urn:cdx:x", "$ref", "a\\b", '"', "unknown: x"])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(purpose=WORDS, supplier=WORDS, source=WORDS, summary=WORDS)
def test_whatever_names_hold_the_bill_is_valid(tmp_path: Path, purpose: str, supplier: str, source: str, summary: str) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["system"]["purpose"] = purpose
    manifest["supplier"][0]["name"] = supplier
    manifest["dataset"][0]["source"] = source
    desk = world(tmp_path, manifest)
    desk.record(
        "reader", "model", f"summary = {json.dumps(summary, ensure_ascii=False)}\nlicence = {json.dumps(summary, ensure_ascii=False)}\n"
    )
    bom = desk.built().bom
    assert (schema_problems(bom), unlabelled(bom)) == ([], [])
    assert compare_bills(json.loads(bom_bytes(bom)), bom).differences == ()
