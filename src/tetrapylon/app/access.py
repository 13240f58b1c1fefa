"""The keys of those who call the running system: made, listed and revoked for a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tetrapylon.app.project import Project, open_project, prepare_state
from tetrapylon.app.terms import terms_of
from tetrapylon.deploy.access.keys import KeyFile, kind_of
from tetrapylon.kernel.errors import Exit
from tetrapylon.outside.clock import SystemClock

if TYPE_CHECKING:
    from tetrapylon.deploy.access.looked import Looked

_LOOKS = {
    "storageWrong": "owners and modes",
    "wrong": "identities of pipelines",
    "sharedAcross": "environments kept apart",
    "standingGrants": "standing rights on weights",
    "plaintextSecrets": "secrets in plain text",
}


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


def look_at_places(directory: str | None) -> tuple[dict[str, Any], list[str]]:
    """Return what can be seen of access on this machine as data and as lines; nothing is recorded."""
    from tetrapylon.app.view import project_view
    from tetrapylon.deploy.access.places import places

    named = places(project_view(open_project(directory))).named
    looks = [
        {"look": name, "count": each.count, "answer": each.answer, "wrong": each.wrong, "unseen": each.unseen}
        for name, each in named.items()
    ]
    answers = [each.answer for each in named.values()]
    code = Exit.REFUSED if any(answers) else Exit.UNDECIDED if None in answers else Exit.GOOD
    lines = [line for name, each in named.items() for line in _lines(_LOOKS[name], each)]
    return {"schema": "tetrapylon/access-places/1", "looks": looks, "exit": int(code)}, lines


def _lines(name: str, look: Looked) -> list[str]:
    said = "could not be decided" if look.answer is None else f"{look.answer} wrong" if look.answer else "nothing wrong"
    return [f"  {name:<28} {look.count:>6} looked at, {said}", *(f"      {each}" for each in (*look.wrong, *look.unseen)[:20])]
