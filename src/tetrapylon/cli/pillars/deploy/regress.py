"""Pin attacks that succeeded, and try them on every release from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk
from tetrapylon.kernel.text import printable

if TYPE_CHECKING:
    from tetrapylon.app.regressing import Asked


@click.group()
def command() -> None:
    """Pin attacks that succeeded, and try them on every release from then on."""


def _reaching(function: Callable[..., int]) -> Callable[..., int]:
    """Add how the models are reached."""
    for option in (
        click.option("--tries", type=click.IntRange(1, 100), default=3, show_default=True, help="Tries on each model."),
        click.option("--api-key-env", metavar="NAME", help="Take the key from this variable."),
        click.option("--through", metavar="URL", help="Ask at the system's own front door, such as `http://127.0.0.1:8700/v1`."),
    ):
        function = option(function)
    return function


@command.command()
@click.argument("family")
@click.option("--model", metavar="ID", help="Which model it succeeded against (default: the first that the last run broke).")
@click.option("--incident", metavar="ID", help="The incident that it comes from.")
@_reaching
@passphrase_option
@common_options
def pin(*, family: str, model: str | None, incident: str | None, as_json: bool, **given: Any) -> int:
    """Keep the shortest attack of a family that the last red-team run proved, once it has succeeded again just now.

    It becomes one file below `regressions`, with its digest on record. Ends with 1 if it does not succeed any more.
    """
    from tetrapylon.app.regressing import pin_one

    found = pin_one(_asked(given), family, model, incident)
    fresh = ", drawn anew at each try" if found["fresh"] else ""
    line = f"pinned: {found['file']} ({found['oracle']}, {found['hits']} of {found['tries']} tries succeed on `{found['model']}`{fresh})"
    emit(found, [line], as_json=as_json)
    talk("\nhint: this release is refused until `tetrapylon deploy regress run` is green")
    return 0


@command.command()
@_reaching
@passphrase_option
@common_options
def run(*, as_json: bool, **given: Any) -> int:
    """Try every pinned regression on this release: ends with 1 if one succeeds or is lost, with 3 if one could not be tried.

    An error is not resistance. The result is evidence about exactly this release.
    """
    from tetrapylon.app.regressing import run_all

    found = run_all(_asked(given))
    lines = [
        f"  {each['outcome']:<8} {row['file']}  {each['model']}: {printable(each['why'], 200)}"
        for row in found["regressions"]
        for each in row["models"]
    ]
    lines += [f"  lost     {each['file']} {each['why']}" for each in found["lost"]]
    emit(found, lines or ["nothing is pinned"], as_json=as_json)
    return int(found["exit"])


@command.command(name="list")
@common_options
def list_all(*, directory: str | None, as_json: bool) -> int:
    """List the pinned regressions, where each comes from, and how it stands on this release."""
    from tetrapylon.app.regressing import listing

    found = listing(directory)
    lines = [
        f"  {each['file']}  {each['state']}" + (f"; {each['model']}, red on {each['release']} at {each['redAt']}" if each["model"] else "")
        for each in found["regressions"]
    ]
    emit(found, lines or ["nothing is pinned"], as_json=as_json)
    return 0


def _asked(given: dict[str, Any]) -> Asked:
    from tetrapylon.app.attacking import from_environment
    from tetrapylon.app.regressing import Asked

    key = from_environment(given["api_key_env"]) if given["api_key_env"] else None
    return Asked(given["directory"], given["passphrase_file"], given["through"], key, given["tries"])
