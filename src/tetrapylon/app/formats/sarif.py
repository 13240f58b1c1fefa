"""SARIF 2.1.0 (OASIS), as code scanning services read it.

What it does: each finding is a result with its rule, level, place and fingerprints; each rule comes with its help; a
look that failed and a file that could not be read are notifications. Nothing in it depends on the time or the machine.

Why it matters: findings appear at the line of a change, and stay the same finding when the line moves.
"""

from __future__ import annotations

import json
from importlib import metadata
from urllib.parse import quote

from tetrapylon.app.checked import Checked
from tetrapylon.app.fingerprint import Noted
from tetrapylon.app.looks import rules
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.text import printable, printable_json, printable_lines
from tetrapylon.system.finding import Place, Rule, Severity, Unseen

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"

_LEVELS: dict[Severity, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCORES: dict[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.0"}
"""What code scanning services sort by, in the bands of CVSS."""


def render(checked: Checked) -> str:
    """Return the answer as SARIF."""
    known = rules()
    index = {name: number for number, name in enumerate(known)}
    results = [_result(each, index, compared=checked.known is not None) for each in checked.findings]
    results += [
        {**_result(each.noted, index, compared=False), "suppressions": [{"kind": "inSource", "justification": printable(each.reason)}]}
        for each in checked.suppressed
    ]
    driver = {
        "name": "Tetrapylon",
        "semanticVersion": metadata.version("tetrapylon"),
        "rules": [_rule(each) for each in known.values()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(checked)],
        "originalUriBaseIds": {BASE: {"description": {"text": "The folder that was looked at."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"known": checked.known or 0, "allowed": len(checked.suppressed)},
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return printable_json(json.dumps(whole, ensure_ascii=False, indent=1)) + "\n"


def _rule(rule: Rule) -> dict[str, Json]:
    text = f"{rule.why}\n\nWhat to do: {rule.fix}"
    return {
        "id": rule.id,
        "shortDescription": {"text": _plain(rule.title)},
        "fullDescription": {"text": _plain(rule.why)},
        "help": {"text": _plain(text), "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["security", "ai"], "security-severity": _SCORES[rule.severity], "precision": "high"},
    }


def _result(noted: Noted, index: dict[str, int], *, compared: bool) -> dict[str, Json]:
    found = noted.finding
    place = {"ruleIndex": index[found.rule]} if found.rule in index else {}
    inside = f" (cell {found.at.cell}, line {found.at.line})" if found.at.cell else ""
    return {
        "ruleId": found.rule,
        **place,
        "level": _LEVELS[found.severity],
        "message": {"text": _plain(f"{found.title}{inside}. {found.why} What to do: {found.fix}")},
        "locations": [_location(found.at)],
        "partialFingerprints": {"tetrapylon/v1": noted.fingerprint, "primaryLocationLineHash": f"{noted.fingerprint[:16]}:1"},
        **({"baselineState": "new"} if compared else {}),
        "properties": {"severity": found.severity},
    }


def _location(place: Place) -> dict[str, Json]:
    # A line of a cell is no line of the file.
    line = 1 if place.cell else max(place.line, 1)
    return {"physicalLocation": {"artifactLocation": _artefact(place.path), "region": {"startLine": line}}}


def _artefact(path: str) -> dict[str, Json]:
    return {"uri": quote(path.encode("utf-8", "surrogateescape"), safe="/"), "uriBaseId": BASE}


def _invocation(checked: Checked) -> dict[str, Json]:
    notes = [_notification(each, "error") for each in checked.failed]
    notes += [_notification(each, "note" if each.deliberate else "warning") for each in checked.unseen]
    found: dict[str, Json] = {"executionSuccessful": not checked.failed, "exitCode": checked.exit}
    return {**found, "toolExecutionNotifications": notes} if notes else found


def _notification(unseen: Unseen, level: str) -> dict[str, Json]:
    where = {"physicalLocation": {"artifactLocation": _artefact(unseen.path)}}
    return {"level": level, "message": {"text": _plain(f"{unseen.path} {unseen.why}")}, "locations": [where]}


def _plain(text: str) -> str:
    """Return text that SARIF reads as it is: brackets would be links, and braces holes to fill (3.11.5, 3.11.6)."""
    safe = printable_lines(text).replace("\\", "\\\\")
    return safe.replace("[", "\\[").replace("]", "\\]").replace("{", "{{").replace("}", "}}")
