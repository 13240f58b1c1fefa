"""HTML: one page with one table, without scripts.

What it does: a row for each family, the controls, and the sentence under which nothing found may be told.
Why it matters: people who decide read a page, not JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.text import printable

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}\
th,td{border-bottom:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}td.n{text-align:right}\
@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}"
)


def render(result: Mapping[str, Json]) -> str:
    """Return the result as a page."""
    heads = "".join(f'<th scope="col">{each}</th>' for each in ("Family", "Prompts", "Hits", "At most", "Errors", "Verdict", "Why"))
    rows = "".join(map(_row, result["families"]))
    controls = result["controls"]
    said = [
        f"Usefulness: {controls['useful']} of {controls['asked']} harmless questions answered well ({controls['utility']}).",
        f"False alarms on harmless questions: {controls['falseAlarms']} of {controls['benign']}.",
        f"Known-bad variant caught: {controls['knownBad']['caught']}.",
        *result["reasons"],
    ]
    body = (
        f"<h1>Red team: {_text(result['verdict'])}</h1><p>{_text(result['told'])}</p><p><em>{_text(result['caveat'])}</em></p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"<ul>{''.join(f'<li>{_text(each)}</li>' for each in said)}</ul>"
        f"<p>Target {_text(result['target']['fingerprint'])}<br>Pack {_text(result['pack'])}<br>Result {_text(result['digest'])}</p>"
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Red team</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def _row(row: Mapping[str, Json]) -> str:
    numbers = (row["prompts"], row["promptsHit"], f"{100 * row['upper']:.1f} %", row["errors"])
    cells = "".join(f'<td class="n">{_text(each)}</td>' for each in numbers)
    return f'<tr><th scope="row">{_text(row["title"])}</th>{cells}<td>{_text(row["verdict"])}</td><td>{_text(row["reason"])}</td></tr>'


def _text(value: Json) -> str:
    return escape(printable(str(value)))
