"""Preconditions of practices: pure functions of the manifest's facts, each with its reason.

Nobody sets a practice to "not applicable" by hand: what the manifest declares decides, and the reason is signed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Precondition = Callable[[Mapping[str, Any]], tuple[bool, str]]
"""Takes the manifest as plain JSON; returns whether the practice applies, and why or why not."""


def _declares(table: str, what: str) -> Precondition:
    def judged(facts: Mapping[str, Any]) -> tuple[bool, str]:
        count = len(facts.get(table, ()))
        return (True, f"the manifest declares {count} {what}") if count else (False, f"the manifest declares no {what}")

    return judged


def _has_model_with(key: str, what: str) -> Precondition:
    def judged(facts: Mapping[str, Any]) -> tuple[bool, str]:
        found = [each["id"] for each in facts.get("model", ()) if each.get(key)]
        return (True, f"{what}: {', '.join(found)}") if found else (False, f"the manifest declares no {what}")

    return judged


def _system_is(key: str, value: str, otherwise: str) -> Precondition:
    def judged(facts: Mapping[str, Any]) -> tuple[bool, str]:
        found = facts["system"].get(key, otherwise)
        return found == value, f"the system's {key} is `{found}`"

    return judged


def _always(facts: Mapping[str, Any]) -> tuple[bool, str]:
    del facts
    return True, "every AI system"


PRECONDITIONS: dict[str, Precondition] = {
    "always": _always,
    "has-dataset": _declares("dataset", "dataset"),
    "has-endpoint": _has_model_with("endpoint", "model behind an address"),
    "has-gateway": _declares("group", "group of users"),
    "has-image-model": _has_model_with("preprocess", "model with preprocessing of images"),
    "has-model": _declares("model", "model"),
    "has-model-file": _has_model_with("path", "model file"),
    "has-model-hosted": _has_model_with("endpoint", "model behind an address"),
    "has-people": _declares("person", "person"),
    "has-prompt": _declares("prompt", "prompt"),
    "has-supplier": _declares("supplier", "supplier"),
    "has-tool": _declares("tool", "tool"),
    "is-mission-critical": _system_is("criticality", "mission", ""),
    "is-provider": _system_is("role", "provider", ""),
}
