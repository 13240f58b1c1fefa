"""What the system does badly or not at all: as people declared it, and as its own tests showed."""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.outside.view import View
from tetrapylon.responsibility.provider.decisions import Decisions


def limitations(view: View, decisions: Decisions) -> Iterator[str]:
    """Yield each known limitation as a sentence; those from tests are about the newest test of each suite and subject."""
    for each in decisions.limitation:
        yield f"{each.text} ({each.advice})" if each.advice else each.text
    newest = {(str(known.payload.get("suite")), *sorted(known.subjects)): known for known in view.evidence("test-result")}
    for (suite, *subjects), known in sorted(newest.items()):
        if known.payload.get("result") == "FAILED":
            about = ", ".join(f"`{name}`" for name in subjects)
            failed = known.payload.get("failedTests") or []
            cases = f": {', '.join(str(name) for name in failed[:10])}" if failed else ""
            yield f"The tests of suite `{suite}` fail on {about}{cases}"
