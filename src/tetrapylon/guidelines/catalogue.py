"""What the guidance asks: seventeen guidelines, 172 practices, in our own words.

The plain form (`catalogue_object`) is what a decision names by digest and what a customer's verifier reads again.
"""

from __future__ import annotations

from typing import Any

from tetrapylon.guidelines.shape import check_keys, read_table
from tetrapylon.kernel.errors import UsageError

CATALOGUE_SCHEMA = "tetrapylon/catalogue/1"
KINDS = ("A", "E", "H")
OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "contains", "none", "some"})
DERIVATIONS = frozenset({"waivers-sound", "nothing-stale", "decision-replayed"})

_PRACTICE = ("id", "title", "text", "rule", "named", "kind", "room", "status")
_CORE = ("applies", "effort", "next", "part")
_PART = ("leg", "predicate", "inputs", "condition")


def catalogue_object(text: str) -> dict[str, Any]:
    """Return the catalogue as plain JSON, checked.

    Raises:
        UsageError: an entry is malformed; the message names it (`bad-data`).
    """
    table = read_table(text, "the catalogue")
    check_keys(table, ("schema", "edition", "guideline", "practice"), (), "the catalogue")
    if table["schema"] != CATALOGUE_SCHEMA:
        raise UsageError(f"the catalogue is not a `{CATALOGUE_SCHEMA}`", code="bad-data")
    for each in table["guideline"]:
        check_keys(each, ("id", "title", "pillar", "rooms"), (), f"guideline {each.get('id')}")
    for each in table["practice"]:
        _check_practice(each)
    ids = [each["id"] for each in table["practice"]]
    if len(set(ids)) != len(ids):
        raise UsageError("a practice is there twice", code="bad-data")
    return table


def _check_practice(practice: dict[str, Any]) -> None:
    what = f"practice {practice.get('id')}"
    core = practice.get("status") == "core"
    check_keys(practice, (*_PRACTICE, *_CORE) if core else _PRACTICE, () if core else ("applies", "effort", "next"), what)
    if practice["status"] not in {"core", "planned"} or not practice["kind"] or not set(practice["kind"]) <= set(KINDS):
        raise UsageError(f"{what} has a status or kind that is not known", code="bad-data")
    for part in practice.get("part", ()):
        _check_part(part, what)
    # All parts are required: a practice that a person must answer for can never pass on measurements alone.
    if core and {part["leg"] for part in practice["part"]} != set(practice["kind"]):
        raise UsageError(f"{what} does not have a part for each kind of evidence", code="bad-data")


def _check_part(part: dict[str, Any], what: str) -> None:
    if "derive" in part:
        check_keys(part, ("leg", "derive"), (), what)
        if part["derive"] not in DERIVATIONS:
            raise UsageError(f"{what} is derived in a way that is not known", code="bad-data")
        return
    check_keys(part, _PART, ("where", "freshness", "materials"), what)
    for condition in (*part["condition"], *part.get("where", ())):
        if condition[1] not in OPERATORS:
            raise UsageError(f"{what} compares by `{condition[1]}`, which is not known", code="bad-data")
