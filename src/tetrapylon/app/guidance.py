"""The catalogue and the policy that a decision is made by, as the plain objects that it names by digest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.evidence.predicate import predicate_types
from tetrapylon.guidelines.catalogue import catalogue_object
from tetrapylon.guidelines.policy import load_policy
from tetrapylon.guidelines.profiles import profile_practices
from tetrapylon.kernel.shelf import package_text

GUIDELINES = "tetrapylon.guidelines"


@cache
def catalogue() -> dict[str, Any]:
    """Return the catalogue of practices as plain JSON; do not change it."""
    return catalogue_object(package_text(GUIDELINES, "catalogue.toml"))


def shown(practice: Mapping[str, Any]) -> dict[str, Any]:
    """Return a practice as users see it: which package works on it is ours to know."""
    return {key: value for key, value in practice.items() if key != "room"}


def default_values() -> dict[str, Any]:
    """Return the policy's values where nobody changes them."""
    return load_policy(package_text(GUIDELINES, "policy.toml")).values


@cache
def profile_ids(name: str) -> tuple[str, ...]:
    """Return the ids of a profile's practices."""
    return profile_practices(package_text(GUIDELINES, "profiles.toml"), name, catalogue())


def policy(project: Project, profile: str | None = None) -> dict[str, Any]:
    """Return the policy in force: values, who may sign what, who may see what, and the practices of the profile.

    Raises:
        UsageError: the profile or an override is not known.
    """
    gate = project.facts.get("gate", {})
    found = load_policy(package_text(GUIDELINES, "policy.toml"), dict(gate.get("policy", {})))
    name = profile or _declared(gate)
    return {
        "values": found.values,
        "roles": {predicate: list(roles) for predicate, roles in found.roles.items()},
        "disclosure": found.disclosure,
        "predicates": dict(predicate_types()),
        "profile": name,
        "practices": list(profile_ids(name)),
    }


def _declared(gate: Mapping[str, Any]) -> str:
    return str(gate.get("profile", "start"))
