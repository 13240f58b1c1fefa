"""With a good key of somebody who may not.

*What it does*: lets every principal of the manifest ask for every model and for the figures of the running system, and compares
with what the manifest grants: granted must be answered, everything else refused. A list of models must not name what was not granted.
*Why it matters*: a key says who asks. What they may is a second question, and forgetting it makes every key a master key.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import ANY, Stage, Target, Try, answerable, principals, with_key

MOST = 600
"""Requests; beyond that the first of each route are asked."""


def tries(stage: Stage) -> Iterator[Try]:
    """Yield the matrix of principals and targets."""
    everybody = principals(stage.facts)
    limited = [each for each in stage.targets if each.action or each.operator]
    everybody = everybody[: max(2, MOST // max(1, len(limited)))]
    for target, caller in answerable(stage):
        yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, with_key(stage.key(caller)), control=True)
    for principal, grants in everybody:
        for target in limited:
            may = principal in stage.operators if target.operator else f"{target.action}:{target.model}" in grants
            if not may:
                compared = "" if target.caller is not None else ANY
                key = with_key(stage.key(principal))
                yield Try(target.route, f"`{principal}` asks for `{target.route}`", target, key, compared=compared)
        yield from _listed(stage, principal, grants)


def _listed(stage: Stage, principal: str, grants: frozenset[str]) -> Iterator[Try]:
    listing = next((each for each in stage.targets if each.route == "models"), None)
    for target in stage.targets:
        if listing is not None and target.action == "chat" and f"chat:{target.model}" not in grants:
            yield _hidden(listing, principal, target.model, with_key(stage.key(principal)))


def _hidden(listing: Target, principal: str, model: str, key: dict[str, str]) -> Try:
    return Try(listing.route, f"`{principal}` is shown `{model}` in the list of models", listing, key, hidden=f'"{model}"')


GOOD = {"turned away": 403}
BAD = {"the request was read first": 400, "answered": 201}
