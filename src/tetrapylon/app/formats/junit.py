"""JUnit XML, as CI services show test results.

What it does: each finding is a failed case that is named without its line, so that a moved one stays the same case;
each rule that found nothing is a passed case, an allowed finding a skipped one, and what could not be looked at an error.

Why it matters: a CI service that knows nothing of findings shows them as well, with the new ones apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape

from tetrapylon.app.checked import Checked, at_least
from tetrapylon.app.looks import rules
from tetrapylon.kernel.text import printable
from tetrapylon.system.finding import Finding


def render(checked: Checked) -> str:
    """Return the answer as JUnit XML."""
    cases = [*_findings(checked), *_clean(checked), *_allowed(checked), *_unread(checked)]
    kinds = Counter(kind for kind, _ in cases)
    counts = f'tests="{len(cases)}" failures="{kinds["failure"]}" errors="{kinds["error"]}" skipped="{kinds["skipped"]}"'
    lines = [text for _, text in cases]
    head = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {counts}>", f'<testsuite name="tetrapylon check" {counts}>']
    return "\n".join([*head, *lines, "</testsuite>", "</testsuites>"]) + "\n"


def _findings(checked: Checked) -> Iterator[tuple[str, str]]:
    numbers: Counter[str] = Counter()
    for each in checked.findings:
        found = each.finding
        name = _name(found, numbers)
        if not at_least(found.severity, checked.fail_on):
            yield "passed", _case(found.rule, name, f"<system-out>{_text(found.title)}</system-out>")
            continue
        body = _text(f"{found.at}: {found.title}") + "\n" + _text(f"why: {found.why}") + "\n" + _text(f"fix: {found.fix}")
        yield "failure", _case(found.rule, name, f'<failure type="{found.severity}" message="{_text(found.title)}">{body}</failure>')


def _name(found: Finding, numbers: Counter[str]) -> str:
    name = f"{found.at.path}: {found.title}"
    numbers[name] += 1
    return name if numbers[name] == 1 else f"{name} ({numbers[name]})"


def _clean(checked: Checked) -> Iterator[tuple[str, str]]:
    hit = {each.finding.rule for each in checked.findings}
    for rule in rules().values():
        if rule.id not in hit:
            yield "passed", _case(rule.id, rule.title, "")


def _allowed(checked: Checked) -> Iterator[tuple[str, str]]:
    numbers: Counter[str] = Counter()
    for each in checked.suppressed:
        name = _name(each.noted.finding, numbers)
        yield "skipped", _case(each.noted.finding.rule, name, f'<skipped message="{_text(each.reason)}"/>')


def _unread(checked: Checked) -> Iterator[tuple[str, str]]:
    for each in checked.failed:
        yield "error", _case("not-looked-at", each.path, f'<error type="failed" message="{_text(each.why)}"/>')
    for each in checked.unseen:
        if not each.deliberate and each.path not in checked.excused:
            yield "error", _case("not-looked-at", each.path, f'<error type="unread" message="{_text(each.why)}"/>')


def _case(group: str, name: str, body: str) -> str:
    return f'<testcase classname="tetrapylon.{_text(group)}" name="{_text(name)}">{body}</testcase>'


def _text(text: str) -> str:
    """Return the text as XML holds it; characters that XML cannot hold at all are spelt out."""
    return escape(printable(text))
