"""The terms and limits of a project, as its users acknowledge them."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.app.project import Project
from tetrapylon.kernel.digest import Digest
from tetrapylon.responsibility.user.terms import terms_digest, terms_text


@dataclass(frozen=True, slots=True)
class Terms:
    """The text, and the digest that is acknowledged."""

    text: str
    digest: Digest


def terms_of(project: Project) -> Terms:
    """Return the terms of the project as they are now."""
    text = terms_text(project.facts, project.root)
    return Terms(text, terms_digest(text))
