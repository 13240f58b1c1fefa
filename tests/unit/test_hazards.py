"""Every look for hazards finds what it must, where it is, and nothing in what is good; and nothing makes it fail or slow."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tetrapylon.app.looks import look_everywhere
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

FOLDERS = (
    "tetrapylon.develop.supply.hazards",
    "tetrapylon.operate.monitor.hazards",
    "tetrapylon.design.privilege.hazards",
    "tetrapylon.deploy.access.hazards",
    "tetrapylon.responsibility.provider.hazards",
)
PARTS: dict[str, ModuleType] = {f"{folder}.{name}": part for folder in FOLDERS for name, part in Shelf(folder).items()}
BAD = [(name, case) for name, part in PARTS.items() for case in part.BAD]
GOOD = [(name, case) for name, part in PARTS.items() for case in part.GOOD]
RULES: dict[str, Rule] = {rule.id: rule for part in PARTS.values() for rule in part.RULES}


def _found(repository: Repository) -> list[Finding]:
    return [each for part in PARTS.values() for each in part.look(repository)]


@pytest.mark.parametrize(("name", "case"), BAD)
def test_what_is_bad_is_found(name: str, case: str) -> None:
    files = PARTS[name].BAD[case]
    rule = case.partition(":")[0]
    found = list(PARTS[name].look(Repository.of_texts(files)))
    assert [each for each in found if each.rule == rule and each.at.line > 0 and each.at.path in files]
    assert {each.rule for each in found} <= {each.id for each in PARTS[name].RULES}


@pytest.mark.parametrize(("name", "case"), GOOD)
def test_what_is_good_is_not_found_by_any(name: str, case: str) -> None:
    assert _found(Repository.of_texts(PARTS[name].GOOD[case])) == []


def test_every_rule_has_bad_samples_and_every_part_good_ones() -> None:
    shown = {case.partition(":")[0] for _, case in BAD}
    assert RULES.keys() - shown == set()
    assert [name for name, part in PARTS.items() if not part.GOOD] == []


def test_no_two_parts_have_a_rule_of_the_same_name() -> None:
    ids = [rule.id for part in PARTS.values() for rule in part.RULES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_what_why_and_how(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix


@pytest.mark.parametrize(("name", "case"), [each for each in BAD if each[1].startswith("plaintext-secret")])
def test_no_secret_is_shown(name: str, case: str) -> None:
    files = PARTS[name].BAD[case]
    text = "".join(files.values())
    for each in PARTS[name].look(Repository.of_texts(files)):
        shown = "".join(re.findall(r"`([^`]*)…`", each.title))
        assert len(shown) <= 4
        assert not [word for word in re.findall(r"[\w+/=-]{12,}", each.title + each.fix) if word in text and re.search(r"\d", word)]


def test_what_is_bad_in_tests_and_examples_is_less_bad() -> None:
    text = "import yaml\nc = yaml.load(open('c.yaml'))\n"
    found = {
        path: _found(Repository.of_texts({path: text}))[0].severity for path in ("app.py", "tests/app.py", "docs/app.py", "test_app.py")
    }
    assert found == {"app.py": "high", "tests/app.py": "medium", "docs/app.py": "medium", "test_app.py": "medium"}


_PATHS = (
    *("app.py", "demo.ipynb", "web.ts", "Dockerfile", "compose.yaml", ".github/workflows/ci.yml", ".mcp.json", "requirements.txt"),
    *(".env", "pyproject.toml", "package.json", "start.sh", "page.html", "config.yaml", "notes.txt", ".gitignore"),
)
_LINES = sorted({line for name, case in BAD for text in PARTS[name].BAD[case].values() for line in text.splitlines(keepends=True)})
_PIECES = st.one_of(
    st.sampled_from(_LINES),
    st.text(max_size=30),
    st.sampled_from(
        ["\n", "    ", "if x:\n", "def f(a, *b, **c):\n", "class A:\n", "try:\n", "except E:\n", "{", "}", "[", "]", "'", '"', "`", "${"]
    ),
)
_TEXTS = st.lists(_PIECES, max_size=25).map("".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_PATHS), _TEXTS, max_size=4))
def test_nothing_makes_a_look_fail(files: dict[str, str]) -> None:
    for each in _found(Repository.of_texts(files)):
        assert each.at.path in files
        assert each.rule in RULES


_STATEMENTS = st.recursive(
    st.sampled_from([line.strip() + "\n" for line in _LINES if re.match(r"\s*(?:\w+ = |return |\w+\()[^\n]*[\w)\]'\"]\n$", line)]),
    lambda inner: st.tuples(
        st.sampled_from(
            ["if a in b:", "for a in b:", "def f(a, b=1):", "async def g(self, *a):", "class C(Tool):", "while True:", "with a as b:"]
        ),
        st.lists(inner, min_size=1, max_size=4),
    ).map(lambda pair: f"{pair[0]}\n" + "".join(f"    {line}\n" for text in pair[1] for line in text.splitlines())),
    max_leaves=20,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_STATEMENTS, min_size=1, max_size=6).map("".join))
def test_no_tree_makes_a_look_fail(text: str) -> None:
    imports = "import torch, cv2, yaml, pickle, subprocess, logging\nfrom openai import OpenAI\nfrom fastapi import FastAPI\n"
    _found(Repository.of_texts({"app.py": imports + text}))


_DEEP = sys.getrecursionlimit()


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "a." * _DEEP + "b",
        "x = " + "'a' + " * (_DEEP // 3) + "input()",
        "x = " + "f(" * 90 + "input()" + ")" * 90,
        "x = " + "[" * 90 + "]" * 90,
        "".join(f"{' ' * depth}if input():\n" for depth in range(90)) + " " * 90 + "pass",
        "x = input()" + ".strip()" * (_DEEP // 3),
    ],
)
def test_deep_trees_are_read_as_far_as_they_go(text: str) -> None:
    _found(Repository.of_texts({"app.py": f"from openai import OpenAI\n{text}\nexec(input())\n"}))


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    modules = [each for name, each in sorted(sys.modules.items()) if _is_ours(name)]
    for module in modules:
        for name, value in vars(module).items():
            held = value if isinstance(value, tuple | list) else [value]
            flat = [inner for each in held for inner in (each if isinstance(each, tuple) else [each, *_fields(each)])]
            yield from (
                (f"{module.__name__}.{name}", each) for each in flat if isinstance(each, re.Pattern) and isinstance(each.pattern, str)
            )


def _fields(value: object) -> list[object]:
    return [getattr(value, each, None) for each in getattr(type(value), "__slots__", ())]


def _is_ours(name: str) -> bool:
    folders = [each.rpartition(".")[0] for each in FOLDERS]
    return name.startswith((*folders, "tetrapylon.outside.repository", "tetrapylon.system.finding"))


_N = 5_000
_PARTS = (
    *(" ", "\t", "a", "A", "_", "0", "/", ".", "-", "=", "(", "{", "[", "'", '"', "`", "<", "a ", "a.", "a/", "a-", "a: ", "\\\n", "\n "),
    *("key = ", "key: a", "curl ", "http://", "git+https://a", "://a:", "image:", "docker run ", "-p ", "model=", "model: a ", "const a "),
    *("const a = ", "{a", "a{", "ports: [", "vllm serve ", "cors({", "sk-", "-----BEGIN ", "eyJa.", "console.log(", "<script", "FROM "),
)
_HOSTILE = [each * (_N // len(each)) for each in _PARTS]


def test_every_pattern_runs_in_linear_time() -> None:
    patterns = dict(_patterns())
    assert len(patterns) > 60  # otherwise this looked in the wrong place
    slow = {}
    for name, pattern in patterns.items():
        for text in _HOSTILE:
            began = time.process_time()
            for _ in pattern.finditer(text):
                pass
            # What is linear takes milliseconds; what is quadratic takes seconds.
            if time.process_time() - began > 0.25:
                slow[name] = text[:20]
    assert slow == {}


def test_all_looks_and_finders_share_one_view() -> None:
    samples = [each for name, part in PARTS.items() for each in (*part.BAD.values(), *part.GOOD.values())]
    files = {f"s{number}/{path}": text for number, sample in enumerate(samples) for path, text in sample.items()}
    looked = look_everywhere(Repository.of_texts(files))
    assert looked.failed == ()
    assert {each.rule for each in looked.findings} >= RULES.keys() - {"tool-without-approval", "dangerous-tool", "code-without-sandbox"}
