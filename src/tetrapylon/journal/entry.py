"""One entry of the journal: what a request, an answer or an access was, as the caller gives it, and the receipt for it.

Fields are checked and bounded here, before an entry joins a group: one bad entry must not fail the others in its commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import msgspec

from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.outside.bounds import BOUNDS

Kind = Literal["request", "answer", "stream", "refusal", "hold", "decision", "access", "event"]

KINDS: tuple[str, ...] = get_args(Kind)

LABELS = 64
"""Labels of one entry at most."""

TEXT = 4_096
"""Characters of one field or label at most."""

_FIELDS = ("tenant", "subject", "route", "model", "principal")

_pack = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded. Everything in it is encrypted under a key of its tenant and subject."""

    kind: Kind
    tenant: str
    """Whose record it is: an export for one tenant holds exactly the entries of that tenant."""

    subject: str
    """The person whom it is about, or empty; erasing a subject destroys the keys of these entries."""

    route: str
    model: str
    principal: str
    body: bytes
    """The text as it was, after redaction where redaction is asked for; any bytes."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """What is not secret to whoever may search: verdict, rules, tokens, `sequence`, `data`, `redacted`."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The receipt for an entry that is durable."""

    segment: str
    """`lane/number`, such as `main/00000001`."""

    index: int
    """Its place in the segment."""

    digest: str
    """`sha256:…` of the record and of everything before it in the chain."""


def encode(entry: Entry) -> bytes:
    """Return the entry as bytes.

    Raises:
        UsageError: it is not of the form of an entry (`bad-entry`), or larger than the bounds (`too-large`).
    """
    if entry.kind not in KINDS:
        raise UsageError(f"`{str(entry.kind)[:40]}` is no kind of entry", hint=f"kinds: {', '.join(KINDS)}", code="bad-entry")
    values = [_text(name, getattr(entry, name)) for name in _FIELDS]
    if not isinstance(entry.body, bytes):
        raise UsageError("the body of an entry must be bytes", code="bad-entry")
    if len(entry.body) > BOUNDS.record:
        raise UsageError(f"the body has {len(entry.body)} bytes; an entry holds at most {BOUNDS.record}", code="too-large")
    try:
        return _pack((*values, _labels(entry.labels), entry.body))
    except (TypeError, ValueError) as error:
        # Text with lone surrogates has no encoding.
        raise UsageError("the entry holds text that is not Unicode", code="bad-entry") from error


def decode(kind: str, data: bytes) -> Entry:
    """Return the entry that the bytes hold.

    Raises:
        IntegrityError: they hold none (`malformed`).
    """
    try:
        found = msgspec.msgpack.decode(data, type=_Packed)
    except msgspec.MsgspecError as error:
        raise IntegrityError("a record of the journal holds no entry", code="malformed") from error
    tenant, subject, route, model, principal, labels, body = found
    return Entry(kind, tenant, subject, route, model, principal, body, labels)  # type: ignore[arg-type]  # the kind comes from a table


_Packed = tuple[str, str, str, str, str, dict[str, str], bytes]


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(f"`{name}` of an entry must be text", code="bad-entry")
    if len(value) > TEXT:
        raise UsageError(f"`{name}` of an entry has {len(value)} characters; {TEXT} are the most", code="too-large")
    return value


def _labels(labels: Mapping[str, str]) -> dict[str, str]:
    if len(labels) > LABELS:
        raise UsageError(f"an entry has {len(labels)} labels; {LABELS} are the most", code="too-large")
    return {_text("a label's name", name): _text(f"label {name[:40]}", value) for name, value in labels.items()}
