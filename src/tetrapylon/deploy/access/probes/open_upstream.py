"""Past the gateway.

*What it does*: asks the models' own addresses for their lists of models, without a key. An address of this machine alone is
reached by its other processes, which is said and not counted; it is asked under this machine's other addresses, too.
*Why it matters*: a guarded door beside an open one guards nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tetrapylon.deploy.access.probe import ANY, NOT_THERE, Stage, Target, Try
from tetrapylon.outside.asking import is_loopback, place_of


def tries(stage: Stage) -> Iterator[Try]:
    """Yield a request to each upstream, and to each address under which others might reach it."""
    for model in stage.facts.get("model", ()):
        if "endpoint" in model:
            yield from _past(model["id"], model["endpoint"], stage.addresses)


def _past(model: str, endpoint: str, addresses: Sequence[str]) -> Iterator[Try]:
    scheme, host, port = place_of(endpoint)
    path = f"{endpoint.partition('://')[2].partition('/')[2].rstrip('/')}/models"
    target = Target(f"upstream:{model}", "GET", f"/{path}")
    near = is_loopback(host)
    what = f"somebody without a key asks the address of `{model}`, {f'{host}:{port}'} past the gateway"
    yield Try(target.route, what, target, {}, NOT_THERE, compared=ANY, upstream=endpoint)
    for other in addresses if near else ():
        origin = f"{scheme}://{f'[{other}]' if ':' in other else other}:{port}"
        yield Try(
            target.route, f"others ask for `{model}` at {origin}, past the gateway", target, {}, NOT_THERE, compared=ANY, upstream=origin
        )


GOOD = {"asked who is there": 401, "not there": 404}
BAD = {"answered": 200, "sent elsewhere": 302}
