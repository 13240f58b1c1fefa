"""The `tetrapylon` command: a lazy group, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from tetrapylon.cli.output import report_error, talk
from tetrapylon.kernel.errors import Exit, TetrapylonError
from tetrapylon.kernel.shelf import Shelf

COMMANDS = "tetrapylon.cli.commands"

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Everyday", ("check", "init", "assess", "report", "gate", "passport", "verify", "serve", "explain")),
    ("Without a manifest", ("scan", "sign", "verify-model", "rehash", "inspect", "redteam", "bench")),
    ("By pillar", ("design", "develop", "deploy", "operate")),
)
"""How `--help` is ordered; commands that stand nowhere here follow under "More"."""


class LazyGroup(click.Group):
    """A group whose commands are files in a folder; a file is imported when its command is asked for."""

    def __init__(self, package: str, **extra: object) -> None:
        super().__init__(**extra)  # type: ignore[arg-type]  # click's own keyword arguments, passed through
        self.shelf = Shelf(package)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        del ctx
        return list(self.shelf)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, importing its file."""
        del ctx
        if cmd_name not in self.shelf:
            return None
        found = self.shelf[cmd_name].command
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in sections, without importing any."""
        known = set(self.list_commands(ctx))
        placed = {name for _, names in SECTIONS for name in names}
        for title, names in (*SECTIONS, ("More", tuple(sorted(known - placed)))):
            rows = [(name, self.shelf.summary(name)) for name in names if name in known]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was named, or say which are close."""
        if args and args[0] not in self.shelf and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], list(self.shelf), n=1)
            ctx.fail(f"there is no command `{args[0]}`" + (f"; did you mean `{close[0]}`?" if close else ""))
        return super().resolve_command(ctx, args)


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
