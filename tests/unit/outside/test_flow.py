"""Where text comes from is followed as far as the text of the program tells, and not further."""

from __future__ import annotations

import pytest

from tetrapylon.outside.repository.flow import flows
from tetrapylon.outside.repository.view import Repository

_HEAD = """
import json, re, html, subprocess
import requests
from fastapi import Depends, FastAPI, Request
from openai import OpenAI
app = FastAPI()
client = OpenAI()

def ask(prompt):
    r = client.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}])
    return r.choices[0].message.content

"""


def _origins(text: str, **others: str) -> list[set[str]]:
    """Return what each argument of `sink` may hold, in order."""
    files = {"app.py": text, **{f"{name}.py": other for name, other in others.items()}}
    found = [(code, flow) for code, flow in flows(Repository.of_texts(files)) if code.path == "app.py"]
    return [set(flow.origins(each)) for code, flow in found for call in code.calls_of("sink") for each in call.node.args]


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("answer = ask('?')\nsink(answer)", {"model"}),
        ("sink(f'x {ask(1)}')", {"model"}),
        ("sink('x' + ask(1))", {"model"}),
        ("sink('x %s' % ask(1))", {"model"}),
        ("sink('x {}'.format(ask(1)))", {"model"}),
        ("data = json.loads(ask(1))\nsink(data['a'][0].b)", {"model"}),
        ("a, b = ask(1), 'x'\nsink(a)", {"model"}),
        ("a, b = ask(1), 'x'\nsink(b)", set()),
        ("parts = []\nparts.append(ask(1))\nsink(' '.join(parts))", {"model"}),
        ("for line in ask(1).splitlines():\n    sink(line)", {"model"}),
        ("found = [each.strip() for each in ask(1).split(',')]\nsink(found)", {"model"}),
        ("if (text := ask(1)):\n    sink(text)", {"model"}),
        ("with open(ask(1)) as f:\n    pass\nsink(f)", set()),
        ("d = {}\nd['x'] = ask(1)\nsink(d)", {"model"}),
        ("x = ask(1)\nx = 'fixed'\nsink(x)", set()),
        ("x = 'fixed'\nif flag:\n    x = ask(1)\nsink(x)", {"model"}),
        ("text = ''\nfor each in range(3):\n    sink(text)\n    text += ask(each)", {"model"}),
        ("try:\n    x = ask(1)\nexcept ValueError:\n    x = ''\nsink(x)", {"model"}),
        ("sink(input())", {"person"}),
        ("page = requests.get(URL)\nsink(page.text)", {"fetched"}),
        ("page = requests.get(URL)\nsink(page.json())", set()),
        ("r = requests.post(URL, json={'model': 'm', 'messages': []}).json()\nsink(r['choices'][0])", {"model"}),
        ("sink(requests.get(URL).status_code)", set()),
        ("def g(a, b):\n    return b\nsink(g(ask(1), 'x'))", set()),
        ("def g(a, b):\n    return b\nsink(g('x', b=ask(1)))", {"model"}),
        ("def g(a):\n    sink(a)\ng(ask(1))", {"model"}),
        ("async def g():\n    return await something(await ask(1))\nsink(g())", set()),
        ("def g():\n    yield ask(1)\nfor each in g():\n    sink(each)", {"model"}),
        ("match ask(1):\n    case _:\n        sink(1)", set()),
    ],
)
def test_text_is_followed(text: str, origins: set[str]) -> None:
    assert _origins(_HEAD + text) == [origins]


