"""Code and configuration written to mislead: circles, great numbers, broken files. Finding ends, soon, and without an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.develop.assets.components import find_components
from tetrapylon.outside.repository.configs import settings_of
from tetrapylon.outside.repository.view import Repository

USES = "from openai import OpenAI\nfrom transformers import AutoModel\nimport sklearn\n"
NAMES = [f"n{each}" for each in range(14)]
CIRCLES = {
    "two names": "a = b\nb = a\nAutoModel.from_pretrained(a)\nc.chat.completions.create(model=a)\n",
    "every name is every other": "".join(f"{one} = {' or '.join(NAMES)}\n" for one in NAMES) + "AutoModel.from_pretrained(n0)\nn0.fit(x)\n",
    "functions": "def f(m=None):\n    return g(m)\ndef g(m=None):\n    return f(m)\nAutoModel.from_pretrained(f(g()))\nf().fit(x)\n",
    "a parameter of itself": "def f(model):\n    f(model)\n    c.chat.completions.create(model=model)\n",
    "an attribute of itself": "class A:\n    model = model\n    def f(self):\n        self.model = self.model\n"
    "        AutoModel.from_pretrained(self.model)\n",
    "a dictionary in itself": "D = D['x']['y']\nAutoModel.from_pretrained(D['z'])\nD['a']['b'].fit(x)\n",
    "tools of tools": "from langchain.agents import create_react_agent\nT = T + T\nU = [*U]\ncreate_react_agent(m, T)\n",
}


@pytest.mark.parametrize("name", CIRCLES)
def test_circles_end(name: str) -> None:
    began = time.perf_counter()
    find_components(Repository.of_texts({"a.py": USES + CIRCLES[name], "b.py": USES + "from a import *\nfrom b import a\n"}))
    assert time.perf_counter() - began < 5


def test_modules_that_import_each_other_end() -> None:
    texts = {f"m{each}.py": f"{USES}from m{(each + 1) % 9} import NAME\nAutoModel.from_pretrained(NAME)\n" for each in range(9)}
    assert [each.kind for each in find_components(Repository.of_texts(texts))] == ["model"]


MANY = {
    "calls.py": USES + "c.chat.completions.create(model=m, tools=t)\n" * 1_000,
    "loops.py": USES + "for x in y:\n    c.messages.create(model=m, tools=t)\n" * 500,
    "prompts.py": USES + "x = {'role': 'system', 'content': 'You are the assistant of the house.'}\n" * 1_000,
    "names.py": USES + "MODEL = OTHER\nOTHER = MODEL\nAutoModel.from_pretrained(MODEL)\n" * 300,
    "fits.py": USES + "model = make(model)\nmodel.fit(x, y)\n" * 600,
    "scripts.ts": "import OpenAI from 'openai';\n"
    + "const M = process.env.M; o.create({ model: M, tools: [{ name: 'x', parameters: {} }] });\n" * 1_000,
    "strings.ts": "import OpenAI from 'openai';\nconst a = '" + "model: " * 60_000,
    "braces.ts": "import { Agent } from '@openai/agents';\n" + "new Agent({ " * 20_000,
    "words.env": "MODEL" * 100_000,
    "spaces.yaml": "a:" + " " * 300_000 + "b",
    "items.yaml": "- " * 100_000,
    "nested.yaml": "\n".join(" " * each + f"k{each}:" for each in range(700)),
    "Dockerfile": "RUN docker run " * 20_000,
    "run.sh": "ollama pull " * 30_000 + "for x in " * 10_000,
    "nested.json": "[" * 50_000,
    "mcp.json": '{"mcpServers": ' * 3_000,
}


@pytest.mark.parametrize("name", MANY)
def test_great_numbers_end_soon(name: str) -> None:
    began = time.perf_counter()
    find_components(Repository.of_texts({name: MANY[name], "use.py": USES}))
    # Quadratic work on these would take minutes.
    assert time.perf_counter() - began < 20


WORDS = ["model", "=", ":", "'gpt-4o'", '"a/b"', "AutoModel", ".from_pretrained", "(", ")", "[", "]", "{", "}", ",", "\n", " ", "-", "name",
         "#", "//", "`", "import ", "from ", "openai", "tool", "@tool", "def f", "class A", "self",
         "os.getenv", "SYSTEM", "|", "mcpServers", "servers", "FROM ", "\t"]  # fmt: skip
PATHS = [
    "a.py",
    "a.ts",
    "a.yaml",
    "a.toml",
    "a.json",
    ".mcp.json",
    "Dockerfile",
    "compose.yml",
    "a.sh",
    ".env",
    "a.ipynb",
    "Modelfile",
    "requirements.txt",
    "package.json",
]


@given(st.dictionaries(st.sampled_from(PATHS), st.lists(st.sampled_from(WORDS), max_size=40).map("".join), max_size=3))
def test_no_text_ends_it(texts: dict[str, str]) -> None:
    for each in find_components(Repository.of_texts({**texts, "use.py": USES})):
        assert each.id.strip()
        assert each.at.path in {*texts, "use.py"}


@given(
    st.lists(
        st.sampled_from(["a:", " b: c", "  - d", "- e: f", " g: {h: i, j: k}", "l: |", "   text", "m: [n, o]", "\t", "'p': \"q\" # r", ""]),
        max_size=12,
    )
)
def test_yaml_is_read_line_by_line(lines: list[str]) -> None:
    for each in settings_of(Repository.of_texts({"a.yaml": "\n".join(lines)})):
        assert 1 <= each.at.line <= len(lines)
