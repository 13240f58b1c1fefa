"""The terms and limits of a system: what its users acknowledge before they begin.

What it does: writes the text from the manifest and from the limits that were measured for the release, where there are any
(`disclosure/known-limits.md`). Whoever acknowledges it acknowledges its digest, so new limits ask anew.
Why it matters: users answer for what they put in and for what they do with what comes out; they must have been told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

LIMITS = ("disclosure", "known-limits.md")
"""What was found that the release cannot do, written when it was attacked and measured."""


def terms_text(facts: Mapping[str, Json], root: Path) -> str:
    """Return the terms of the system that is declared in the folder `root`."""
    return "\n".join(_lines(facts, root)) + "\n"


def terms_digest(text: str) -> Digest:
    """Return what is acknowledged."""
    return sha256(text.encode())


def _lines(facts: Mapping[str, Json], root: Path) -> Iterator[str]:
    system = facts["system"]
    yield f"# Terms and limits of {system['id']}"
    yield ""
    yield f"{system['purpose']}."
    if system.get("demo"):
        yield "This is a demonstration; its company and its persons are fictitious."
    yield from ("", "## Who answers for what", "")
    yield "* You answer for what you put in, and for what you do with what comes out. Declare the class of data that you put in."
    yield "* A decision that rests on an answer is made by a named person, who looked at the answer."
    yield "* We answer for the system: its models, its guards, its records, and telling you of known limits."
    yield from ("", "## What can go wrong with such systems", "")
    yield "* An answer can be made up, however sure it sounds. Check what matters."
    yield "* A document or a picture that you pass on can hold orders to the model. Do not act on links or commands in an answer unchecked."
    yield "* Do not put in passwords, keys, or personal data that the task does not need; restricted data never goes to a hosted model."
    yield from ("", "## What happens to a request", "")
    yield "* It is checked, and can be refused, shortened where it holds secrets or personal data, or held for a person."
    yield "* It is recorded, sealed, with your name, and so is its answer; each answer carries a receipt."
    yield from _suppliers(facts)
    yield from _held(facts)
    yield from ("", "## Limits", "")
    yield from _limits(root)


def _suppliers(facts: Mapping[str, Json]) -> Iterator[str]:
    hosted = [f"`{each['id']}` at `{each.get('supplier', 'another company')}`" for each in facts.get("model", ()) if "endpoint" in each]
    if hosted:
        yield f"* These models are run by others, who see what is asked: {', '.join(hosted)}."


def _held(facts: Mapping[str, Json]) -> Iterator[str]:
    held = [f"`{each['id']}`" for each in facts.get("tool", ()) if each.get("approval") == "human"]
    if held:
        yield f"* These are done only after a named person released them: {', '.join(held)}."


def _limits(root: Path) -> Iterator[str]:
    path = root.joinpath(*LIMITS)
    if path.is_file():
        lines = read_bytes(path, BOUNDS.manifest).decode("utf-8", "replace").strip().splitlines()
        yield "\n".join(each.replace("## ", "### ", 1) for each in lines if not each.startswith("# ")).strip()
    else:
        yield "* Answers can be wrong. No limits were measured for this release."
