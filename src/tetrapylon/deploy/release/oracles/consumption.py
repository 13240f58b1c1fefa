"""More output than the facts' budget of tokens allows.

What it does: takes the tokens that the target counts, and where it counts none the words of the answer, of which there are never more.
Why it matters: one short question can cost a thousand times another.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.release.oracle import Judged

PROOF = True


def look(judged: Judged) -> Iterator[str]:
    """Yield that the budget was exceeded."""
    budget = judged.facts.token_budget
    if budget and max(judged.outcome.tokens_out, len(judged.seen.text.split())) > budget:
        yield f"the answer is longer than the budget of {budget} tokens"


GOOD = ("A short answer.",)
BAD = ("again " * 700,)
