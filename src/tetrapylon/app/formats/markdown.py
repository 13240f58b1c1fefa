"""Markdown for the summary of a CI run.

What it does: one sentence, the AI that was found, a table of the worst findings, and what was not looked at. Text that
comes from the repository can be neither markup nor a link nor a mention.

Why it matters: a reviewer reads the answer where the change is, without opening a log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tetrapylon.app.checked import Checked
from tetrapylon.kernel.text import printable
from tetrapylon.system.finding import SEVERITIES, Finding

_ROWS = 50
_NAMES = 8
_UNSEEN = 20


def render(checked: Checked) -> str:
    """Return the answer as Markdown."""
    return "\n".join([*_head(checked), *_table(checked), *_allowed(checked), *_found(checked), *_unread(checked)]) + "\n"


def _head(checked: Checked) -> Iterator[str]:
    counts = Counter(each.finding.severity for each in checked.findings)
    said = ", ".join(f"{counts[each]} {each}" for each in SEVERITIES if counts[each]) or "none"
    new = "" if checked.known is None else f" that are new, {checked.known} known from the baseline"
    yield "## Tetrapylon check"
    yield ""
    yield f"**{len(checked.findings)} findings**{new} ({said}) in {checked.files:,} files"
    yield ""


def _table(checked: Checked) -> Iterator[str]:
    if not checked.findings:
        return
    yield "| severity | where | what | what to do |"
    yield "|---|---|---|---|"
    yield from (_row(each.finding) for each in checked.findings[:_ROWS])
    yield ""
    if len(checked.findings) > _ROWS:
        yield f"and {len(checked.findings) - _ROWS} more"
        yield ""


def _row(found: Finding) -> str:
    return f"| {found.severity} | {_code(str(found.at))} | {_prose(found.title)} ({_code(found.rule)}) | {_prose(found.fix)} |"


def _allowed(checked: Checked) -> Iterator[str]:
    for each in checked.suppressed[:_ROWS]:
        found = each.noted.finding
        yield f"* allowed: {_code(found.rule)} at {_code(str(found.at))}: {_prose(each.reason)}"
    if checked.suppressed:
        yield ""


def _found(checked: Checked) -> Iterator[str]:
    kinds = Counter(each.kind for each in checked.found)
    for kind, count in kinds.items():
        names = list(dict.fromkeys(each.id for each in checked.found if each.kind == kind))
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        yield f"* {kind} ({count}): {', '.join(_code(each) for each in names[:_NAMES])}{more}"
    if kinds:
        yield ""


def _unread(checked: Checked) -> Iterator[str]:
    unseen = [*checked.failed, *(each for each in checked.unseen if not each.deliberate)]
    if unseen:
        yield "Not looked at:"
        yield ""
        yield from (f"* {_code(each.path)}: {_prose(each.why)}" for each in unseen[:_UNSEEN])
        if len(unseen) > _UNSEEN:
            yield f"* and {len(unseen) - _UNSEEN} more"


def _code(text: str) -> str:
    return f"<code>{_plain(text)}</code>"


def _prose(text: str) -> str:
    """Return the text, with what stands in backticks as code."""
    parts = printable(text).split("`")
    if len(parts) % 2 == 0:
        return _plain(text)
    return "".join(_code(each) if index % 2 else _plain(each) for index, each in enumerate(parts))


def _plain(text: str) -> str:
    """Return the text with everything but letters, digits and spaces as entities, which are never markup."""
    return "".join(each if each.isalnum() or each in " ,-/" else f"&#{ord(each)};" for each in printable(text))
