"""A setting of Tetrapylon itself, and which values are in force.

Each file in `settings/` is one setting. Without any configuration every setting has its safe value; the environment
(`TETRAPYLON_NAME`) goes before `.tetrapylon/settings.toml`, and what is not a setting is refused in both, because a
misspelled hardening that silently does nothing is worse than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.system.problem import did_you_mean, shown

Kind = Literal["flag", "number", "text", "fixed"]
"""What a value is in TOML: true or false, a whole number, text; `fixed` is text that can only be the safe value."""

Value = bool | int | str

PREFIX = "TETRAPYLON_"
"""How the names of settings begin in the environment."""

SHELF = "tetrapylon.system.settings"

_TYPES: dict[str, type] = {"flag": bool, "number": int, "text": str, "fixed": str}
_WORDS = {"flag": "`true` or `false`", "number": "a whole number", "text": "text", "fixed": "text"}


class Setting(Protocol):
    """What each file in `settings/` offers."""

    NAME: str
    """The file's stem, with hyphens."""

    KIND: Kind
    SAFE: Value
    """The value that is in force when nobody says otherwise."""

    WHY: str
    """Why the safe value is safe, in one sentence."""

    RISK: str
    """What another value risks, in one sentence."""

    GOOD: tuple[str, ...]
    """Texts that `parse` takes and `is_safe` agrees with."""

    BAD: tuple[str, ...]
    """Texts that `parse` refuses, or whose value is not safe."""

    def parse(self, text: str) -> Value:
        """Return the value that the text stands for, or raise `UsageError` with a sentence."""
        ...

    def is_safe(self, value: Value) -> bool:
        """Return whether this value is as safe as the safe one."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting whose value in force is not safe, for the evidence on secure defaults."""

    name: str
    value: Value
    safe: Value
    risk: str


def settings() -> dict[str, Setting]:
    """Return every setting by name."""
    return {name: cast("Setting", part) for name, part in Shelf(SHELF).items()}


def effective(env: Mapping[str, str], table: Mapping[str, Json]) -> dict[str, Value]:
    """Return the value in force of every setting; `table` is `[settings]` of `.tetrapylon/settings.toml`.

    Raises:
        UsageError: something is no setting (`unknown-setting`), or a value is none of its setting's (`bad-setting`).
    """
    known = settings()
    given = {**_from_table(known, table), **_from_environment(known, env)}
    return {name: given.get(name, each.SAFE) for name, each in known.items()}


def origins(env: Mapping[str, str], table: Mapping[str, Json]) -> dict[str, str]:
    """Return where each setting's value in force comes from: `environment`, `settings` or `default`."""
    return {name: "environment" if variable(name) in env else "settings" if name in table else "default" for name in settings()}


def differences(values: Mapping[str, Value]) -> list[Difference]:
    """Return the settings whose values are not safe, by name."""
    known = settings()
    return [Difference(name, values[name], each.SAFE, each.RISK) for name, each in known.items() if not each.is_safe(values[name])]


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper().replace("-", "_")


def _from_table(known: Mapping[str, Setting], table: Mapping[str, Json]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in table.items():
        if name not in known:
            raise _unknown(f"`settings.{shown(name)}`", did_you_mean(name, known), known)
        found[name] = _parsed(known[name], f"`settings.{name}`", _as_text(known[name], value))
    return found


def _from_environment(known: Mapping[str, Setting], env: Mapping[str, str]) -> dict[str, Value]:
    names = {variable(name): name for name in known}
    found: dict[str, Value] = {}
    for key, text in env.items():
        if key.startswith(PREFIX):
            if key not in names:
                raise _unknown(f"the environment variable `{shown(key)}`", did_you_mean(key, names), names)
            found[names[key]] = _parsed(known[names[key]], f"`{key}`", text)
    return found


def _unknown(what: str, hint: str, known: Mapping[str, object]) -> UsageError:
    return UsageError(f"{what} is not a setting", hint=hint or f"settings: {', '.join(known)}", code="unknown-setting")


def _as_text(setting: Setting, value: Json) -> str:
    # A flag is a number to Python, but not to a reader of TOML.
    if not isinstance(value, _TYPES[setting.KIND]) or isinstance(value, bool) != (setting.KIND == "flag"):
        raise UsageError(f"`settings.{setting.NAME}` is not {_WORDS[setting.KIND]}", hint=_safe(setting), code="bad-setting")
    if isinstance(value, bool):
        return str(value).lower()
    # More than 64 bits is no TOML; Python reads it from hexadecimal but cannot print it.
    return "too large" if isinstance(value, int) and abs(value) >= 1 << 63 else str(value)


def _parsed(setting: Setting, what: str, text: str) -> Value:
    try:
        return setting.parse(text)
    except UsageError as error:
        raise UsageError(f"{what} {error.message}", hint=error.hint or _safe(setting), code="bad-setting") from error


def _safe(setting: Setting) -> str:
    value = str(setting.SAFE).lower() if isinstance(setting.SAFE, bool) else setting.SAFE
    return f"the safe value is `{value}`: {setting.WHY}"


def parse_flag(text: str) -> bool:
    """Return the flag that the text stands for.

    Raises:
        UsageError: neither `true` nor `false`.
    """
    if text not in {"true", "false"}:
        raise UsageError(f"is `{shown(text)}`; expected `true` or `false`")
    return text == "true"


def parse_number(text: str, least: int, most: int) -> int:
    """Return the whole number that the text stands for.

    Raises:
        UsageError: not decimal digits, or out of range.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and least <= int(text) <= most):  # noqa: PLR2004 - digits of 64 bits
        raise UsageError(f"is `{shown(text)}`; expected a whole number from {least} to {most}")
    return int(text)


def parse_choice(text: str, choices: tuple[str, ...]) -> str:
    """Return the text if it is one of the choices.

    Raises:
        UsageError: it is none of them.
    """
    if text not in choices:
        listed = ", ".join(f"`{each}`" for each in choices)
        raise UsageError(f"is `{shown(text)}`; expected {'one of ' if len(choices) > 1 else ''}{listed}", hint=did_you_mean(text, choices))
    return text
