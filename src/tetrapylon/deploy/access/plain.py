"""Secrets in plain text: in the files as they are, and in every version that git still holds.

A secret that was committed and then deleted is still there for everybody who has a copy. What is said of one is its kind, its
place and the first characters of a digest of the version, never the secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tetrapylon.deploy.access.hazards.secrets import look
from tetrapylon.deploy.access.looked import Looked
from tetrapylon.deploy.access.tokens import TOKENS
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.history import History, Version, history
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding

COUNTED = frozenset({"critical", "high", "medium"})
"""Severities; what is less stands in tests and examples."""

_SHOWN = re.compile(r" ?\(`[^`]*…`\)")
_HINT = re.compile(
    rb"(?i)key|token|secret|passw|://[^\s/@]{1,60}:[^\s/@]{1,100}@|" + b"|".join(re.escape(each.begins.encode()) for each in TOKENS)
)
"""What every text with a secret holds: looking for it is far cheaper than reading a file as code."""


def plain(root: Path, repository: Repository) -> Looked:
    """Look at the tree and at the history."""
    looked = Looked(count=len(repository.files))
    looked.wrong += [f"{_said(each)} at `{each.at}`" for each in look(repository) if each.severity in COUNTED]
    looked.unseen += [f"`{each.path}` {each.why}" for each in repository.unseen if not each.deliberate][:20]
    past = history(root)
    if past is None:
        return looked
    seen = set(looked.wrong)
    try:
        for version in past.versions():
            looked.count += 1
            looked.wrong += [each for each in _in_version(version) if each not in seen]
    except TetrapylonError as error:
        looked.unseen.append(error.message)
    looked.unseen += past.unread[:20]
    return looked


def state(root: Path) -> str | None:
    """Return what tells one state of the history from another, or why it is not known; None where there is none."""
    past: History | None = history(root)
    try:
        return None if past is None else str(past.state())
    except TetrapylonError as error:
        return error.message


def _in_version(version: Version) -> Iterator[str]:
    if b"\0" in version.data[:8192] or not _HINT.search(version.data):
        return
    view = Repository.of_texts({version.path: version.data.decode("utf-8", "replace")})
    for each in look(view):
        if each.severity in COUNTED:
            yield f"{_said(each)} in the history at `{each.at}` (version {version.id[:12]})"


def _said(finding: Finding) -> str:
    """Return the title without the characters of the secret that it shows."""
    return _SHOWN.sub("", finding.title).replace(" stands in the repository", "")