@pytest.mark.parametrize(
    "text",
    [
        "x = ask(1)\nif x not in KNOWN:\n    raise ValueError\nsink(x)",
        "x = ask(1)\nif x in KNOWN:\n    sink(x)",
        "x = ask(1)\nif not re.fullmatch('[a-z]+', x):\n    exit()\nsink(x)",
        "x = ask(1)\nassert x in KNOWN\nsink(x)",
        "x = ask(1)\nvalidate(x)\nsink(x)",
        "x = ask(1)\nsink(x if x in KNOWN else 'y')",
        "x = ask(1)\nif x not in KNOWN or len(x) > 3:\n    raise ValueError\nsink(x)",
        "sink(int(ask(1)))",
        "sink(html.escape(ask(1)))",
        "sink([x for x in ask(1) if x in KNOWN])",
    ],
)
def test_what_is_checked_is_harmless(text: str) -> None:
    assert _origins(_HEAD + text) == [set()]


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("@app.post('/')\ndef f(body: Body):\n    sink(body.text)", {"person"}),
        ("@app.post('/')\ndef f(n: int, db=Depends(get)):\n    sink(n)\n    sink(db)", set()),
        ("@app.post('/')\nasync def f(request: Request):\n    data = await request.json()\n    sink(data['x'])", {"person"}),
        ("def f(body):\n    sink(body)", set()),
    ],
)
def test_handlers_get_what_people_send(text: str, origins: set[str]) -> None:
    found = _origins(_HEAD + text)
    assert found
    assert all(each == origins for each in found)


def test_gradio_and_slack_call_with_what_people_send() -> None:
    gradio = "import gradio as gr\n\ndef answer(text):\n    sink(text)\n\ngr.Interface(fn=answer, inputs='text', outputs='text')\n"
    slack = "from slack_bolt import App\napp = App()\n\n@app.event('x')\ndef on(event, say):\n    sink(event['text'], say)\n"
    assert _origins(gradio) == [{"person"}]
    assert _origins(slack) == [{"person"}, set()]


@pytest.mark.parametrize(
    "made",
    [
        "from langchain_openai import ChatOpenAI\nllm = ChatOpenAI()\nchain = prompt | llm\nsink(chain.invoke({}).content)",
        "from transformers import pipeline\npipe = pipeline('text-generation')\nsink(pipe('x')[0]['generated_text'])",
        "import anthropic\nc = anthropic.Anthropic()\nsink(c.messages.create(model='m', messages=[]).content[0].text)",
        "import ollama\nsink(ollama.chat(model='m')['message']['content'])",
        "import google.generativeai as genai\nm = genai.GenerativeModel('m')\nsink(m.generate_content('x').text)",
        "from llama_index.core import VectorStoreIndex\nengine = index.as_query_engine()\nsink(engine.query('x'))",
        "from litellm import completion\nsink(completion(model='m').choices[0].message.content)",
    ],
)
def test_models_are_known_by_their_libraries(made: str) -> None:
    assert _origins(made) == [{"model"}]


def test_others_that_create_messages_are_no_models() -> None:
    assert _origins("from twilio.rest import Client\nsink(Client().messages.create(to='x', body='y').sid)") in ([], [set()])


def test_text_is_followed_through_other_files() -> None:
    helper = _HEAD + "def tidy(text):\n    return text.strip()\n"
    assert _origins("from llm import ask\nsink(ask('x'))", llm=helper) == [{"model"}]
    assert _origins("import llm\nsink(llm.ask('x'))", llm=helper) == [{"model"}]
    caller = "from openai import OpenAI\nfrom app import run\nrun(OpenAI().responses.create(model='m').output_text)\n"
    assert _origins("def run(text, more=''):\n    sink(text, more)\n", caller=caller) == [{"model"}, set()]


def test_cells_of_a_notebook_are_one_program() -> None:
    cells = ["from openai import OpenAI\nclient = OpenAI()", "r = client.responses.create(model='m')", "sink(r.output_text)"]
    texts = [each.replace("\n", "\\n") for each in cells]
    rows = ", ".join(f'{{"cell_type": "code", "metadata": {{}}, "outputs": [], "source": "{each}"}}' for each in texts)
    repository = Repository.of_texts({"a.ipynb": f'{{"cells": [{rows}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'})
    found = [set(flow.origins(call.node.args[0])) for code, flow in flows(repository) for call in code.calls_of("sink")]
    assert found == [{"model"}]


def test_a_template_is_known_when_a_model_is_asked_with_it() -> None:
    text = (
        _HEAD
        + "page = requests.get(URL).text\nasked = f'Sum up the page that follows: {page}'\n"
        + "kept = f'Never sent, but long enough: {page}'\nask(asked)\n"
    )
    [flow] = [flow for _, flow in flows(Repository.of_texts({"app.py": text}))]
    assert [[(before, after) for _, before, after in each.holes] for each in flow.templates.values()] == [
        [("Sum up the page that follows: ", "")]
    ]
