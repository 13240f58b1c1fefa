"""The terms and limits of a system: what its users acknowledge before they begin.

The text is made from the manifest, and from the limits that were measured for the release where there are any
(`.tetrapylon/limits.md`). Whoever acknowledges it acknowledges its digest, so new limits ask anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tetrapylon.app.project import Project
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """The text, and the digest that is acknowledged."""

    text: str
    digest: Digest


def terms_of(project: Project) -> Terms:
    """Return the terms of the project as they are now."""
    text = "\n".join(_lines(project)) + "\n"
    return Terms(text, sha256(text.encode()))


def _lines(project: Project) -> Iterator[str]:
    system = project.facts["system"]
    yield f"# Terms and limits of {system['id']}"
    yield ""
    yield f"{system['purpose']}."
    if project.demo:
        yield "This is a demonstration; its company and its persons are fictitious."
    yield from ("", "## Who answers for what", "")
    yield "* You answer for what you put in, and for what you do with what comes out. Declare the class of data that you put in."
    yield "* A decision that rests on an answer is made by a named person, who looked at the answer."
    yield "* We answer for the system: its models, its guards, its records, and telling you of known limits."
    yield from ("", "## What happens to a request", "")
    yield "* It is checked, and can be refused, shortened where it holds secrets or personal data, or held for a person."
    yield "* It is recorded, sealed, with your name, and so is its answer; each answer carries a receipt."
    yield from _held(project)
    yield from ("", "## Limits", "")
    yield from _limits(project)


def _held(project: Project) -> Iterator[str]:
    held = [f"`{each['id']}`" for each in project.facts.get("tool", ()) if each.get("approval") == "human"]
    if held:
        yield f"* These are done only after a named person released them: {', '.join(held)}."


def _limits(project: Project) -> Iterator[str]:
    path = project.state("limits.md")
    if path.is_file():
        yield read_bytes(path, BOUNDS.manifest).decode("utf-8", "replace").strip()
    else:
        yield "* Answers can be wrong. No limits were measured for this release."
