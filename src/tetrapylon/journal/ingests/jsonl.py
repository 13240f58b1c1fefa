"""Any JSON Lines, with a mapping: `--map tenant=org.id --map subject=user --map verdict=result`.

What it does: a dotted path says where each field of an entry stands; other names become labels. The line itself is the body.
Why it matters: most programs can write JSON Lines, and none agree on the names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import get_args

from tetrapylon.journal.entry import Entry, Kind
from tetrapylon.kernel.canonical import Json

GOOD = (b'{"org":{"id":"t"},"user":"u"}', b"{}")
BAD = (b"[]", b'{"a":', b"1")

_FIELDS = ("tenant", "subject", "route", "model", "principal")


def read(line: bytes, options: Mapping[str, str]) -> Entry | None:
    """Return the entry that a line holds."""
    value = json.loads(line.decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the value is wrong, not its Python type
    mapped = {name.removeprefix("map."): _at(value, path) for name, path in options.items() if name.startswith("map.")}
    kind = mapped.pop("kind", "") or "request"
    if kind not in get_args(Kind):
        raise ValueError(f"`{kind[:40]}` is no kind of entry")
    tenant, subject, route, model, principal = (mapped.pop(name, "") or options.get(name, "") for name in _FIELDS)
    labels = {name: each for name, each in mapped.items() if each}
    return Entry(kind, tenant, subject, route, model, principal, line.strip(), labels)  # type: ignore[arg-type]  # just compared


def _at(value: Json, path: str) -> str:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return "" if value is None else str(value) if not isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)
