"""One spelling for every value: canonical JSON and canonical base64.

Signed bytes are compared and hashed, so a value must have exactly one encoding. JSON: keys sorted by
code point, no white space, UTF-8 unescaped, no duplicate keys, finite numbers as Python's shortest
`repr`. Base64: RFC 4648 with padding, zero pad bits. Anything else is refused on reading, because two
spellings of one claim would let a file change without its meaning changing (ADR 0002).
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from tetrapylon.kernel.errors import IntegrityError

Json = Any
"""A value that JSON can hold. Shape is checked where it is read, not by the type checker."""


def canonical_json(value: Json) -> bytes:
    """Return the one encoding of the value.

    Raises:
        ValueError: the value holds a number that is not finite.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def read_canonical(data: bytes, what: str) -> Json:
    """Return the value that the canonical bytes hold; `what` names them in errors.

    Raises:
        IntegrityError: not JSON, or JSON in another spelling (`non-canonical`).
    """
    value = read_json(data, what)
    try:
        same = canonical_json(value) == data
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise IntegrityError(f"{what} is not canonically encoded", code="non-canonical")
    return value


def read_json(data: bytes, what: str) -> Json:
    """Return the value that the JSON bytes hold, whatever their spelling.

    Raises:
        IntegrityError: not UTF-8, not JSON, nested too deep, or a key appears twice.
    """
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise IntegrityError(f"{what} is not valid JSON", code="malformed") from error


def _without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def base64_text(data: bytes) -> str:
    """Return the bytes as standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def read_base64(text: str, what: str) -> bytes:
    """Return the bytes that the canonical base64 text holds; `what` names it in errors.

    Raises:
        IntegrityError: not base64, or another spelling of the same bytes (`non-canonical`).
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise IntegrityError(f"{what} is not valid base64", code="malformed") from error
    if base64_text(data) != text:
        raise IntegrityError(f"{what} is not canonical base64", code="non-canonical")
    return data
