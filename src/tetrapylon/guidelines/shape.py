"""Reading data files of ours strictly: an unknown key is a mistake, never a comment."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from tetrapylon.kernel.errors import UsageError


def read_table(text: str, what: str) -> dict[str, Any]:
    """Return the TOML table in the text.

    Raises:
        UsageError: it is not TOML (`bad-data`).
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{what} is not valid TOML: {error}", code="bad-data") from error


def check_keys(entry: Mapping[str, Any], required: Collection[str], allowed: Collection[str], what: str) -> None:
    """Check that an entry has every required key and no unknown one.

    Raises:
        UsageError: it has not (`bad-data`).
    """
    missing = sorted(set(required) - set(entry))
    unknown = sorted(set(entry) - set(required) - set(allowed))
    if missing or unknown:
        fault = f"lacks `{missing[0]}`" if missing else f"has the unknown key `{unknown[0]}`"
        raise UsageError(f"{what} {fault}", code="bad-data")
