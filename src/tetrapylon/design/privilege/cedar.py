"""Cedar policies made from a manifest: one permit for each grant, two prohibitions for classes of data, nothing else.

What it does: writes the policies, the entities and the schema that the real engine decides by; whatever no policy permits is
denied, which is how Cedar works and what the matrix of probes shows.
Why it matters: who may do what stands in one place, the manifest, and everybody can read what follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import UndecidedError, UsageError

ACTIONS = ("chat", "infer", "call", "read", "write")

DATA_CLASSES = ("public", "internal", "confidential", "restricted")
"""Ascending: how much harm it does when the data gets out."""

RESTRICTED = len(DATA_CLASSES) - 1

_TYPES = {"group": "Group", "service": "Service", "person": "Person"}

_SCHEMA = """\
entity Group, Service, Person;
entity Model { hosted: Bool };
entity Tool;
entity Data { rank: Long };
action chat, infer appliesTo { principal: [Group, Service, Person], resource: [Model], context: { rank: Long } };
action call appliesTo { principal: [Group, Service, Person], resource: [Tool], context: { rank: Long } };
action read, write appliesTo { principal: [Group, Service, Person], resource: [Data], context: { rank: Long } };
"""

_PROHIBITIONS = f"""\
@id("restricted-data-stays")
forbid (principal, action in [Action::"chat", Action::"infer"], resource)
when {{ resource.hosted && context.rank >= {RESTRICTED} }};

@id("data-goes-to-no-weaker-place")
forbid (principal, action == Action::"read", resource)
when {{ resource.rank > context.rank }};

@id("data-comes-to-no-weaker-place")
forbid (principal, action == Action::"write", resource)
when {{ context.rank > resource.rank }};
"""


@dataclass(frozen=True)
class Policies:
    """The policies of one manifest, as text and as the engine holds them."""

    facts: Mapping[str, Json]

    @cached_property
    def text(self) -> str:
        """The policies in Cedar's language, sorted."""
        return _PROHIBITIONS + "".join(f"\n{each}" for each in sorted(_permits(self.facts)))

    @cached_property
    def entities(self) -> list[dict[str, Json]]:
        """Everything that a request may name."""
        return list(_entities(self.facts))

    @cached_property
    def digest(self) -> Digest:
        """The digest of everything that a decision follows from."""
        return sha256(canonical_json([_SCHEMA, self.text, self.entities]))

    def check(self) -> None:
        """Have the engine check the policies against the schema.

        Raises:
            UndecidedError: they do not fit, so nothing may be decided by them.
        """
        found = engine().validate_policies(self.text, _SCHEMA)
        if not found.validation_passed:
            raise UndecidedError(f"the policies do not fit their schema: {found.errors[0].error}", code="bad-policies")

    @cached_property
    def handles(self) -> tuple[Any, Any]:
        """The policies and the entities, parsed once."""
        cedar = engine()
        return cedar.PolicySet.from_str(self.text), cedar.Entities.from_json_str(json.dumps(self.entities))

    def decide(self, principal: tuple[str, str], action: str, resource: str, data_class: str) -> tuple[bool, str]:
        """Return whether the engine permits it, and which policy says so; the principal is its kind and its id."""
        if action not in ACTIONS or data_class not in DATA_CLASSES or principal[0] not in _TYPES:
            return False, "there is no such action, class of data or kind of principal"
        policies, entities = self.handles
        request = {
            "principal": {"type": _TYPES[principal[0]], "id": principal[1]},
            "action": {"type": "Action", "id": action},
            "resource": {"type": resource_type(action), "id": resource},
            "context": {"rank": DATA_CLASSES.index(data_class)},
        }
        found = engine().is_authorized(request, policies, entities)
        if found.diagnostics.errors:
            return False, f"a policy could not be evaluated: {found.diagnostics.errors[0]}"
        named = sorted(found.diagnostics.id_annotations_by_reason.values())
        return bool(found.allowed), ", ".join(named) or "no policy permits it"


def engine() -> Any:
    """Return the module of the Cedar engine.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import cedarpy
    except ImportError as error:
        hint = "install it with `pip install 'tetrapylon[gateway]'`"
        raise UsageError("deciding who may do what needs the package `cedarpy`", hint=hint, code="missing-extra") from error
    return cedarpy


def resource_type(action: str) -> str:
    """Return the kind of thing that an action is done to."""
    return {"chat": "Model", "infer": "Model", "call": "Tool"}.get(action, "Data")


def principals(facts: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return every principal of a manifest as kind and id."""
    return [(kind, each["id"]) for kind in _TYPES for each in facts.get(kind, ())]


def _permits(facts: Mapping[str, Json]) -> Iterator[str]:
    for kind in ("group", "service"):
        for each in facts.get(kind, ()):
            for grant in each.get("may", ()):
                action, _, resource = grant.partition(":")
                yield (
                    f'@id("{kind} {each["id"]} may {grant}")\n'
                    f'permit (principal == {_TYPES[kind]}::"{each["id"]}", action == Action::"{action}", '
                    f'resource == {resource_type(action)}::"{resource}");\n'
                )


def _entities(facts: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    for kind, name in principals(facts):
        yield _entity(_TYPES[kind], name)
    for each in facts.get("model", ()):
        yield _entity("Model", each["id"], hosted="endpoint" in each)
    for each in facts.get("tool", ()):
        yield _entity("Tool", each["id"])
    for each in (*facts.get("dataset", ()), *facts.get("store", ()), *facts.get("prompt", ())):
        # A prompt ships with the release, so everybody inside may know it.
        yield _entity("Data", each["id"], rank=DATA_CLASSES.index(each.get("sensitivity", "internal")))


def _entity(kind: str, name: str, **attributes: Json) -> dict[str, Json]:
    return {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": []}
