"""Prompts in Python: constants of prose, system messages, templates of frameworks, instructions of agents.

*What it does*: finds the texts that tell a model what to do, by the name they have or by where they are handed to.
*Why it matters*: a prompt is part of the system as code is: a change of it is a change of what the system does.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tetrapylon.develop.assets.ecosystem import repository_talks, talks
from tetrapylon.develop.assets.makers import assigned_name
from tetrapylon.develop.assets.prose import is_prose
from tetrapylon.develop.assets.seeing import component, entries, functions_of, imports_any
from tetrapylon.outside.repository.python import Call, PythonCode, literal
from tetrapylon.outside.repository.scopes import scopes_of
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_NAMED = re.compile(
    r"(?:^|_)(?:prompts?|system|sys|instructions?|persona|preamble|sysprompt|systemprompt|guidelines)(?:_|$|\d)|prompt", re.IGNORECASE
)
_TEMPLATE = re.compile(
    r"(?:^|_)(?:template|tmpl|query|question|task|role|context|message|msg|few_?shot\w*|examples?)(?:_|$)", re.IGNORECASE
)
_ADDRESSED = re.compile(
    r"\byou (?:are|will|must|should|can|write|answer|help|work)\b|\byour (?:task|job|role|answer|goal)\b"
    r"|\bassistant\b|\banswer\b|\bdu bist\b|\{(?:context|question|query|input|text)",
                        re.IGNORECASE)  # fmt: skip
_KEYWORDS = ("system", "system_instruction", "instructions", "system_prompt", "system_message", "prompt", "preamble", "state_modifier",
             "instruction",
             "backstory", "prefix", "system_content", "developer_message", "additional_instructions", "messages_modifier")  # fmt: skip
_TEMPLATES = ("from_template", "PromptTemplate", "ChatPromptTemplate", "FewShotPromptTemplate", "SystemMessage",
              "SystemMessagePromptTemplate", "Prompt",
              "RichPromptTemplate", "PromptBuilder", "ChatPromptBuilder", "SystemChatMessage")  # fmt: skip
_ASKS = (
    "generate_content",
    "generate_content_async",
    "send_message",
    "invoke",
    "ainvoke",
    "predict",
    "complete",
    "acomplete",
    "generate",
    "run",
    "ask",
    "chat",
)
"""What asks a model, or is called so, in files that import what does."""
_LANGUAGE = (
    "openai", "anthropic", "langchain", "google.generativeai", "google.genai", "ollama", "litellm", "llama_index", "cohere", "groq",
    "mistralai", "vertexai",
    "pydantic_ai", "agents", "crewai", "llama_cpp", "gpt4all", "autogen", "dspy", "smolagents", "haystack",
)  # fmt: skip
"""Packages by which language models are asked: the words for it mean other things elsewhere."""
_LINE = 120
_DIALOGUE = re.compile(
    r"^\W*(?:please[ ,]+)?(?:enter|type|press|choose|select|are you sure|do you (?:want|really)"
    r"|continue|proceed|overwrite|confirm|is (?:it|this) ok)\b",
    re.IGNORECASE,
)
"""How programs speak to who runs them."""
_ROLES = frozenset({"system", "developer"})
_FRAMEWORKS = (
    "langchain",
    "llama_index",
    "haystack",
    "semantic_kernel",
    "guidance",
    "promptflow",
    "autogen",
    "crewai",
    "camel",
    "pydantic_ai",
    "dspy",
)


def find(repository: Repository) -> Iterator[Component]:
    """Yield the prompts, each once."""
    if not repository_talks(repository):
        return
    seen: set[Place] = set()
    found: list[Component] = []
    for each in (*_used(repository), *_constants(repository), *_decorated(repository)):
        if each.at not in seen:
            seen.add(each.at)
            found.append(each)
    counted = Counter(each.id for each in found)
    for each in found:
        # Two of one name in two files are two prompts.
        yield each if counted[each.id] == 1 else replace(each, id=f"{each.at.path}:{each.id}")


def _constants(repository: Repository) -> Iterator[Component]:
    near = {code.path.rpartition("/")[0] for code in repository.python if talks(code)}
    for code in repository.python:
        about = "prompt" in code.path.lower() or talks(code)
        for name, value in _assigned(code):
            text = _written(value)
            if text is None or not is_prose(text) or (len(text) < _LINE and _DIALOGUE.match(text)):
                continue
            named = _NAMED.search(name) is not None and (about or code.path.rpartition("/")[0] in near or "prompt" in name.lower())
            if named or ((about and _TEMPLATE.search(name)) and _ADDRESSED.search(text)):
                yield component("prompt", name, code.at(value), f"constant `{name}`")


def _assigned(code: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    for node in (*code.nodes.get(ast.Assign, ()), *code.nodes.get(ast.AnnAssign, ())):
        value = getattr(node, "value", None)
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
        if not name or value is None:
            continue
        yield name, value
        if _NAMED.search(name):
            yield from ((f"{name}[{key}]", each) for key, each in entries(value).items())


def _written(node: ast.expr) -> str | None:
    """Return the text that is written in an expression: of a literal, also one that is formatted, stripped or dedented."""
    text = literal(node)
    if text is None and isinstance(node, ast.Call):
        inner = (
            [node.func.value]
            if isinstance(node.func, ast.Attribute) and node.func.attr in {"strip", "format", "lstrip", "join"}
            else node.args[:1]
        )
        return next((found for each in inner if (found := literal(each)) is not None), None)
    if text is None and isinstance(node, ast.BinOp):
        return "".join(filter(None, (_written(node.left), _written(node.right)))) or None
    return text


def _used(repository: Repository) -> Iterator[Component]:
    for code in repository.python:
        for content, how in _handed(code):
            yield from _prompt(repository, code, content, how)


def _handed(code: PythonCode) -> Iterator[tuple[ast.expr, str]]:
    """Yield what is handed to a model as an instruction."""
    for node in code.nodes.get(ast.Dict, ()):
        pairs = entries(node)
        role = pairs.get("role")
        if isinstance(role, ast.Constant) and role.value in _ROLES and "content" in pairs:
            yield pairs["content"], "system message"
    if talks(code):
        yield from _of_frameworks(code)
        yield from _asked(code)


def _asked(code: PythonCode) -> Iterator[tuple[ast.expr, str]]:
    """Yield what a model is asked with where that is instructions with others' text in them, not a question alone."""
    for node in code.nodes.get(ast.Dict, ()):
        pairs = entries(node)
        role = pairs.get("role")
        if isinstance(role, ast.Constant) and role.value == "user" and "content" in pairs:
            yield from ((each, "user message") for each in _pieces(pairs["content"]))
    for call in code.calls_of(*(_ASKS if imports_any(code, *_LANGUAGE) else _ASKS[:3])):
        for each in call.node.args[:1]:
            yield from ((piece, f"given to `{call.name.rpartition('.')[2]}`") for piece in _pieces(each))


