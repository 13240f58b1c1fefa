"""Steps of a pipeline that others can change, where secrets are at hand.

*What it does*: finds GitHub Actions of third parties by tag or branch in workflows that handle secrets.
*Why it matters*: a tag was moved more than once to a version that sent all secrets of its users away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Rule

RULE = Rule(
    "mutable-action",
    "low",
    "an action by tag can read secrets",
    "Whoever can move the tag reads the secrets of this workflow.",
    "uses: OWNER/ACTION@<commit of 40 hex digits>  # v4.1.0",
)
RULES = (RULE,)

_USES = re.compile(r"^[ \t]*(?:-[ \t]+)?uses:[ \t]*[\"']?([\w.-]+/[\w./-]+)@([\w./-]+)", re.MULTILINE)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_PLATFORM = ("actions/", "github/")
"""Owned by the platform that runs the workflow and holds the secrets anyway."""


def look(repository: Repository) -> Iterator[Finding]:
    """Yield the first such action of each workflow."""
    for file in repository.of("ci"):
        if "secrets." not in file.text.replace("secrets.GITHUB_TOKEN", ""):
            continue
        found = [
            (place, match)
            for place, match in live_matches(file, _USES, "uses:")
            if not _COMMIT.fullmatch(match[2]) and not match[1].startswith(_PLATFORM)
        ]
        if found:
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            yield RULE.at(found[0][0], f"`{found[0][1][1]}@{found[0][1][2]}`{more} by tag where secrets are at hand")


_HEAD = "on: push\njobs:\n  t:\n    steps:\n      - uses: actions/checkout@v4\n"
_KEY = "        env:\n          KEY: ${{ secrets.OPENAI_API_KEY }}\n"

GOOD = {
    "a commit": {".github/workflows/ci.yml": f"{_HEAD}      - uses: o/a@{'1f' * 20} # v2\n{_KEY}"},
    "no secrets": {
        ".github/workflows/ci.yml": f"{_HEAD}      - uses: o/a@v2\n        with:\n          token: ${{{{ secrets.GITHUB_TOKEN }}}}\n"
    },
}
BAD = {
    "mutable-action: a tag": {".github/workflows/ci.yml": f"{_HEAD}      - uses: o/a@v2\n{_KEY}"},
    "mutable-action: a branch": {".github/workflows/deploy.yml": f"{_HEAD}      - name: d\n        uses: o/deploy/sub@main\n{_KEY}"},
}
