"""For what nobody offers.

*What it does*: asks for addresses at which other servers show their documentation, settings, profiles, files and administration,
without a key and with one; and for methods that the routes do not have.
*Why it matters*: what was left switched on by a framework answers beside every check that was written.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import ANY, NOT_THERE, Stage, Target, Try, answerable, with_key

PATHS = (
    *("/", "/docs", "/redoc", "/openapi.json", "/swagger.json", "/admin", "/ui", "/debug/pprof/", "/actuator/env", "/server-status"),
    *("/config", "/.env", "/.git/config", "/tetrapylon.toml", "/.tetrapylon/access/keys.json", "/v1/keys", "/key/generate", "/v1/files"),
    *("/v1/embeddings", "/v1/responses", "/v1/holds", "/v2/repository/index", "/v2", "/api/tags", "/api/generate", "/invocations"),
)
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests for what there is not."""
    first = list(answerable(stage))[:1]
    for target, caller in first:
        yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, with_key(stage.key(caller)), control=True)
    for path in PATHS:
        target = Target(path, "GET", path)
        yield Try(path, f"somebody without a key asks for `{path}`", target, {}, NOT_THERE, compared=ANY)
        for _, caller in first:
            yield Try(path, f"`{caller}` asks for `{path}`", target, with_key(stage.key(caller)), NOT_THERE, compared=ANY)
    for target in stage.targets:
        for method in METHODS:
            asked = Target(target.route, method, target.path)
            yield Try(target.route, f"somebody without a key sends {method} to `{target.route}`", asked, {}, NOT_THERE, compared=ANY)


GOOD = {"not there": 404, "asked who is there": 401, "not so": 405}
BAD = {"answered": 200, "sent elsewhere": 307}
