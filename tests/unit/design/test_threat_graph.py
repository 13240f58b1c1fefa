"""The graph holds everything, follows data and outsiders to a fixpoint, and does not depend on the order of a manifest."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tetrapylon.design.threats.element import LEVELS
from tetrapylon.design.threats.graph import Graph, graph_of

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "cheque-desk" / "tetrapylon.toml"
HOSTED = {"id": "talker", "endpoint": "https://models.example.org/v1"}


def flow(source: str, target: str, *carries: str, **more: Any) -> dict[str, Any]:
    return {"from": source, "to": target, "carries": list(carries) or ["data"], **more}


def classes(graph: Graph, key: str) -> list[str]:
    return [str(each) for each in graph.elements[key].classes]


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return tomllib.loads(EXAMPLE.read_text("utf-8"))


def test_everything_of_the_example_is_there(facts: dict[str, Any]) -> None:
    graph = graph_of(facts)
    kinds = {each.kind for each in graph.elements.values()}
    assert {"actor", "group", "service", "model", "hosted-model", "dataset", "prompt", "tool", "supplier", "environment"} <= kinds
    assert {"gateway", "journal", "pipeline", "update-path", "code", "dependencies"} <= kinds
    for table in ("person", "service", "model", "dataset", "prompt", "tool", "group", "environment", "supplier"):
        assert {each["id"] for each in facts[table]} <= {each.id for each in graph.elements.values()}
    ends = {(each.source, each.target): each.how for each in graph.flows}
    assert ends["dataset:digits", "model:digit-reader"] == "training"
    assert ends["supplier:acme-llm", "hosted-model:assistant"] == "supply"
    assert ends["prompt:assistant-system", "hosted-model:assistant"] == "instruct"
    assert ends["gateway:gateway", "tool:refund"] == "grant"
    assert ends["update-path:update", "environment:production"] == "update"
    assert ends["gateway:gateway", "journal:journal"] == "log"
    assert ends["gateway:gateway", "hosted-model:assistant-b"] == "run"
    assert {"crossing/internet", "environment/production", "supplier/acme-llm", "outside/outside"} <= {b.key for b in graph.boundaries}


def test_a_name_that_a_table_declares_is_no_outsider(facts: dict[str, Any]) -> None:
    assert [each.key for each in graph_of(facts).of("actor")] == ["actor:customer"]


def test_classes_of_data_spread_along_flows_and_end_at_people_and_suppliers() -> None:
    facts = {
        "store": [{"id": "files", "sensitivity": "restricted", "personal": True}],
        "service": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
        "supplier": [{"id": "bank"}],
        "flow": [flow("files", "a"), flow("a", "b"), flow("b", "a"), flow("b", "bank"), flow("bank", "c")],
    }
    graph = graph_of(facts)
    for key in ("service:a", "service:b", "supplier:bank"):
        assert classes(graph, key) == ["restricted, personal"]
        assert graph.elements[key].because == ("store:files",)
    assert classes(graph, "service:c") == []


def test_what_people_send_is_confidential_unless_it_is_declared_data() -> None:
    undeclared = graph_of({"service": [{"id": "a"}], "flow": [flow("customer", "a", "question")]})
    assert classes(undeclared, "service:a") == ["confidential"]
    declared = {"service": [{"id": "a"}], "store": [{"id": "faq", "sensitivity": "public"}], "flow": [flow("customer", "a", "faq")]}
    assert classes(graph_of(declared), "service:a") == ["public"]


def test_a_model_holds_what_it_learned_and_its_answers_do_not() -> None:
    facts = {
        "dataset": [{"id": "patients", "path": "p.csv", "sensitivity": "restricted"}],
        "model": [{"id": "reader", "path": "r.onnx", "trained-from": ["patients"]}],
        "service": [{"id": "desk"}],
        "flow": [flow("desk", "reader"), flow("reader", "desk")],
    }
    graph = graph_of(facts)
    assert classes(graph, "model:reader") == ["restricted", "internal"]
    assert classes(graph, "service:desk") == ["internal"]
    assert "restricted" in classes(graph, "pipeline:training")


def test_a_class_that_is_no_word_of_ours_is_not_called_harmless() -> None:
    graph = graph_of({"store": [{"id": "files", "sensitivity": "whatever"}]})
    assert graph.elements["store:files"].sensitivity == len(LEVELS) - 1


def test_exposure_says_who_reaches_what() -> None:
    facts = {
        "service": [{"id": "front"}, {"id": "back"}, {"id": "inner"}, {"id": "alone"}],
        "group": [{"id": "staff"}],
        "flow": [flow("customer", "front"), flow("front", "back"), flow("staff", "inner")],
    }
    exposure = {each.id: each.exposure for each in graph_of(facts).of("service")}
    assert exposure == {"front": 3, "back": 2, "inner": 1, "alone": 0}


def test_whoever_is_given_what_a_store_holds_reaches_it() -> None:
    facts = {
        "store": [{"id": "files", "sensitivity": "confidential"}, {"id": "cellar", "sensitivity": "confidential"}],
        "service": [{"id": "front"}],
        "flow": [flow("customer", "front"), flow("files", "front"), flow("front", "customer")],
    }
    graph = graph_of(facts)
    assert (graph.elements["store:files"].exposure, graph.elements["store:cellar"].exposure) == (2, 0)


def test_the_data_within_reach_raises_how_attractive_something_is() -> None:
    def points(sensitivity: str, *, personal: bool = False) -> int:
        store = {"id": "files", "sensitivity": sensitivity, "personal": personal}
        graph = graph_of({"store": [store], "service": [{"id": "a"}], "flow": [flow("files", "a")]})
        return graph.elements["service:a"].attraction.points

    ordered = [points(each) for each in LEVELS] + [points("restricted", personal=True)]
    assert ordered == sorted(set(ordered))


def test_circles_flows_to_oneself_and_islands_are_in_order() -> None:
    facts = {
        "service": [{"id": "a"}, {"id": "b"}, {"id": "island"}],
        "flow": [flow("a", "a"), flow("a", "b"), flow("b", "a"), flow("customer", "a"), flow("customer", "customer")],
    }
    graph = graph_of(facts)
    assert graph.elements["service:b"].exposure == 2
    assert graph.elements["service:island"].exposure == 0
    assert {each.key for each in graph.flows} >= {"service:a->service:a", "actor:customer->actor:customer"}


def test_flows_of_the_same_ends_are_one_and_carry_what_each_carries() -> None:
    graph = graph_of(
        {"service": [{"id": "a"}, {"id": "b"}], "flow": [flow("a", "b", "x"), flow("a", "b", "y"), flow("a", "b", crosses="line")]}
    )
    found = {each.key: each.carries for each in graph.flows if each.how == "declared"}
    assert found == {"service:a->service:b": ("x", "y"), "service:a->service:b@line": ("data",)}


def test_an_environment_is_a_line_and_a_shared_one_is_none() -> None:
    facts = {
        "model": [{"id": "reader", "path": "r.onnx", "trained-from": ["digits"]}],
        "dataset": [{"id": "digits", "path": "d.csv", "sensitivity": "internal"}],
        "environment": [{"id": "lab", "stage": "training", "holds": ["digits", "reader"]}],
        "flow": [flow("customer", "reader")],
    }
    graph = graph_of(facts)
    by = {(each.source, each.target): each.boundaries for each in graph.flows}
    assert by["actor:customer", "model:reader"] == ("environment/lab", "outside/outside")
    assert by["dataset:digits", "model:reader"] == ()
    assert graph.elements["model:reader"].zone == "environment/lab"


def test_without_a_gateway_something_else_carries_calls_to_tools() -> None:
    graph = graph_of({"model": [HOSTED], "tool": [{"id": "pay", "effect": "irreversible"}]})
    assert graph.dispatcher == "dispatcher:tools"
    assert (
        graph.elements["hosted-model:talker"].attraction.points
        > graph_of({"model": [HOSTED]}).elements["hosted-model:talker"].attraction.points
    )
    assert graph_of({"tool": [{"id": "pay", "effect": "irreversible"}]}).dispatcher == ""


def test_a_service_called_gateway_is_the_gateway() -> None:
    graph = graph_of(
        {
            "model": [HOSTED],
            "service": [{"id": "gateway"}],
            "group": [{"id": "staff", "may": ["chat:talker"]}],
            "tool": [{"id": "x", "effect": "read"}],
        }
    )
    assert graph.dispatcher == "service:gateway"
    assert graph.of("gateway") == ()


def test_which_models_answer_in_language() -> None:
    def speaks(model: dict[str, Any], **more: Any) -> bool:
        return bool(graph_of({"model": [model], **more}).language)

    file = {"id": "m", "path": "m.onnx"}
    assert not speaks(file)
    assert speaks(file, prompt=[{"id": "p", "path": "p.md", "model": "m"}])
    assert speaks(file, group=[{"id": "g", "may": ["chat:m"]}])
    assert speaks(HOSTED)
    assert not speaks(HOSTED, service=[{"id": "s", "may": ["infer:talker"]}])
    assert len(graph_of({"model": [{**HOSTED, "alternate": "m"}, file]}).language) == 2


def test_references_that_lead_nowhere_are_left_out() -> None:
    facts = {
        "model": [{"id": "m", "path": "m.onnx", "trained-from": ["gone"], "alternate": "gone", "supplier": "gone"}],
        "prompt": [{"id": "p", "path": "p.md", "model": "gone"}],
        "environment": [{"id": "e", "stage": "test", "holds": ["gone"], "location": "gone"}],
        "group": [{"id": "g", "may": ["call:gone", "fly:m"]}],
    }
    assert all(end in graph_of(facts).elements for each in graph_of(facts).flows for end in (each.source, each.target))


def test_the_order_of_a_manifest_changes_nothing(facts: dict[str, Any]) -> None:
    first = graph_of(facts)
    for seed in range(5):
        chance = random.Random(seed)
        shuffled = {
            key: chance.sample(rows, len(rows)) if isinstance(rows, list) else rows
            for key, rows in chance.sample(sorted(facts.items()), len(facts))
        }
        again = graph_of(shuffled)
        assert (again.elements, again.flows, again.boundaries, again.topology) == (
            first.elements,
            first.flows,
            first.boundaries,
            first.topology,
        )


def test_the_topology_changes_with_what_is_there(facts: dict[str, Any]) -> None:
    before = graph_of(facts).topology
    assert graph_of({**facts, "flow": facts["flow"][1:]}).topology != before
    assert graph_of({**facts, "store": [{"id": "new", "sensitivity": "public"}]}).topology != before
    dataset = [{**facts["dataset"][0], "sensitivity": "restricted"}, *facts["dataset"][1:]]
    assert graph_of({**facts, "dataset": dataset}).topology != before
    assert graph_of({**facts, "system": {**facts["system"], "purpose": "Another"}}).topology == before
