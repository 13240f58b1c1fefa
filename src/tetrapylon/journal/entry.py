"""One entry of the journal: what a request, an answer or an access was, as the caller gives it, and the receipt for it.

Fields are checked and bounded here, before an entry joins a group: one bad entry must not fail the others in its commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """What is known about it: verdict, rules, tokens… Three have a meaning here: `sequence`, the number of the request in the
    gateway's run, from 1; `data`, the ids of what was retrieved for it, or nothing; `redacted`, how many places were."""


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
    body, labels = entry.body, entry.labels
    if not isinstance(body, bytes):
        raise UsageError("the body of an entry must be bytes", code="bad-entry")
    if len(body) > BOUNDS.record:
        raise UsageError(f"the body has {len(body)} bytes; an entry holds at most {BOUNDS.record}", code="too-large")
    values = (entry.tenant, entry.subject, entry.route, entry.model, entry.principal)
    try:
        packed = _pack((*values, labels if type(labels) is dict else dict(labels), body))
    except (TypeError, ValueError) as error:
        # Text with lone surrogates has no encoding.
        raise UsageError("the entry holds text that is not Unicode", code="bad-entry") from error
    # What is small as a whole has nothing in it that is too large, so that most entries are looked at once.
    small = len(packed) - len(body) <= TEXT and len(labels) <= LABELS
    if not small or not _are_texts(values) or not _are_texts(labels) or not _are_texts(labels.values()):
        _check(dict(zip(_FIELDS, values, strict=True)), labels)
    return packed


def _are_texts(values: Iterable[object]) -> bool:
    return set(map(type, values)) <= {str}


def _check(fields: Mapping[str, Any], labels: Mapping[Any, Any]) -> None:
    """Say what is wrong with the fields or labels, if something is."""
    for name, value in fields.items():
        _text(f"`{name}`", value)
    if len(labels) > LABELS:
        raise UsageError(f"an entry has {len(labels)} labels; {LABELS} are the most", code="too-large")
    for name, value in labels.items():
        _text("the name of a label", name)
        _text(f"label `{name[:40]}`", value)


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


def _text(what: str, value: Any) -> None:
    if not isinstance(value, str):
        raise UsageError(f"{what} of an entry must be text", code="bad-entry")
    if len(value) > TEXT:
        raise UsageError(f"{what} of an entry has {len(value)} characters; {TEXT} are the most", code="too-large")
