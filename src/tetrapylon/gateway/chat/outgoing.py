"""Look over an answer: its texts through the guards, its tool calls through the authoriser and the guards.

A tool call that needs a person is held; the answer then is an ordinary message that says so, which every client shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from tetrapylon.gateway.chat.answer import Call, Finish, Said
from tetrapylon.gateway.exchange import ORDER, Exchange
from tetrapylon.gateway.ports import Look, Verdict

MOST_CALLS = 64
"""In one answer."""


@dataclass(slots=True)
class Checked:
    """An answer that may leave."""

    content: str | None
    refusal: str | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    finish: Finish = "stop"

    def message(self) -> dict[str, Any]:
        """Return it as a message."""
        found: dict[str, Any] = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        if self.calls:
            found["tool_calls"] = self.calls
        return found


async def check(exchange: Exchange, said: Said, reason: Finish) -> Checked:
    """Return what may leave of a whole answer."""
    texts = []
    for text in (said.content, said.refusal):
        looks = exchange.wired.guards.text(text, direction="out", data_class=exchange.data_class) if text else ()
        found = exchange.judge(looks)
        if ORDER[found] >= ORDER[Verdict.HOLD]:
            return await stopped(exchange, looks, {"content": said.content, "refusal": said.refusal})
        texts.append(exchange.wired.guards.apply(text, looks) if text and found is Verdict.REDACT else text)
    checked = Checked(texts[0], texts[1], finish=reason)
    if said.tool_calls:
        await add_calls(exchange, checked, said.tool_calls)
    return checked


async def stopped(exchange: Exchange, looks: tuple[Look, ...], output: dict[str, Any]) -> Checked:
    """Return the answer for a text that must not leave, or only once a person has released it."""
    worst = max(looks, key=lambda each: ORDER[each.verdict])
    if worst.verdict is Verdict.HOLD:
        held = await _hold(exchange, "answer", output, worst)
        return Checked(f"This answer is held for a named person ({held['id']}): {worst.why or worst.rule}.", held=[held])
    return Checked(None, f"The answer was stopped by `{worst.rule}`: {worst.why or 'it must not leave'}.", finish="content_filter")


async def add_calls(exchange: Exchange, checked: Checked, calls: list[Call]) -> None:
    """Add the tool calls that may leave, and say of the others what became of them."""
    notes = []
    for call in calls[:MOST_CALLS]:
        note = await _call(exchange, checked, call)
        if note:
            notes.append(note)
    if len(calls) > MOST_CALLS:
        notes.append(f"{len(calls) - MOST_CALLS} more calls were refused: {MOST_CALLS} are allowed.")
    if notes:
        checked.content = "\n".join([*([checked.content] if checked.content else []), *notes])
    checked.finish = "tool_calls" if checked.calls else "stop"


async def _call(exchange: Exchange, checked: Checked, call: Call) -> str:
    """Let one call pass, hold it, or refuse it; return what is to be said of it."""
    tool, arguments = call.function.name or "", call.function.arguments or "{}"
    exchange.tool = tool
    passed, look = _judge(exchange, tool, arguments)
    if look.verdict is Verdict.HOLD:
        # What a person decides on is what would leave: whatever guards took out is not in it.
        held = await _hold(exchange, "tool-call", _as_call(call, passed or arguments), look)
        checked.held.append(held)
        return f"The call of `{tool}` is held for a named person ({held['id']}): {look.why or look.rule}."
    if passed is None:
        return f"The call of `{tool[:64]}` was refused: {look.why or look.rule}."
    checked.calls.append(_as_call(call, passed))
    return ""


def _judge(exchange: Exchange, tool: str, arguments: str) -> tuple[str | None, Look]:
    """Return the arguments that may leave, or None, and what decided it."""
    refused = _not_allowed(exchange, tool)
    if refused is not None:
        exchange.judge((refused,))
        return None, refused
    looks = exchange.wired.guards.text(arguments, direction="out", data_class=exchange.data_class)
    found = exchange.judge(looks)
    text = max(looks, key=lambda each: ORDER[each.verdict], default=Look(Verdict.ALLOW))
    if found is Verdict.BLOCK:
        return None, text
    if found is Verdict.REDACT:
        arguments = exchange.wired.guards.apply(arguments, looks)
    judged = _judged_call(exchange, tool, arguments)
    exchange.judge((judged,))
    if judged.verdict is Verdict.BLOCK:
        return None, judged
    return arguments, text if found is Verdict.HOLD and judged.verdict is not Verdict.HOLD else judged


def _not_allowed(exchange: Exchange, tool: str) -> Look | None:
    """Return why the tool may not be called at all, or None."""
    if tool not in exchange.wired.tools:
        return Look(Verdict.BLOCK, "tool-not-declared", "the system declares no such tool")
    may, why = exchange.wired.authoriser.may(exchange.caller, "call", tool, exchange.data_class)
    return None if may is True else Look(Verdict.BLOCK, "tool-not-granted", why or "it was not granted")


def _judged_call(exchange: Exchange, tool: str, arguments: str) -> Look:
    try:
        msgspec.json.decode(arguments, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return Look(Verdict.BLOCK, "tool-arguments", "its arguments are not a JSON object")
    return exchange.wired.guards.tool_call(exchange.caller, tool, arguments)


def _as_call(call: Call, arguments: str) -> dict[str, Any]:
    return {"id": (call.id or "call")[:128], "type": "function", "function": {"name": call.function.name or "", "arguments": arguments}}


async def _hold(exchange: Exchange, kind: str, output: dict[str, Any], look: Look) -> dict[str, Any]:
    """Keep an output for a person, and have the journal say so."""
    caller = exchange.caller
    about = {
        "tenant": caller.tenant,
        "principal": caller.principal,
        "key": caller.key_id,
        "route": exchange.route,
        "model": exchange.model,
        "tool": exchange.tool,
        "rule": look.rule,
        "why": look.why,
        "class": exchange.data_class,
    }
    held = await exchange.wired.holds.put(kind, output, about)
    await exchange.record("hold", msgspec.json.encode(held), hold=held["id"], digest=held["outputDigest"])
    return {"id": held["id"], "kind": kind, "tool": exchange.tool, "outputDigest": held["outputDigest"], "why": look.why or look.rule}
