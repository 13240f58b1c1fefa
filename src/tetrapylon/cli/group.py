"""Groups of commands whose files are imported when a command is asked for."""

from __future__ import annotations

import click

from tetrapylon.kernel.shelf import Shelf

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


PILLARS = {
    "design": "Secure design: threats, training, privileges, suppliers.",
    "develop": "Secure development: inventory, records, debt, end of life, advisories.",
    "deploy": "Secure deployment: access, incidents, backups, regressions.",
    "operate": "Secure operation: monitoring, updates, advisories, disclosure, decisions, journal.",
}


def pillar(name: str) -> LazyGroup:
    """Return the group of the commands that stand under a pillar."""
    package = f"tetrapylon.cli.pillars.{name}"
    return LazyGroup(package, name=name, help=PILLARS[name], context_settings={"help_option_names": ["-h", "--help"]})
