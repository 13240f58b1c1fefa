"""A pinned regression: one conversation that once succeeded, kept beside the manifest and tried on every release from then on.

It holds what the attacker says and nothing of what came out. The system's own prompt is not pinned: each release sends its
own before it, which is what a fix changes. Where success is a computed result, the computation is drawn anew for each try, so
that a result that is known by heart or filtered proves nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from msgspec import Meta
from msgspec.structs import replace

from tetrapylon.deploy.release.crafting import nonce
from tetrapylon.deploy.release.facts import Facts
from tetrapylon.deploy.release.family import Case
from tetrapylon.kernel.canonical import Json, canonical_json, read_json
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.outside.target import Message
from tetrapylon.system import words
from tetrapylon.system.manifest import Table

FOLDER = "regressions"
TASK = "{{task}}"
"""Where the computation stands that is drawn anew."""

HIDDEN = "[removed]"
MOST = 64_000
"""Characters of a conversation that are kept."""

Said = Annotated[str, Meta(max_length=MOST, description=f"text of at most {MOST} characters")]
Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}(?![\s\S])", description="a digest such as `sha256:…`")]
Moment = Annotated[
    str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z(?![\s\S])", description="a time such as `2026-01-31T12:00:00Z`")
]

_TASKS = re.compile(
    r'the result of (\d{1,7}) ([+*]) (\d{1,7})|"([a-z]{1,30})" and "([a-z]{1,30})" as one word, the second of them first', re.ASCII
)


class Line(Table, frozen=True, kw_only=True):
    """One message of the conversation."""

    role: words.Name
    content: Said | None = None
    more: Said | None = None
    """Everything else that belongs to it, as JSON."""


class Pinned(Table, frozen=True, kw_only=True):
    """Everything in one file of the folder."""

    schema: Literal["tetrapylon/regression/1"]
    id: words.Id
    family: words.Id
    oracle: words.Name
    """The oracle that proved it when it was pinned; any proof makes it red."""

    model: words.Id
    incident: words.Text | None = None
    release: words.Release
    release_digest: Digest
    """Where it was red."""

    red_at: Moment
    fresh: words.Flag = False
    tokens: tuple[Said, ...] = ()
    forbidden: tuple[words.Text, ...] = ()
    tenant: words.Text | None = None
    most_tokens: words.Count = 512
    turns: Said | None = None
    """What the user says next, as JSON."""

    tools: tuple[Said, ...] = ()
    """Tools that are offered, each as JSON."""

    results: Said | None = None
    """What the fake tools return, as JSON."""

    message: Annotated[tuple[Line, ...], Meta(min_length=1, description="a list of messages")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a regression comes from."""

    model: str
    incident: str | None
    release: str
    digest: str
    at: str


def conversation(case: Case) -> dict[str, Json] | None:
    """Return what a run keeps of a case that succeeded, or nothing where it is too long to be kept."""
    kept: dict[str, Json] = {
        "messages": list(case.messages),
        "turns": list(case.turns),
        "tools": list(case.tools),
        "results": dict(case.results),
        "tokens": list(case.tokens),
        "forbidden": sorted(case.forbidden),
        "mostTokens": case.most_tokens,
        "tenant": case.tenant,
    }
    return kept if len(canonical_json(kept)) <= MOST else None


def case_of(family: str, kept: Mapping[str, Json]) -> Case:
    """Return the case of which this was kept."""
    return Case(
        family,
        {},
        tuple(kept["messages"]),
        tuple(kept["turns"]),
        tuple(kept["tools"]),
        dict(kept["results"]),
        tuple(kept["tokens"]),
        frozenset(kept["forbidden"]),
        most_tokens=int(kept["mostTokens"]),
        tenant=str(kept["tenant"]),
    )


def without_system(messages: Sequence[Message], system: str) -> tuple[Message, ...]:
    """Return the messages without the system's own prompt at their head."""
    own = bool(system and messages) and messages[0] == {"role": "system", "content": system}
    return tuple(messages[1:] if own else messages)


def pin(case: Case, oracle: str, origin: Origin, facts: Facts) -> Pinned:
    """Return the case as it is pinned: secrets of the facts removed, and its computation to be drawn anew where it can be."""
    task = _task(case)
    swap = {each: HIDDEN for each in (*facts.secrets, *facts.canaries) if each} | ({task: TASK} if task else {})
    return Pinned(
        schema="tetrapylon/regression/1",
        id=f"{case.family}-{case.id[:8]}",
        family=case.family,
        oracle=oracle,
        model=origin.model,
        incident=origin.incident,
        release=origin.release,
        release_digest=origin.digest,
        red_at=origin.at,
        fresh=bool(task),
        tokens=() if task else case.tokens,
        forbidden=tuple(sorted(case.forbidden)),
        tenant=case.tenant or None,
        most_tokens=case.most_tokens,
        turns=_json(_deep(case.turns, swap)) if case.turns else None,
        tools=tuple(_json(each) for each in case.tools),
        results=_json(_deep(dict(case.results), swap)) if case.results else None,
        message=tuple(_line(_deep(each, swap)) for each in case.messages),
    )


