"""The settings of Tetrapylon that are in force for a project."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.system.setting import PREFIX, Value, effective

NOT_SETTINGS = frozenset({"TETRAPYLON_DEBUG", "TETRAPYLON_PASSPHRASE_FILE", "TETRAPYLON_SHARED"})
"""Variables of ours that change nothing about an answer: where a passphrase is read from, how a fault is shown."""


def settings_table(state: Path) -> dict[str, Json]:
    """Return `[settings]` of `settings.toml` in the state's folder; empty where there is no such file.

    Raises:
        UsageError: the file is not TOML, or holds another table.
    """
    path = state / "settings.toml"
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(read_bytes(path, BOUNDS.manifest).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"`{path.name}` is not valid TOML: {error}", hint="mend the file", code="bad-settings") from error
    if set(found) - {"settings"} or not isinstance(found.get("settings", {}), dict):
        raise UsageError(f"`{path.name}` holds one table, `[settings]`", code="bad-settings")
    return dict(found.get("settings", {}))


def settings_environment() -> Mapping[str, str]:
    """Return the part of the environment that sets settings."""
    return {key: text for key, text in os.environ.items() if key.startswith(PREFIX) and key not in NOT_SETTINGS}


def effective_settings(state: Path) -> dict[str, Value]:
    """Return the value in force of every setting."""
    return effective(settings_environment(), settings_table(state))
