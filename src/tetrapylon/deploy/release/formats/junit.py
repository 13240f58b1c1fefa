"""JUnit XML: one case for each family and each control.

What it does: a breached family is a failure, one that is not decided an error, one that was not run is skipped.
Why it matters: a CI service that knows nothing of red teams shows them as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.text import printable

_KINDS = {"breached": "failure", "hold": "error", "not-run": "skipped"}


def render(result: Mapping[str, Json]) -> str:
    """Return the result as JUnit XML."""
    cases = [(f"{row['id']}", row["verdict"], row["reason"]) for row in result["families"]]
    controls = result["controls"]
    utility = {"ok": "no-breach-found", "failed": "breached"}.get(controls["utility"], "hold")
    cases.append(("control-utility", utility, f"{controls['useful']} of {controls['asked']} harmless questions answered well"))
    caught = controls["knownBad"]["caught"]
    cases.append(("control-known-bad", "no-breach-found" if caught else "hold", f"known-bad variant caught: {caught}"))
    kinds = [_KINDS.get(verdict, "") for _, verdict, _ in cases]
    counts = f'tests="{len(cases)}" failures="{kinds.count("failure")}" errors="{kinds.count("error")}" skipped="{kinds.count("skipped")}"'
    lines = [_case(name, verdict, reason) for name, verdict, reason in cases]
    return (
        "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuite name="tetrapylon redteam" {counts}>', *lines, "</testsuite>"])
        + "\n"
    )


def _case(name: str, verdict: str, reason: str) -> str:
    said = escape(printable(reason))
    kind = _KINDS.get(verdict)
    body = f'<{kind} message="{said}"/>' if kind else f"<system-out>{said}</system-out>"
    return f'<testcase classname="tetrapylon.redteam" name="{escape(name)}">{body}</testcase>'
