"""Who answers for what, for both sides, as data: it follows from the manifest, the practices and people's additions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tetrapylon.guidelines.applies import PRECONDITIONS
from tetrapylon.guidelines.shape import check_keys, read_table
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import package_text
from tetrapylon.responsibility.provider.decisions import Decisions

PARTIES = ("provider", "deployer", "user", "supplier")
_REQUIRED = ("id", "text", "applies", "answers", "building-on", "practices")


def duties() -> list[dict[str, Any]]:
    """Return every duty that the practices give, checked."""
    table = read_table(package_text("tetrapylon.responsibility.provider", "duties.toml"), "the duties")
    for each in table["duty"]:
        check_keys(each, _REQUIRED, ("helps", "told", "for-each"), f"duty {each.get('id')}")
    return list(table["duty"])


def matrix(facts: Mapping[str, Json], decisions: Decisions) -> dict[str, Any]:
    """Return who answers for what as `tetrapylon/responsibilities/1`."""
    system = facts["system"]
    rows = [row for each in duties() for row in _rows(facts, each)]
    rows += [_row(each.id, each.text, each.party, {"practices": each.practices}, "declared by the provider") for each in decisions.duty]
    return {
        "schema": "tetrapylon/responsibilities/1",
        "system": system["id"],
        "release": system["release"],
        "role": system["role"],
        "parties": [{"id": each, "who": _who(facts, each)} for each in PARTIES],
        "duties": rows,
    }


def _rows(facts: Mapping[str, Json], duty: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    applies, why = PRECONDITIONS[duty["applies"]](facts)
    if not applies:
        return
    party = duty["answers"] if facts["system"]["role"] == "provider" else duty["building-on"]
    for name, who in _about(facts, duty.get("for-each")):
        row = _row(f"{duty['id']}:{name}" if name else duty["id"], duty["text"], party, duty, why)
        yield {**row, **({"about": name} if name else {}), **({"who": who} if who else {})}


def _row(name: str, text: str, party: str, duty: Mapping[str, Any], why: str) -> dict[str, Any]:
    others = {key: [each for each in duty.get(key, ()) if each != party] for key in ("helps", "told")}
    return {"id": name, "text": text, "answers": party, **others, "practices": list(duty["practices"]), "why": why}


def _about(facts: Mapping[str, Json], each: str | None) -> Iterator[tuple[str, list[str]]]:
    """Yield what a duty is repeated for, with who that is where the manifest says so."""
    if each is None:
        yield "", []
    elif each == "group":
        yield from ((row["id"], []) for row in facts.get("group", ()))
    elif each == "hosted-model":
        yield from ((row["id"], [row["supplier"]] if "supplier" in row else []) for row in facts.get("model", ()) if "endpoint" in row)
    elif each == "approved-tool":
        yield from ((row["id"], []) for row in facts.get("tool", ()) if row.get("approval") == "human")


def _who(facts: Mapping[str, Json], party: str) -> list[str]:
    system = facts["system"]
    ours = "provider" if system["role"] == "provider" else "deployer"
    if party == ours:
        owners = [each["id"] for each in facts.get("person", ()) if "owner" in each.get("roles", ())]
        return [system["id"], *owners]
    if party == "user":
        return [each["id"] for each in facts.get("group", ())]
    if party == "supplier":
        return [each["id"] for each in facts.get("supplier", ())]
    return ["whoever runs the system"] if party == "deployer" else ["whoever provides the AI that is used"]