def _pieces(node: ast.expr) -> Iterator[ast.expr]:
    """Yield those pieces of what is asked that were written beforehand: texts with holes, and constants that are put before others."""
    if isinstance(node, ast.JoinedStr):
        if any(isinstance(each, ast.FormattedValue) for each in node.values):
            yield node
    elif isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield from [side] if isinstance(side, ast.Name | ast.Constant) else _pieces(side)
    elif isinstance(node, ast.List):
        for each in node.elts:
            inner = entries(each).get("text", each)
            yield from [inner] if isinstance(inner, ast.Constant) and len(node.elts) > 1 else _pieces(inner)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield node if isinstance(node.func.value, ast.Constant) else node.func.value


def _of_frameworks(code: PythonCode) -> Iterator[tuple[ast.expr, str]]:
    for node in code.nodes.get(ast.Tuple, ()):
        if isinstance(node, ast.Tuple) and len(node.elts) == len(("role", "text")):
            role, content = node.elts
            if isinstance(role, ast.Constant) and role.value in _ROLES:
                yield content, "system message of a template"
    for call in code.calls_of(*_TEMPLATES):
        given = call.argument("template", 0) or call.argument("content", 0) or call.argument("prompt")
        if given is not None and call.name.startswith(_FRAMEWORKS):
            yield given, f"`{call.name.rpartition('.')[2]}`"
    for node in code.nodes.get(ast.keyword, ()):
        if isinstance(node, ast.keyword) and node.arg in _KEYWORDS:
            yield node.value, f"argument `{node.arg}`"


def _prompt(repository: Repository, code: PythonCode, content: ast.expr, how: str) -> Iterator[Component]:
    for each in _inner(content):
        yield from _prompt(repository, code, each, how)
    written = None if isinstance(content, ast.List) else _written(content)
    if written is not None and is_prose(written):
        yield component("prompt", _called(repository, code, content), code.at(content), how)
    elif written is None and isinstance(content, ast.Name | ast.Attribute):
        name = content.id if isinstance(content, ast.Name) else content.attr
        found = values_of(repository).texts(code, content)[:2]
        yield from (component("prompt", name, at, how) for text, at in found if is_prose(text))


