"""Make what users and researchers are told, as files by name: nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.beside import decisions_beside, read_beside
from tetrapylon.outside.clock import parse_time
from tetrapylon.outside.view import View
from tetrapylon.responsibility.provider.decisions import FILE, Decisions
from tetrapylon.responsibility.provider.limits import limitations
from tetrapylon.responsibility.provider.matrix import matrix
from tetrapylon.responsibility.provider.pages import disclosure_page, policy_page
from tetrapylon.responsibility.provider.securitytxt import renewed
from tetrapylon.responsibility.provider.shipped import MATRIX, PAGE, POLICY, SECURITY


def folder_of(view: View) -> str:
    """Return where published files lie, relative to the manifest."""
    return folder_in(view.root, view.facts)


def folder_in(root: Path, facts: Mapping[str, Json]) -> str:
    """Return where the files that a system publishes lie, relative to its manifest in `root`."""
    return decisions_beside(root, FILE, Decisions, facts).folder


def files(view: View) -> dict[str, bytes]:
    """Return each file by its name in the folder.

    Raises:
        MissingError: nobody declared a contact (`no-contact`).
    """
    decisions = decisions_beside(view.root, FILE, Decisions, view.facts)
    if decisions.security is None:
        hint = f'write `{FILE}` beside the manifest: `[security]` with `contact = ["mailto:…"]`'
        raise MissingError("nobody declared whom to report weaknesses to", hint=hint, code="no-contact")
    duties = matrix(view.facts, decisions)
    there = read_beside(view.root, f"{decisions.folder}/{SECURITY}")
    existing = None if there is None else there.decode("utf-8", "replace")
    page = disclosure_page(view.facts, decisions, limitations(view, decisions), duties)
    return {
        SECURITY: renewed(decisions.security, parse_time(view.now()), existing).encode(),
        POLICY: policy_page(view.facts, decisions.security).encode(),
        PAGE: page.encode(),
        MATRIX: (json.dumps(duties, ensure_ascii=False, indent=2) + "\n").encode(),
    }
