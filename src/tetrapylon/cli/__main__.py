"""The `tetrapylon` command: a lazy group, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from tetrapylon.cli.group import LazyGroup
from tetrapylon.cli.output import report_error, talk
from tetrapylon.kernel.errors import Exit, TetrapylonError

COMMANDS = "tetrapylon.cli.commands"


@click.command(cls=LazyGroup, package=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="tetrapylon", message="%(prog)s %(version)s")
@click.option("-C", "directory", metavar="DIR", default=None, help="Work on the system declared in DIR.")
@click.pass_context
def cli(ctx: click.Context, directory: str | None) -> None:
    """Secure AI development as running software: declare once, collect signed evidence, decide, verify offline."""
    ctx.obj = directory


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        ended = cli.main(given, prog_name="tetrapylon", standalone_mode=False)
        return int(ended) if isinstance(ended, int) else int(Exit.GOOD)
    except TetrapylonError as error:
        report_error(error, as_json="--json" in given)
        return int(error.exit)
    except click.ClickException as error:
        error.show()
        return int(Exit.USAGE)
    except (KeyboardInterrupt, click.Abort):
        talk("interrupted")
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.GOOD)
    except Exception as error:  # noqa: BLE001 - the last wall: a traceback never reaches a user
        return _unexpected(error, as_json="--json" in given)


def _unexpected(error: Exception, *, as_json: bool) -> int:
    """Say that this is a fault of ours; nothing may be concluded from it."""
    if os.environ.get("TETRAPYLON_DEBUG") == "1":
        raise error
    told = TetrapylonError(
        f"this is a fault in Tetrapylon, and nothing was decided: {type(error).__name__}: {error}",
        hint="set `TETRAPYLON_DEBUG=1` to see where, and report it (see `SECURITY.md`)",
        code="internal",
    )
    report_error(told, as_json=as_json)
    return int(told.exit)


if __name__ == "__main__":
    sys.exit(main())
