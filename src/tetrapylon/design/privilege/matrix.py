"""Everybody times everything: what the engine decides, against what the manifest says, and whether tools are restricted.

What it does: asks the real Cedar engine about every principal, action, resource and class of data, strangers and things that
do not exist included, and compares each answer with one that is worked out from the manifest without any policy.
Why it matters: a policy that was generated wrongly grants what nobody wanted, and nobody notices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from tetrapylon.design.privilege.cedar import ACTIONS, DATA_CLASSES, Policies
from tetrapylon.kernel.canonical import Json, read_json
from tetrapylon.kernel.errors import IntegrityError

NOBODY = (("group", "nobody-declared"), ("service", "nobody-declared"), ("person", "nobody-declared"))
NOTHING = "nothing-declared"


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to the engine, and both answers."""

    kind: str
    principal: str
    action: str
    resource: str
    data_class: str
    wanted: bool
    """What follows from the manifest."""

    found: bool
    """What the engine decided."""

    @property
    def right(self) -> bool:
        """Whether both agree."""
        return self.wanted == self.found

    @property
    def sentence(self) -> str:
        """The probe in words."""
        verb = "may" if self.found else "may not"
        return f"{self.kind} `{self.principal}` {verb} {self.action} `{self.resource}` with {self.data_class} data"


def probes(facts: Mapping[str, Json]) -> Iterator[Probe]:
    """Yield every probe."""
    policies = Policies(facts)
    who = [(kind, each["id"]) for kind in ("group", "service", "person") for each in facts.get(kind, ())]
    for (kind, name), action, resource, data_class in product((*who, *NOBODY), ACTIONS, _resources(facts), DATA_CLASSES):
        found, _ = policies.decide((kind, name), action, resource, data_class)
        yield Probe(kind, name, action, resource, data_class, _wanted(facts, (kind, name), f"{action}:{resource}", data_class), found)


def _resources(facts: Mapping[str, Json]) -> list[str]:
    names = {each["id"] for table in ("model", "tool", "dataset", "store", "prompt") for each in facts.get(table, ())}
    return [*sorted(names), NOTHING]


def _wanted(facts: Mapping[str, Json], who: tuple[str, str], grant: str, data_class: str) -> bool:
    """Work out from the tables of the manifest, and from nothing else, whether this is permitted."""
    kind, name = who
    if not any(each["id"] == name and grant in each.get("may", ()) for each in facts.get(kind, ())):
        return False
    action, _, resource = grant.partition(":")
    order = {"public": 0, "internal": 1, "confidential": 2, "restricted": 3}
    if action in {"chat", "infer"}:
        hosted = any(each["id"] == resource and each.get("endpoint") for each in facts.get("model", ()))
        return not (hosted and data_class == "restricted")
    if action in {"read", "write"}:
        kept = [each for table in ("dataset", "store", "prompt") for each in facts.get(table, ()) if each["id"] == resource]
        rank = order[kept[0].get("sensitivity", "internal")] if kept else -1
        return bool(kept) and (rank <= order[data_class] if action == "read" else order[data_class] <= rank)
    return any(each["id"] == resource for each in facts.get("tool", ()))


@dataclass(frozen=True, slots=True)
class Restricted:
    """How far one tool is restricted: each of the five, or why not."""

    tool: str
    callers: tuple[str, ...]
    missing: tuple[str, ...]
    """Sentences; none where all five restrictions are there."""

    probes: int
    wrong: int
    """Arguments that the schema should refuse and does not."""


def restrictions(facts: Mapping[str, Json], schemas: Mapping[str, bytes]) -> list[Restricted]:
    """Return how far each tool is restricted; `schemas` holds the files that the manifest names."""
    return [_restricted(facts, tool, schemas.get(tool.get("arguments", ""))) for tool in facts.get("tool", ())]


def _restricted(facts: Mapping[str, Json], tool: Mapping[str, Json], schema: bytes | None) -> Restricted:
    name = tool["id"]
    callers = tuple(each["id"] for table in ("group", "service") for each in facts.get(table, ()) if f"call:{name}" in each.get("may", ()))
    missing: list[str] = []
    tried, wrong = 0, 0
    if schema is None:
        missing.append(f"`{name}` has no schema of arguments")
    else:
        tried, wrong, why = _schema_probes(schema)
        missing += [f"the schema of `{name}` {why}"] if why else []
    if tool["effect"] == "irreversible" and tool.get("approval", "none") != "human":
        missing.append(f"`{name}` cannot be undone and nobody approves it")
    if "budget" not in tool:
        missing.append(f"`{name}` has no budget")
    return Restricted(name, callers, tuple(missing), tried, wrong)


def _schema_probes(data: bytes) -> tuple[int, int, str]:
    """Return how many wrong arguments were tried, how many the schema took, and what is the matter with it."""
    from jsonschema_rs import RegexOptions, ValidationError, validator_for

    try:
        schema = read_json(data, "the schema")
        validator = validator_for(schema, pattern_options=RegexOptions(), offline=True)
    except (IntegrityError, ValidationError, ValueError):
        return 0, 0, "cannot be used"
    tried = list(_wrong_arguments(schema))
    taken = [each for each in tried if validator.is_valid(each)]
    # Probes that a pattern happens to refuse show nothing about names, so it is read whether the schema is closed, too.
    closed = isinstance(schema, dict) and schema.get("type") == "object" and _closed(schema)
    return len(tried), len(taken), "takes arguments that it does not know" if taken or not closed else ""


def _closed(schema: Json) -> bool:
    """Return whether every object that the schema describes takes only the members that it names."""
    if isinstance(schema, list):
        return all(_closed(each) for each in schema)
    if not isinstance(schema, dict):
        return True
    describes = schema.get("type") == "object" or "properties" in schema
    if describes and schema.get("additionalProperties") is not False and schema.get("unevaluatedProperties") is not False:
        return False
    return all(_closed(each) for each in schema.values())


def _wrong_arguments(schema: Json) -> Iterator[Any]:
    """Yield arguments that no schema of a tool should take: no object, and an object with a member of another name."""
    yield from (None, True, 0, "", [], ["x"], "ignore the schema")
    properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
    filled = {name: _plausible(each) for name, each in properties.items()}
    yield {**filled, "not-a-parameter-of-this-tool": "x"}
    for name in properties:
        yield {**filled, name: {"nested": {"deep": [1]}}, "x-extra": 1}
    for name in schema.get("required", ()) if isinstance(schema, dict) else ():
        yield {key: value for key, value in filled.items() if key != name}


def _plausible(schema: Json) -> Any:
    kind = schema.get("type") if isinstance(schema, dict) else None
    return {"string": "x", "number": 1, "integer": 1, "boolean": True, "array": [], "object": {}}.get(str(kind), "x")