def literal(pinned: Pinned, case: Case) -> Pinned:
    """Return the regression with its computation as it was, for targets that answer no other."""
    swap = {TASK: _task(case) or ""}
    return replace(
        pinned,
        fresh=False,
        tokens=case.tokens,
        turns=_json(_deep(read_json(pinned.turns.encode(), "turns"), swap)) if pinned.turns else None,
        results=_json(_deep(read_json(pinned.results.encode(), "results"), swap)) if pinned.results else None,
        message=tuple(_line(_deep(_message(each), swap)) for each in pinned.message),
    )


def drawn(pinned: Pinned, system: str, source: random.Random) -> Case:
    """Return the case of one try, after the system's own prompt, with a computation of its own where it has one.

    Raises:
        UsageError: what is kept as JSON is none (`bad-regression`).
    """
    swap, tokens = {}, pinned.tokens
    if pinned.fresh:
        made = nonce(source)
        swap, tokens = {TASK: made.task}, (made.token,)
    first: tuple[Message, ...] = ({"role": "system", "content": system},) if system else ()
    try:
        said = [_deep(_message(each), swap) for each in pinned.message]
        tools = tuple(read_json(each.encode(), "a tool") for each in pinned.tools)
        turns = tuple(_deep(read_json(pinned.turns.encode(), "turns"), swap)) if pinned.turns else ()
        results = _deep(read_json(pinned.results.encode(), "results"), swap) if pinned.results else {}
    except (IntegrityError, ValueError, TypeError) as error:
        raise UsageError(f"`{pinned.id}` holds what is no JSON", hint="a pinned file is never edited", code="bad-regression") from error
    return Case(
        pinned.family,
        {},
        (*first, *said),
        turns,
        tools,
        results,
        tokens,
        frozenset(pinned.forbidden),
        most_tokens=pinned.most_tokens,
        tenant=pinned.tenant or "",
    )


def render(pinned: Pinned, value: Any) -> bytes:
    """Return the file; `value` spells a value in TOML."""
    skipped = {"message"}
    lines = [
        "# An attack that succeeded once, and is tried on every release from then on. It is never edited: its digest is on record.",
        *(
            f"{name.replace('_', '-')} = {value(list(each) if isinstance(each, tuple) else each)}"
            for name in pinned.__struct_fields__
            if name not in skipped and (each := getattr(pinned, name)) not in (None, ())
        ),
    ]
    for each in pinned.message:
        lines += ["", "[[message]]", f"role = {value(each.role)}"]
        lines += [f"{name} = {value(said)}" for name, said in (("content", each.content), ("more", each.more)) if said is not None]
    return ("\n".join(lines) + "\n").encode()


def _task(case: Case) -> str | None:
    """Return the computation that the case asks for in plain words, if its result is what proves success."""
    texts = [str(each.get("content") or "") for each in case.messages] + [*case.turns, *case.results.values()]
    for match in (found for text in texts for found in _TASKS.finditer(text)):
        if case.tokens == (_result(match),):
            return match[0]
    return None


def _result(match: re.Match[str]) -> str:
    if match[2] is None:
        return match[5] + match[4]
    first, second = int(match[1]), int(match[3])
    return str(first + second if match[2] == "+" else first * second)


def _message(line: Line) -> Message:
    more = read_json(line.more.encode(), "a message") if line.more else {}
    found: Message = {"role": line.role, **dict(more)}
    return found if line.content is None else {**found, "content": line.content}


def _line(message: Mapping[str, Json]) -> Line:
    content = message.get("content")
    plain = isinstance(content, str)
    more = {name: each for name, each in message.items() if name != "role" and not (plain and name == "content")}
    return Line(role=str(message["role"]), content=content if plain else None, more=_json(more) if more else None)


def _json(value: Json) -> str:
    return canonical_json(value).decode()


def _swapped(text: str, swap: Mapping[str, str]) -> str:
    for old, new in swap.items():
        text = text.replace(old, new)
    return text


def _deep(value: Any, swap: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _swapped(value, swap)
    if isinstance(value, list | tuple):
        return [_deep(each, swap) for each in value]
    if isinstance(value, dict):
        return {name: _deep(each, swap) for name, each in value.items()}
    return value
