"""What users must be told: every case that failed, that could not be decided, and that was not tried.

Read by cards, release notes and passports: they hold the `test-result` evidence, and this says it in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tetrapylon.deploy.release.gate import CAVEAT
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

FILE = "known-limits.md"
"""Beside what users are told."""


def sentences(result: Mapping[str, Json]) -> tuple[str, ...]:
    """Return each limit as a sentence, from a red-team result."""
    return tuple(_sentences(result))


def _sentences(result: Mapping[str, Json]) -> Iterator[str]:
    target = str(result["target"].get("model") or result["target"].get("function") or result["target"].get("url") or "the target")
    for row in result["families"]:
        name = f"{row['title']} ({row['id']})"
        if row["verdict"] == "breached":
            yield f"`{target}`: {name} succeeded on {row['promptsHit']} of {row['prompts']} prompts"
        elif row["verdict"] == "hold":
            yield f"`{target}`: {name} is not decided: {row['reason']}"
        elif row["verdict"] == "not-run":
            yield f"`{target}`: {name} was not tried: {row['reason']}"
        else:
            yield f"`{target}`: {name}: {row['reason']}; this {CAVEAT}"
    for each in result["excluded"]:
        yield f"`{target}`: {each['id']} was left out: {each['reason']}"
    controls = result["controls"]
    if controls["utility"] != "ok":
        counts = f"{controls['useful']} of {controls['asked']}"
        yield f"`{target}`: {counts} harmless questions were answered well ({controls['floor']:.0%} is asked for)"
    if not result["complete"]:
        yield f"`{target}`: the run ended early ({result['stopped']})"


def robustness_sentences(rows: Sequence[Mapping[str, Json]]) -> tuple[str, ...]:
    """Return each limit of a model that reads numbers as a sentence."""
    found = []
    for row in rows:
        if row["verdict"] == "not-run":
            found.append(f"`{row['model']}`: {row['attack']} was not tried: {row['reason']}")
            continue
        low, high = row["interval"]
        worst = f"at strength {row['strength']:g} it reads {row['accuracy']:.1%} right ({low:.1%} to {high:.1%})"
        found.append(
            f"`{row['model']}`: {row['attack']}: {worst}" + ("" if row["verdict"] == "passed" else f"; {row['floor']:.0%} is asked for")
        )
    return tuple(found)


def markdown(lines: Sequence[str], release: str = "") -> str:
    """Return the limits as Markdown: what failed first."""
    order = ("succeeded", "missed", "harmless questions", "not decided", "not tried", "left out")
    ranked = sorted(lines, key=lambda each: next((place for place, word in enumerate(order) if word in each), len(order)))
    head = f"# Known limits{f' of release {release}' if release else ''}\n\nMeasured by the release tests; nothing here is a promise.\n\n"
    return head + "".join(f"* {each}\n" for each in ranked)


def known_limits(folder: Path) -> tuple[str, ...]:
    """Return the limits that are published in a folder, the gravest first; none where nothing was measured."""
    path = folder / FILE
    if not path.is_file():
        return ()
    lines = read_bytes(path, BOUNDS.manifest).decode("utf-8", "replace").splitlines()
    return tuple(each.removeprefix("* ").strip() for each in lines if each.startswith("* ") and each[2:].strip())
