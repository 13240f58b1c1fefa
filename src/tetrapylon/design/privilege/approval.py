"""Where a person is asked before something is done."""

from __future__ import annotations

import ast
import re

from tetrapylon.outside.repository.handlers import Function
from tetrapylon.outside.repository.naming import given_to
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.repository.words import words

_ASKS = re.compile(
    r"(?:^|_)(?:confirm\w*|approv\w*|ask_(?:human|user|person|permission|operator)|human_in_the_loop|permission"
    r"|consent|authori[sz]e\w*|interrupt)(?:_|$)",
    re.IGNORECASE,
)
_ASKING = frozenset(
    {"input", "click.confirm", "typer.confirm", "rich.prompt.Confirm.ask", "langgraph.types.interrupt", "questionary.confirm"}
)
_MARKS = words(
    "needs_approval requires_approval require_approval requires_confirmation require_confirmation approval_mode human_approval approval"
)
_AGENT_MARKS = words("interrupt_before interrupt_on human_input_mode needs_approval require_confirmation approval_callback")
_AGENT_CALLS = ("HumanInTheLoopMiddleware", "HumanApprovalCallbackHandler", "add_human_in_the_loop", "HumanApproval")


def asks(code: PythonCode, function: ast.AST) -> bool:
    """Return whether a function asks a person: by a question, a confirmation, or a step that waits."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = code.name_of(node.func)
            if name in _ASKING or _ASKS.search(name.rpartition(".")[2]):
                return True
    return False


def is_marked(function: Function) -> bool:
    """Return whether what makes a function a tool says that a person approves its calls."""
    for each in function.decorator_list:
        if isinstance(each, ast.Call) and any(key.arg in _MARKS and not _is_off(key.value) for key in each.keywords):
            return True
    return any(
        isinstance(each, ast.Call) and _ASKS.search(getattr(each.func, "id", getattr(each.func, "attr", "")))
        for each in function.decorator_list
    ) or any(isinstance(each, ast.Name) and _ASKS.search(each.id) for each in function.decorator_list)


def agents_wait(repository: Repository) -> bool:
    """Return whether some agent of the repository stops for a person before it calls tools."""
    if any(how == "argument" and not _is_off(value) for _, how, value in given_to(repository, *_AGENT_MARKS)):
        return True
    return any(True for _ in repository.calls_of(*_AGENT_CALLS))


def _is_off(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in {False, None, "NEVER", "never", "none", "auto"}
