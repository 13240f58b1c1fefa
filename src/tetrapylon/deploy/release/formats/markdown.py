"""Markdown: one table, as a comment on a change shows it.

What it does: a row for each family with its sizes, its bound and its verdict.
Why it matters: a reviewer reads it where the change is.
"""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.kernel.canonical import Json


def render(result: Mapping[str, Json]) -> str:
    """Return the result as Markdown."""
    lines = [f"## Red team: {result['verdict']}", "", result["told"], "", f"*{result['caveat']}*", ""]
    lines += ["| family | prompts | hits | at most | errors | verdict | why |", "|---|--:|--:|--:|--:|---|---|"]
    for row in result["families"]:
        reason = str(row["reason"]).replace("|", "\\|")
        high = f"{100 * row['upper']:.1f} %"
        lines.append(
            f"| {row['title']} | {row['prompts']} | {row['promptsHit']} | {high} | {row['errors']} | {row['verdict']} | {reason} |"
        )
    lines += ["", *(f"* {each}" for each in result["reasons"])]
    return "\n".join(lines) + "\n"
