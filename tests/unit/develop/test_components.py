"""The parts of an AI system, each once: who has a name stands for those without, and the example is found as it is."""

from __future__ import annotations

from pathlib import Path

from tetrapylon.develop.assets.components import find_components, merged
from tetrapylon.develop.assets.seeing import component, hosted
from tetrapylon.outside.repository.read import read_repository
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Place

ROOT = Path(__file__).parents[3]


def test_the_same_thing_in_several_places_is_one_at_the_first() -> None:
    places = [Place("tests/a.py", 1), Place("c.yaml", 1), Place("b.py", 9), Place("b.py", 3)]
    (each,) = merged(component("model", "org/base", at, "seen", revision="abc" if at.path == "c.yaml" else None) for at in places)
    assert each.at == Place("b.py", 3)
    assert each.facts == {"revision": "abc"}


def test_a_provider_alone_says_nothing_beside_its_model() -> None:
    found = [hosted("openai", Place("a.py", 1), "client", "openai"), hosted("gpt-4o", Place("b.py", 1), "call", "openai")]
    found.append(hosted("mistral", Place("a.py", 2), "client", "mistral"))
    assert [each.id for each in merged(found)] == ["gpt-4o", "mistral"]


def test_what_nobody_could_resolve_counts_where_nothing_else_does() -> None:
    unknown = component("model", "args.path", Place("app/a.py", 1), "load", named="no")
    assert [each.id for each in merged([unknown])] == ["args.path"]
    assert [each.id for each in merged([unknown, component("model", "m.onnx", Place("app/b.py", 1), "load")])] == ["m.onnx"]


def test_prompts_of_one_name_in_two_files_are_two() -> None:
    texts = {f"{each}.py": "import openai\nSYSTEM = 'You answer questions of customers.'\n" for each in "ab"}
    assert [each.id for each in find_components(Repository.of_texts(texts))] == ["a.py:SYSTEM", "b.py:SYSTEM"]


def test_the_example_is_found_as_it_is() -> None:
    found = {(each.kind, each.id) for each in find_components(read_repository(ROOT / "examples" / "cheque-desk"))}
    expected = {("prompt", "prompts/assistant.md"), ("model", "models/digit-reader.onnx"), ("dataset", "data/cheques.csv")}
    assert expected <= found, sorted(found)
    assert {kind for kind, _ in found} <= {"prompt", "model", "dataset", "training", "library", "tool", "server", "hosted-model"}
