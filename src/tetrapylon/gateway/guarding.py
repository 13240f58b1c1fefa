"""All guards of a system in one object, built once from its manifest. Whatever fails in them stops what they looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from tetrapylon.gateway.guards.encoded import OPENS, SIGN, EncodedGuard
from tetrapylon.gateway.guards.image import Detector, ImageGuard
from tetrapylon.gateway.guards.stream import StreamGuard
from tetrapylon.gateway.guards.text import TextGuard
from tetrapylon.gateway.guards.tools import ToolGuard, tools_of
from tetrapylon.gateway.matching import Validator
from tetrapylon.gateway.ports import Caller, Look, Verdict
from tetrapylon.gateway.rule import Rule, changed, load_rules, rules_digest
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes

DATA_CLASSES = ("public", "internal", "confidential", "restricted")

_PROSE = (
    "The quick answer to your question about order no. 4711 of 12 May 2024: we have received it, and it will be sent on Monday. ",
    "Could you tell me (in two sentences, please) how I can show my system's users what they should not write? I'd like to add a list:\n",
    "- first, open https://docs.example.org/guide?page=2#top; then click 'Settings'\n- second, use the key `name` = \"value\"\n",
)


class SystemGuards:
    """The guards of one system: the port `Guards`, and streams."""

    def __init__(self, rules: Sequence[Rule], validators: Mapping[str, Validator]) -> None:
        self.digest: Digest = rules_digest(rules)
        """Of the rules in force."""

        self.rules = tuple(rules)
        self._text = {name: TextGuard(rules, validators, name, SIGN, OPENS) for name in _DIRECTIONS}
        self._encoded = {name: EncodedGuard(guard.look) for name, guard in self._text.items()}
        self.hold_back = self._text["out"].longest
        self._image: ImageGuard = ImageGuard(self._inward)
        self._tools: ToolGuard = ToolGuard({}, time.monotonic, self._outward)
        self._warm()

    def _warm(self) -> None:
        """Match some ordinary text, so that the first requests do not wait for the automata to grow."""
        for text in _PROSE:
            for direction in _DIRECTIONS:
                self._look(text, 0, direction)
            self._text["out"].begun(text)

    def with_tools(self, guard: Callable[[Callable[[str], Sequence[Look]]], ToolGuard]) -> SystemGuards:
        """Let calls of tools be judged by this guard; it is given what looks at the text of arguments."""
        self._tools = guard(self._outward)
        return self

    def with_detector(self, detect: Detector | None) -> SystemGuards:
        """Let images be looked at by this detector, too."""
        self._image = ImageGuard(self._inward, detect)
        return self

    def text(self, text: str, *, direction: Literal["in", "out"], data_class: str) -> tuple[Look, ...]:
        """Return what was found in a text on its way to (`in`) or from a model; a guard that fails stops it."""
        try:
            found = self._look(text, 0, direction)
            return tuple(_raised(each, direction, data_class) for each in sorted(found, key=lambda each: (each.start, -each.end)))
        except Exception as error:  # noqa: BLE001 - whatever fails in a guard, nothing passes
            return (_failed(error, len(text)),)

    def stream(self) -> StreamGuard:
        """Return the guard of one stream from a model."""
        return StreamGuard(lambda text, start: self._look(text, start, "out"), self._text["out"].begun, self.apply)

    def image(self, data: bytes, *, model: str) -> tuple[Look, ...]:
        """Return what was found in an image for a model; a guard that fails stops it."""
        try:
            return tuple(self._image.look(data, model))
        except Exception as error:  # noqa: BLE001 - as above
            return (_failed(error, 0),)

    def tool_call(self, caller: Caller, tool: str, arguments: str) -> Look:
        """Judge a call of a tool; a guard that fails stops it."""
        try:
            return self._tools.judge(caller, tool, arguments)
        except Exception as error:  # noqa: BLE001 - as above
            return _failed(error, 0)

    def apply(self, text: str, looks: Sequence[Look]) -> str:
        """Return the text with what is to be redacted replaced; what overlaps is replaced once."""
        parts: list[str] = []
        at = 0
        for each in sorted((each for each in looks if each.verdict is Verdict.REDACT), key=lambda each: (each.start, -each.end)):
            if each.start >= at:
                parts += [text[at : each.start], each.replacement]
            at = max(at, each.end)
        return "".join([*parts, text[at:]])

    def _look(self, text: str, start: int, direction: Literal["in", "out"]) -> list[Look]:
        found, encoded = self._text[direction].seen(text, start)
        return found + self._encoded[direction].look(text, start) if encoded else found

    def _inward(self, text: str) -> list[Look]:
        return self._look(text, 0, "in")

    def _outward(self, text: str) -> list[Look]:
        return self._look(text, 0, "out")


_DIRECTIONS: tuple[Literal["in", "out"], ...] = ("in", "out")


def _failed(error: Exception, end: int) -> Look:
    return Look(Verdict.BLOCK, "guard-failed", f"a guard failed: {type(error).__name__}", 0, end)


def _raised(look: Look, direction: str, data_class: str) -> Look:
    """Return the finding as the class of the data asks for: from restricted data nothing is taken out without a person."""
    if data_class not in DATA_CLASSES:
        return replace(look, verdict=Verdict.BLOCK, why=f"the class of data `{data_class[:32]}` is not known; {look.why}")
    if data_class == "restricted" and direction == "in" and look.verdict is Verdict.REDACT:
        return replace(look, verdict=Verdict.HOLD)
    return look


def validators() -> dict[str, Validator]:
    """Return every validator by name."""
    return {name: module.check for name, module in Shelf("tetrapylon.gateway.validators").items()}


def build_guards(
    facts: Mapping[str, Json],
    root: Path,
    *,
    detect: Detector | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> SystemGuards:
    """Return the guards of the system that a manifest declares.

    `detect` looks at images for a model; `clock` counts seconds for the budgets of tools.

    Raises:
        UsageError: a file of guards or a schema is not of the right form, or the package that matches rules is not installed.
        MissingError: a file that the manifest names is not there.
    """
    rules = load_rules()
    for path in facts["system"].get("guards", ()):
        rules = changed(rules, read_bytes(inside(root, path), BOUNDS.manifest).decode("utf-8", "strict"), path)
    wanted = {each["arguments"] for each in facts.get("tool", ()) if "arguments" in each}
    tools = tools_of(facts, {path: read_bytes(inside(root, path), BOUNDS.manifest) for path in wanted})
    guards = SystemGuards(rules, validators())
    return guards.with_detector(detect).with_tools(lambda look: ToolGuard(tools, clock, look))
