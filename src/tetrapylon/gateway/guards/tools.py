"""Calls of tools: who may, with which arguments, how often, and what a person decides first.

What it does: judges each call that a model asks for by the five restrictions of the manifest: the list of who may call it, the
JSON Schema of its arguments, its effect, its approval and its budget.
Why it matters: a model that was talked into something can do exactly what its tools allow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.gateway.ports import Caller, Look, Verdict
from tetrapylon.kernel.canonical import Json, read_json
from tetrapylon.kernel.errors import IntegrityError, UsageError

MOST_ARGUMENTS = 64 * 1024
"""Characters of one call's arguments."""

MOST_CALLS = 20
"""Calls of a tool in one session where the manifest names no budget."""

SESSION_SECONDS = 3600.0
"""A session of a key begins with a call and ends after this time."""

_MOST_SESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool, as it was declared."""

    id: str
    effect: str
    approval: str
    budget: int
    schema: Any
    """The compiled schema of its arguments; None where there is none, and then nothing may be called."""

    callers: frozenset[str]
    """Groups and services that may call it."""


def tools_of(facts: Mapping[str, Json], schemas: Mapping[str, bytes]) -> dict[str, Tool]:
    """Return the tools of a manifest; `schemas` holds the files that it names.

    Raises:
        UsageError: a schema is none (`bad-schema`).
    """
    callers: dict[str, set[str]] = {}
    for each in (*facts.get("group", ()), *facts.get("service", ())):
        for grant in each.get("may", ()):
            action, _, resource = grant.partition(":")
            if action == "call":
                callers.setdefault(resource, set()).add(each["id"])
    return {
        each["id"]: Tool(
            each["id"],
            each["effect"],
            each.get("approval", "none"),
            each.get("budget", MOST_CALLS),
            _compiled(each["id"], schemas.get(each.get("arguments", ""))),
            frozenset(callers.get(each["id"], ())),
        )
        for each in facts.get("tool", ())
    }


def _compiled(tool: str, data: bytes | None) -> Any:
    if data is None:
        return None
    from jsonschema_rs import RegexOptions, ValidationError, validator_for

    try:
        # A schema comes with the release, but its patterns meet foreign text, and nothing is ever fetched for it.
        return validator_for(read_json(data, f"the schema of `{tool}`"), pattern_options=RegexOptions(), offline=True)
    except (IntegrityError, ValidationError, ValueError) as error:
        raise UsageError(f"the schema of the tool `{tool}` cannot be used: {str(error)[:200]}", code="bad-schema") from error


class ToolGuard:
    """Judges calls of tools; remembers how many there were."""

    def __init__(self, tools: Mapping[str, Tool], clock: Callable[[], float], look: Callable[[str], Sequence[Look]]) -> None:
        self._tools, self._clock, self._look = dict(tools), clock, look
        self._calls: dict[tuple[str, str], tuple[float, int]] = {}

    def judge(self, caller: Caller, name: str, arguments: str) -> Look:
        """Return what is to be done with a call; the first restriction that it does not keep is the reason."""
        tool = self._tools.get(name)
        if tool is None:
            return _blocked("tool-unknown", "the tool is not declared")
        if caller.principal not in tool.callers:
            return _blocked("tool-not-allowed", f"`{caller.principal}` may not call `{tool.id}`")
        wrong = self._wrong(tool, arguments)
        if wrong is not None:
            return wrong
        if not self._within_budget(caller, tool):
            return _blocked("tool-budget", f"the budget of `{tool.id}` is used up: {tool.budget} in a session")
        if tool.approval == "human" or tool.effect == "irreversible":
            return Look(Verdict.HOLD, "tool-approval", f"`{tool.id}` waits for a person: its effect is {tool.effect}")
        return Look(Verdict.ALLOW, "tool-allowed", f"`{tool.id}` is allowed")

    def _wrong(self, tool: Tool, arguments: str) -> Look | None:
        if tool.schema is None:
            return _blocked("tool-schema", f"`{tool.id}` has no schema that its arguments could be checked against")
        if len(arguments) > MOST_ARGUMENTS:
            return _blocked("tool-arguments", "the arguments are too long")
        try:
            found = read_json(arguments.encode("utf-8"), "the arguments")
        except (IntegrityError, UnicodeEncodeError):
            return _blocked("tool-arguments", "the arguments are not JSON, or name something twice")
        if not tool.schema.is_valid(found):
            return _blocked("tool-arguments", f"the arguments do not fit the schema of `{tool.id}`")
        # What is written as an escape is looked at as what it stands for.
        texts = [look for text in _texts(found) for look in self._look(text)]
        bad = next((each for each in texts if each.verdict not in {Verdict.ALLOW, Verdict.ADVISE}), None)
        return None if bad is None else _blocked(bad.rule, f"the arguments hold what must not leave: {bad.why}")

    def _within_budget(self, caller: Caller, tool: Tool) -> bool:
        now, key = self._clock(), (caller.key_id, tool.id)
        began, count = self._calls.get(key, (now, 0))
        if now - began >= SESSION_SECONDS:
            began, count = now, 0
        if count >= tool.budget:
            return False
        if len(self._calls) >= _MOST_SESSIONS:
            self._calls = {each: value for each, value in self._calls.items() if now - value[0] < SESSION_SECONDS}
        self._calls[key] = (began, count + 1)
        return True


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, each in value.items() for text in (key, *_texts(each))]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


def _blocked(rule: str, why: str) -> Look:
    return Look(Verdict.BLOCK, rule, why)
