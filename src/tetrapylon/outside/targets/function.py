"""A function in Python: `module:name`, or one that is handed over.

What it does: calls the function with the text of the last message, or with all messages if it takes `messages`.
Why it matters: a chain, an agent or a wrapper can be tested where it is written, without a server.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.target import Answer, Ask, Reach

KIND = "python"
EXAMPLE = Reach("python:builtins:str")


class FunctionTarget:
    """One function."""

    def __init__(self, function: Callable[..., Any], name: str = "") -> None:
        self._function = function
        self._whole = _takes_messages(function)
        self.identity: Mapping[str, Json] = {"kind": KIND, "function": name or getattr(function, "__qualname__", "function")}

    async def ask(self, ask: Ask) -> Answer:
        """Return what the function returns; what it raises is a failure."""
        given: Any = [dict(each) for each in ask.messages] if self._whole else str(ask.messages[-1].get("content") or "")
        try:
            found = self._function(messages=given) if self._whole else self._function(given)
            if inspect.isawaitable(found):
                found = await found
        except Exception as error:  # noqa: BLE001 - whatever somebody else's function raises is a failure of the target
            return Answer(error="transport", detail=type(error).__name__)
        if isinstance(found, Answer):
            return found
        text = "" if found is None else str(found)
        return Answer(text, error="" if text.strip() else "empty")

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""


def _takes_messages(function: Callable[..., Any]) -> bool:
    try:
        return "messages" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def open_target(reach: Reach) -> FunctionTarget:
    """Return the function `python:module:name` as a target.

    Raises:
        UsageError: there is no such function (`no-function`).
    """
    module, _, name = reach.url.removeprefix("python:").partition(":")
    try:
        found = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f"there is no function `{module}:{name}`", hint="it looks like `python:package.module:answer`", code="no-function"
        ) from error
    if not callable(found):
        raise UsageError(f"`{module}:{name}` is not a function", code="no-function")
    return FunctionTarget(found, f"{module}:{name}")
