"""How the answer of `check` reads on a terminal: what was found, what is dangerous, what was not seen, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tetrapylon.app.checked import Checked
from tetrapylon.cli.output import coloured
from tetrapylon.kernel.text import printable
from tetrapylon.system.finding import SEVERITIES, Component, Finding, Unseen

COLOURS = {"critical": "red", "high": "red", "medium": "yellow", "low": "cyan", "info": "bright_black"}
SHOWN = 10
"""Findings that are printed; `--json` has them all."""

_NAMES_IN_A_LINE = 4
_UNSEEN = 6
_WIDEST = 100
_PLURALS = {
    "model": "models",
    "hosted-model": "hosted models",
    "dataset": "datasets",
    "prompt": "prompts",
    "tool": "tools",
    "agent": "agents",
    "mcp-server": "MCP servers",
    "vector-store": "vector stores",
    "guardrail": "guardrails",
    "server": "servers",
    "training": "training",
    "library": "libraries",
}


def checked_lines(checked: Checked, commands: Sequence[str]) -> Iterator[str]:
    """Yield the whole answer."""
    yield from _found(checked.found, checked.files)
    yield ""
    yield from _findings(checked)
    yield from _unseen([*checked.failed, *checked.unseen])
    yield "next"
    yield from (f"  {each}" for each in commands)


def _found(found: Sequence[Component], files: int) -> Iterator[str]:
    looked = f"{files:,} file{'' if files == 1 else 's'} looked at"
    if not found:
        yield f"no AI was found ({looked})"
        return
    yield f"AI that was found ({looked})"
    for kind, words in _PLURALS.items():
        names = list(dict.fromkeys(printable(each.id, 60) for each in found if each.kind == kind))
        if names:
            more = f" and {len(names) - _NAMES_IN_A_LINE} more" if len(names) > _NAMES_IN_A_LINE else ""
            yield f"  {words:<14} {', '.join(names[:_NAMES_IN_A_LINE])}{more}"


def _findings(checked: Checked) -> Iterator[str]:
    yield summary(checked)
    yield ""
    for each in checked.findings[:SHOWN]:
        yield from _finding(each.finding)
    rest = len(checked.findings) - SHOWN
    if rest > 0:
        yield f"  and {rest} more: `--json` has them all"
        yield ""
    for allowed in checked.suppressed[:SHOWN]:
        found = allowed.noted.finding
        yield f"  allowed  {found.rule} at {printable(str(found.at))}: {printable(allowed.reason)}"
    if len(checked.suppressed) > SHOWN:
        yield f"  and {len(checked.suppressed) - SHOWN} more that are allowed"
    if checked.suppressed:
        yield ""


def summary(checked: Checked) -> str:
    """Return how many findings there are, in one line."""
    counts = Counter(each.finding.severity for each in checked.findings)
    total = len(checked.findings)
    said = f"{total} finding{'' if total == 1 else 's'}" if total else "no findings"
    said = f"{said}: {', '.join(f'{counts[each]} {each}' for each in SEVERITIES if counts[each])}" if total else said
    if checked.known is not None:
        said += f"{' that are' if total != 1 else ' that is'} new, {checked.known} known from the baseline" if total else ""
        said = said if total else f"no new findings, {checked.known} known from the baseline"
    if checked.suppressed:
        said += f"; {len(checked.suppressed)} allowed by a comment"
    return said


def _finding(found: Finding) -> Iterator[str]:
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, _WIDEST)
    yield f"  {coloured(format(found.severity, '<9'), COLOURS[found.severity])}{printable(str(found.at))}  {found.rule}"
    for label, text in (("", found.title), ("why: ", found.why), ("fix: ", found.fix)):
        begin = " " * 11
        yield from textwrap.wrap(
            label + printable(text),
            max(width, 40),
            initial_indent=begin,
            subsequent_indent=begin + " " * len(label),
            break_long_words=False,
        )
    yield ""


def _unseen(unseen: Sequence[Unseen]) -> Iterator[str]:
    if not unseen:
        return
    # What is missing goes before what was left out on purpose.
    ordered = sorted(unseen, key=lambda each: each.deliberate)
    yield "not looked at"
    yield from (f"  {printable(each.path)}: {printable(each.why)}" for each in ordered[:_UNSEEN])
    if len(ordered) > _UNSEEN:
        yield f"  and {len(ordered) - _UNSEEN} more: `--json` has them all"
    yield ""
