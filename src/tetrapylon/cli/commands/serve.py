"""Serve the system's models through a guarded gateway that speaks OpenAI's and the Open Inference Protocol."""

from __future__ import annotations

import json
import os
import sys

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import talk
from tetrapylon.kernel.errors import UndecidedError, UsageError


@click.command()
@click.option(
    "--listen", default="127.0.0.1:8700", metavar="HOST:PORT", show_default=True, help="Where to listen; port 0 takes a free one."
)
@click.option(
    "--api-key-env", "named", multiple=True, metavar="MODEL=NAME", help="The variable NAME holds the key for the upstream of MODEL."
)
@click.option("--no-failover", is_flag=True, help="Let no alternate take over, whatever happens.")
@passphrase_option
@common_options
def command(
    *, listen: str, named: tuple[str, ...], no_failover: bool, passphrase_file: str | None, directory: str | None, as_json: bool
) -> int:
    """Serve the system's models through a guarded gateway, until SIGTERM or Ctrl-C.

    Once requests are answered, one line of JSON on stdout says so: {"event": "ready", "url": ...}.
    """
    del as_json  # there is no other form
    from tetrapylon.app.serving import open_serving

    serving = open_serving(directory, passphrase_file, failover=not no_failover)
    tokens = _tokens(named, {each.id for each in serving.hosted})
    try:
        import uvloop

        from tetrapylon.gateway.parts import build_parts
        from tetrapylon.gateway.start import listen_at, serve
    except ImportError as error:
        hint = "run `pip install 'tetrapylon[gateway]'`"
        raise UndecidedError(f"`{error.name}` is not installed, and the gateway needs it", hint=hint, code="no-library") from error
    for each in serving.switch.unexamined():
        talk(f"note: {each}")
    uvloop.run(serve(serving, build_parts(serving, passphrase_file), listen_at(listen), tokens, _ready))
    return 0


def _ready(url: str) -> None:
    sys.stdout.write(json.dumps({"event": "ready", "url": url}) + "\n")
    sys.stdout.flush()
    talk(f"serving at {url}; end it with Ctrl-C")


def _tokens(named: tuple[str, ...], models: set[str]) -> dict[str, str]:
    """Return the key for each upstream that has one; keys come from the environment, never from the command line."""
    found = {}
    for each in named:
        model, _, name = each.partition("=")
        if model not in models:
            raise UsageError(
                f"`{model[:64]}` is no model behind an address", hint=f"models: {', '.join(sorted(models))}", code="no-such-model"
            )
        if not os.environ.get(name):
            raise UsageError(f"the variable `{name[:64]}` is empty or not set", hint="set it to the key", code="no-key")
        found[model] = os.environ[name]
    return found
