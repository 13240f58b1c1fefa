"""Spend logs of LiteLLM (`/spend/logs`): a JSON list, or one JSON object on a line.

What it does: takes user, end user, team, model, tokens, spend and the messages that LiteLLM was told to keep.
Why it matters: who runs LiteLLM has their record of use there, unencrypted and unchained.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from tetrapylon.journal.entry import Entry

GOOD = (
    (
        b'{"request_id":"r","call_type":"acompletion","model":"m","user":"u","end_user":"e","team_id":"t","prompt_tokens":3,'
        b'"completion_tokens":5,"spend":0.01,"startTime":"2026-01-01T00:00:00Z","api_key":"hashed"}'
    ),
)
BAD = (b'{"model":"m"}', b"[]", b"{")

_LABELS = {"prompt_tokens": "tokensIn", "completion_tokens": "tokensOut", "spend": "spend", "startTime": "at", "status": "status"}

MOST = 1 << 30
"""Bytes of one JSON list at most."""


def lines(data: Iterable[bytes]) -> Iterator[bytes]:
    """Yield one JSON object for each element of a list; lines stay lines."""
    source = iter(data)
    first = next(source, b"")
    if not first.lstrip().startswith(b"["):
        yield first
        yield from source
        return
    parts, size = [first], len(first)
    for each in source:
        parts.append(each)
        size += len(each)
        if size > MOST:
            break
    try:
        rows = json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        # As it is: one bad line, which is counted and said.
        yield b"".join(parts)[:1024]
        return
    yield from (json.dumps(each, ensure_ascii=False).encode("utf-8", "surrogatepass") for each in rows)


def read(line: bytes, options: Mapping[str, str]) -> Entry | None:
    """Return the entry that a line holds."""
    value = json.loads(line.decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the value is wrong, not its Python type
    labels = {label: str(value[name]) for name, label in _LABELS.items() if value.get(name) not in (None, "")}
    labels["request"] = str(value["request_id"])
    tenant = str(value.get("team_id") or value.get("organization_id") or options.get("tenant", ""))
    subject = str(value.get("end_user") or value.get("user") or "")
    route = str(value.get("call_type") or "chat")
    return Entry("request", tenant, subject, route, str(value["model"]), str(value.get("user") or ""), line.strip(), labels)
