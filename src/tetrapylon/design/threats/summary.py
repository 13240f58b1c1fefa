"""The threat model on a page or two, as Markdown: what those who answer for the system sign.

It holds no time and no path, so the same model gives the same bytes, and its digest names exactly what was read.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.design.threats.deciding import PRESSING, Decided
from tetrapylon.design.threats.model import Threat, ThreatModel
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.system.finding import SEVERITIES

_SPECIAL = str.maketrans({each: f"\\{each}" for each in "\\`*_{}[]<>|#!&"})


def summary(model: ThreatModel) -> str:
    """Return the summary."""
    return "\n".join(_lines(model)) + "\n"


def summary_digest(model: ThreatModel) -> Digest:
    """Return the digest of the summary."""
    return sha256(summary(model).encode("utf-8", "surrogatepass"))


def plain(text: str) -> str:
    """Return the text so that it stands in Markdown as it is: one line, nothing that marks anything up."""
    safe = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)
    return safe.translate(_SPECIAL)


def _lines(model: ThreatModel) -> Iterator[str]:
    system = model.graph.facts.get("system", {})
    yield f"# Threats to {plain(str(system.get('id', '')))} {plain(str(system.get('release', '')))}"
    yield ""
    yield f"{len(model.threats)} threats apply: {_counted(model)}. {len(model.closed)} were looked at and closed, each with its reason."
    yield f"{len(model.undecided)} are undecided, {len(model.pressing)} of them high or worse."
    yield ""
    yield "## High and critical"
    yield ""
    yield "| threat | severity | decision | by | until |"
    yield "|---|---|---|---|---|"
    for each in model.threats:
        if each.severity in PRESSING:
            yield _row(each)
    yield ""
    yield "## What risk remains"
    yield ""
    yield from _remaining(model)


def _counted(model: ThreatModel) -> str:
    counts = [(sum(each.severity == severity for each in model.threats), severity) for severity in SEVERITIES]
    return ", ".join(f"{count} {severity}" for count, severity in counts if count) or "none"


def _row(threat: Threat) -> str:
    decided = threat.decided
    choice = f"{decided.choice}, {'proven' if decided.proven else 'claimed'}" if decided.choice == "mitigated" else decided.choice
    cells = (_words(threat.title), threat.severity, choice, decided.by or "nobody", decided.expires or "")
    return "| " + " | ".join(plain(each) for each in cells) + " |"


def _words(title: str) -> str:
    return title.replace("`", "")


def _remaining(model: ThreatModel) -> Iterator[str]:
    nothing = True
    for (choice, decided), titles in _grouped(model):
        nothing = False
        until = f" until {decided.expires}" if decided.expires else ""
        bearer = f" to {decided.to}" if decided.to else ""
        yield f"* {choice.capitalize()}{plain(bearer)} by {plain(decided.by)}{until}: {plain(decided.reason)}"
        yield from (f"    * {plain(each)}" for each in titles)
    claimed = [each for each in model.threats if each.decided.claimed]
    if claimed:
        nothing = False
        practices = sorted({each.practice for threat in claimed for each in threat.decided.claimed})
        yield f"* {len(claimed)} threats are answered by practices that no live evidence shows yet: {', '.join(practices)}."
    if model.undecided:
        nothing = False
        yield f"* {len(model.undecided)} threats have no decision."
    if nothing:
        yield "Every threat that applies is mitigated, and live evidence shows it."


def _grouped(model: ThreatModel) -> list[tuple[tuple[str, Decided], list[str]]]:
    """Return what people live with, together where they said the same about it."""
    found: dict[tuple[str, ...], tuple[tuple[str, Decided], list[str]]] = {}
    for each in model.threats:
        decided = each.decided
        if decided.choice in {"accepted", "transferred", "avoided"}:
            said = (decided.choice, decided.by, decided.reason, decided.expires, decided.to)
            found.setdefault(said, ((decided.choice, decided), []))[1].append(_words(each.title))
    return list(found.values())
