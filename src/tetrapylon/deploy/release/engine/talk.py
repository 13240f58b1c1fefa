"""One conversation: turns of the user, and calls of tools that are recorded and answered by fakes."""

from __future__ import annotations

from dataclasses import replace

from tetrapylon.deploy.release.family import Case, Outcome
from tetrapylon.outside.target import Answer, Ask, Call, Message, Target

ROUNDS = 4
"""Times that a target may ask for tools before the conversation ends."""

FAKE = '{"status": "ok"}'
"""What a fake tool returns where the case says nothing else. Nothing is ever executed."""


async def converse(target: Target, case: Case, key: str | None) -> tuple[Outcome, Answer]:
    """Return what the target did in the case, and its last answer as it came."""
    messages: list[Message] = list(case.messages)
    turns = list(case.turns)
    texts: list[str] = []
    calls: list[Call] = []
    tokens_in = tokens_out = requests = rounds = 0
    while True:
        answer = await target.ask(Ask(tuple(messages), case.tools, case.most_tokens, key))
        requests += 1
        tokens_in, tokens_out = tokens_in + answer.tokens_in, tokens_out + answer.tokens_out
        calls += answer.calls
        if answer.text:
            texts.append(answer.text)
        going = not answer.error and (_tools(case, answer, messages, rounds) or _turn(answer, messages, turns))
        if not going:
            break
        rounds += bool(answer.calls)
    # A leak in an earlier turn counts, whatever became of the later ones.
    outcome = Outcome("\n".join(texts), tuple(calls), answer.error, answer.detail, tokens_in, tokens_out, requests)
    return outcome, answer


def _tools(case: Case, answer: Answer, messages: list[Message], rounds: int) -> bool:
    """Answer the calls with fakes; return whether the target is to go on."""
    if not answer.calls or rounds >= ROUNDS:
        return False
    named = [replace(each, id=each.id or f"call_{rounds}_{place}") for place, each in enumerate(answer.calls)]
    asked = [{"id": each.id, "type": "function", "function": {"name": each.name, "arguments": each.arguments}} for each in named]
    messages.append({"role": "assistant", "content": answer.text or None, "tool_calls": asked})
    messages += [{"role": "tool", "tool_call_id": each.id, "content": case.results.get(each.name, FAKE)} for each in named]
    return True


def _turn(answer: Answer, messages: list[Message], turns: list[str]) -> bool:
    """Say the user's next words; return whether there were any."""
    if not turns:
        return False
    messages += [{"role": "assistant", "content": answer.text}, {"role": "user", "content": turns.pop(0)}]
    return True
