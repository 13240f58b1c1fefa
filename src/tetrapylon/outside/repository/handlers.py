"""Which functions are called by somebody outside: handlers of requests and messages, and callbacks of demos.

*What it does*: says which parameters of a function hold what a person sent.
*Why it matters*: those are the doors that an attacker comes in by.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.words import words

Function = ast.FunctionDef | ast.AsyncFunctionDef

_ROUTES = words("get post put patch delete route websocket api_route head options")
_EVENTS = words("event message command action shortcut view on_message on_event listen on_command")
_CHAT = frozenset({"slack_bolt", "discord", "telegram", "aiogram", "chainlit"})
_SENT = words("event message body command payload update text msg")
_MESSAGES = frozenset({"Update", "Message", "CallbackQuery"})
"""What bots of Telegram are called with."""

_HARMLESS = words("int float bool Request Response BackgroundTasks WebSocket Session AsyncSession UUID date datetime Settings HttpRequest")
_INJECTED = frozenset({"Depends", "Security"})
_CALLBACKS = words("click submit change input upload then Interface ChatInterface")


def functions_of(code: PythonCode) -> Iterator[Function]:
    """Yield every function and method."""
    for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
        for node in code.nodes.get(kind, ()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def parameters(function: Function | ast.Lambda) -> list[ast.arg]:
    """Return the parameters in order, `*args` and `**kwargs` last."""
    given = function.args
    extra = [each for each in (given.vararg, given.kwarg) if each]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *extra]


def decorator_names(function: Function, code: PythonCode) -> list[str]:
    """Return the full names of what decorates a function."""
    return [code.name_of(each.func if isinstance(each, ast.Call) else each) for each in function.decorator_list]


def sent_parameters(function: Function, code: PythonCode, callbacks: frozenset[str]) -> frozenset[str]:
    """Return the parameters that hold what somebody outside sent."""
    names = [each.arg for each in parameters(function) if each.arg not in {"self", "cls"}]
    if function.name in callbacks:
        return frozenset(names)
    lasts = {each.rpartition(".")[2] for each in decorator_names(function, code) if "." in each}
    if code.packages & {"fastapi", "starlette", "flask", "quart", "litestar", "robyn", "sanic", "ninja"} and lasts & _ROUTES:
        return frozenset(_route_parameters(function))
    if "telegram" in code.packages or "aiogram" in code.packages:
        return frozenset(each.arg for each in parameters(function) if _words(each.annotation) & _MESSAGES)
    if code.packages & _CHAT and (lasts & _EVENTS or function.name in {"on_message", "handle_message"}):
        return frozenset(name for name in names if name in _SENT)
    return frozenset()


def _route_parameters(function: Function) -> Iterator[str]:
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [*[None] * (len(positional) - len(given.defaults)), *given.defaults, *given.kw_defaults]
    for each, default in zip([*positional, *given.kwonlyargs], defaults, strict=False):
        injected = isinstance(default, ast.Call) and _last(default.func) in _INJECTED
        words = _words(each.annotation)
        if each.arg not in {"self", "cls", "request", "req", "db", "session"} and not injected and not words & (_HARMLESS | _INJECTED):
            yield each.arg


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _words(annotation: ast.expr | None) -> set[str]:
    """Return the names in an annotation; it is short, so it may be walked."""
    if annotation is None:
        return set()
    if isinstance(annotation, ast.Constant):
        return set(re.findall(r"\w+", str(annotation.value)))
    return {_last(each) for each in ast.walk(annotation) if isinstance(each, ast.Name | ast.Attribute)}


def callbacks_of(code: PythonCode) -> frozenset[str]:
    """Return the names of functions that Gradio calls with what a person typed or uploaded."""
    if "gradio" not in code.packages:
        return frozenset()
    return frozenset(_named(each.argument("fn", 0) for each in code.calls if each.name.rpartition(".")[2] in _CALLBACKS))


def _named(nodes: Iterable[ast.expr | None]) -> Iterator[str]:
    return (each.id for each in nodes if isinstance(each, ast.Name))