def _inner(content: ast.expr) -> Iterator[ast.expr]:
    """Yield what a message is made of: blocks of text, and constants that stand in the holes of an f-string."""
    if isinstance(content, ast.List):
        found = [entries(each).get("text", each) for each in content.elts]
        yield from (each for each in found if not isinstance(each, ast.List | ast.Dict))
    elif isinstance(content, ast.JoinedStr):
        for each in content.values:
            if isinstance(each, ast.FormattedValue) and isinstance(each.value, ast.Name) and each.value.id.isupper():
                yield each.value


def _called(repository: Repository, code: PythonCode, content: ast.expr) -> str:
    """Return a name for a prompt that has none: what it is assigned to, the function it is in, or the file."""
    call = _taken_by(repository, code).get(id(content))
    name = assigned_name(repository, code, call) if call is not None and "emplate" in code.name_of(call.func) else ""
    if name:
        return name
    function = scopes_of(repository).function_at(code, content)
    return f"prompt of {function.node.name}" if function else f"prompt in {code.path.rpartition('/')[2]}"


def _taken_by(repository: Repository, code: PythonCode) -> dict[int, ast.Call]:
    """Return the calls of a piece of Python by the `id` of what they are given."""
    calls = (each for each in code.nodes.get(ast.Call, ()) if isinstance(each, ast.Call))
    made = lambda _: {id(given): each for each in calls for given in (*each.args, *(word.value for word in each.keywords))}  # noqa: E731
    return repository.once(f"taken {id(code)}", made)


def _decorated(repository: Repository) -> Iterator[Component]:
    for code in repository.python:
        if talks(code):
            for node in functions_of(code):
                if any(_is_system_prompt(each) for each in node.decorator_list):
                    yield component("prompt", node.name, code.at(node), "`system_prompt` of an agent")
    for code, call in repository.calls_of("hub.pull", "pull_prompt", "get_prompt"):
        name = values_of(repository).text(code, Call(call.name, call.node, call.at).argument("name", 0))
        if name and talks(code) and " " not in name:
            yield component("prompt", name, call.at, f"`{call.name.removeprefix('?.')}`")


def _is_system_prompt(node: ast.expr) -> bool:
    node = node.func if isinstance(node, ast.Call) else node
    return isinstance(node, ast.Attribute) and node.attr in {"system_prompt", "instructions"}


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "a constant in a file of its own": (
        {
            "prompts.py": "OPS_PROMPT = '''You help the operations team to find out why.'''\n",
            "a.py": "import anthropic\nfrom prompts import OPS_PROMPT\nc.messages.create(model='x', system=OPS_PROMPT)\n",
        },
        {("prompt", "OPS_PROMPT")},
    ),
    "a system message": (
        {
            "a.py": "from openai import OpenAI\ndef ask(q):\n"
            "    m = [{'role': 'system', 'content': f'You sort notes of support calls. Team: {q}'}, {'role': 'user', 'content': q}]\n"
        },
        {("prompt", "prompt of ask")},
    ),
    "a constant of another name": (
        {"a.py": "import openai\nSTYLE = 'Be friendly and short, answer in the language.'\nx = {'role': 'system', 'content': STYLE}\n"},
        {("prompt", "STYLE")},
    ),
    "templates": (
        {
            "a.py": "from llama_index.core import PromptTemplate\nfrom langchain_core.prompts import ChatPromptTemplate\n"
            "QA = PromptTemplate('Answer the question from these passages: {context_str}')\n"
            "CHAT = ChatPromptTemplate.from_messages([('system', SYSTEM), ('human', '{q}')])\n"
            "SYSTEM = 'You answer only from the excerpts.'\n"
        },
        {("prompt", "QA"), ("prompt", "SYSTEM")},
    ),
    "no prompts": (
        {
            "a.py": "import click, openai\nPROMPT = '>>> '\nSYSTEM = 'linux'\nSCHEMA_TEMPLATE = 'create table x (id integer, name text)'\n"
            "MAIL_TEMPLATE = 'Dear member, your boat is booked for Monday.'\nclick.prompt('Really make the tables')\n",
        },
        set(),
    ),
    "a program without a model": ({"a.py": "SYSTEM_PROMPT = 'Please enter the name of the boat that you want:'\n"}, set()),
}
