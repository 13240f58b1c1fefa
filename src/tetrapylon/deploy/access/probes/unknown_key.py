"""With a key that nobody was given.

*What it does*: asks with keys that are well formed and were never made, that are one character off, that are empty or absurdly long.
*Why it matters*: a check of the form alone, or of a beginning, lets guessed keys in.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.access.probe import ANY, Stage, Try, answerable, with_key

_MADE_UP = "tp-000000000000-" + "A" * 43


def tries(stage: Stage) -> Iterator[Try]:
    """Yield requests with keys that were never given out."""
    wrong = {"a key that was never made": _MADE_UP, "an empty key": "", "a key of four thousand characters": "A" * 4000}
    for target, caller in answerable(stage):
        key = stage.key(caller)
        yield Try(target.route, f"`{caller}` asks for `{target.route}`", target, with_key(key), control=True)
        wrong["a key whose last character is another"] = key[:-1] + ("A" if key[-1] != "A" else "Q")
        wrong["the first half of a key"] = key[: len(key) // 2]
        wrong["a key with something behind it"] = f"{key}A"
    for target in stage.targets:
        for what, key in wrong.items():
            compared = "" if target.caller is not None else ANY
            yield Try(target.route, f"{what} asks for `{target.route}`", target, with_key(key), compared=compared)


GOOD = {"asked who is there": 401, "turned away": 403}
BAD = {"answered": 200, "the request was read first": 400}
