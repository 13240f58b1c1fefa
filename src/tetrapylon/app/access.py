"""The keys of those who call the running system: made, listed and revoked for a project."""

from __future__ import annotations

from typing import Any

from tetrapylon.app.project import Project, open_project, prepare_state
from tetrapylon.app.terms import terms_of
from tetrapylon.deploy.access.keys import KeyFile, kind_of
from tetrapylon.outside.clock import SystemClock


def key_file(project: Project) -> KeyFile:
    """Return the project's keys."""
    return KeyFile(project.state("access", "keys.json"))


def create(directory: str | None, principal: str, tenant: str, expires: str | None, *, accept_terms: bool) -> tuple[dict[str, Any], str]:
    """Make a key for a principal of the manifest; return what is kept of it, and the token."""
    project = open_project(directory)
    kind = kind_of(project.facts, principal)
    prepare_state(project)
    terms = terms_of(project).digest if accept_terms else None
    key, token = key_file(project).create(principal, kind, tenant, expires, terms)
    return key.public(SystemClock().now()), token


def listing(directory: str | None) -> list[dict[str, Any]]:
    """Return every key as data, without its hash."""
    now = SystemClock().now()
    return [each.public(now) for each in key_file(open_project(directory)).every()]


def revoke(directory: str | None, name: str) -> dict[str, Any]:
    """End a key now."""
    return key_file(open_project(directory)).revoke(name).public(SystemClock().now())
