"""A Python, Node or base image that gets no more security fixes, or soon none.

What it does: reads versions from container files, CI, `.python-version` and `requires-python`, and looks them up in a table
with dates (`eol.toml`).
Why it matters: the next weakness in it stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.guidelines.shape import read_table
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import package_text
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.system.finding import Place, Severity

SEVERITY: Severity = "high"
RISK = ("SV1.5", "SO3.1")
GOOD: dict[str, dict[str, Json]] = {
    "living": {"files": {"Dockerfile": "FROM python:3.13-slim\n", ".python-version": "3.13.1\n"}},
    "unknown": {"files": {"Dockerfile": "FROM ghcr.example.org/base:3.8\n"}},
}
BAD: dict[str, dict[str, Json]] = {
    "image": {"files": {"Dockerfile": "FROM python:3.8-slim AS base\n"}},
    "registry": {"files": {"docker-compose.yml": "services:\n  web:\n    image: docker.io/library/node:16-alpine\n"}},
    "system": {"files": {"Dockerfile": "FROM debian:buster-slim\n"}},
    "ci": {"files": {".github/workflows/a.yml": "with:\n  python-version: '3.7'\n"}},
    "declared": {"files": {"pyproject.toml": "[project]\nrequires-python = '==3.8.*'\n"}},
}

SOON = timedelta(days=90)
_IMAGE = re.compile(
    r"^[ \t]{0,20}(?:FROM(?:[ \t]+--platform=\S{1,80})?|-?[ \t]{0,4}image:)[ \t]+[\"']?([^\s\"'@]{1,200})", re.IGNORECASE | re.MULTILINE
)
_CI = re.compile(r"\b(python|node)-version:[ \t]{0,8}\[?[ \t]{0,8}[\"']?(\d{1,2}(?:\.\d{1,2})?)", re.IGNORECASE)
_REQUIRED = re.compile(r"^requires-python[ \t]{0,8}=[ \t]{0,8}[\"'](?:==|~=|<=?)[ \t]{0,4}(\d\.\d{1,2})", re.MULTILINE)
_VERSION = re.compile(r"^[ \t]{0,4}(?:python-)?(\d\.\d{1,2})")
_TAG = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)")


def detect(look: Look) -> Iterator[Debt]:
    """Yield each place that names something old."""
    today = date.fromisoformat(look.now[:10])
    for file in look.repository.files:
        for place, product, version in _named(file):
            row = _row(product, version)
            if row is None or row["ends"] > today + SOON:
                continue
            over = row["ends"] <= today
            verb = "ended" if over else "ends"
            what = f"{product} {version}: support {verb} on {row['ends'].isoformat()}"
            yield Debt(what, str(place), f"{file.path} {product} {version}", SEVERITY if over else "low", RISK)


def _named(file: TextFile) -> Iterator[tuple[Place, str, str]]:
    if file.language in {"dockerfile", "compose", "ci"}:
        for place, match in file.matches(_IMAGE):
            name, _, tag = match[1].removeprefix("docker.io/").removeprefix("library/").partition(":")
            if "/" not in name:
                yield place, name.lower(), tag.lower()
    if file.language == "ci":
        yield from ((place, match[1].lower(), match[2]) for place, match in file.matches(_CI))
    if file.name in {".python-version", "runtime.txt"}:
        yield from ((place, "python", match[1]) for place, match in file.matches(_VERSION))
    if file.name == "pyproject.toml":
        yield from ((place, "python", match[1]) for place, match in file.matches(_REQUIRED))


def _row(product: str, tag: str) -> dict[str, Json] | None:
    """Return the row of the table for a version, a tag that begins with one, or a tag that names one."""
    rows = _table().get(product, [])
    number = _TAG.match(tag)
    words = {*tag.split("-"), number[1] if number else "", number[1].partition(".")[0] if number and product == "node" else ""}
    return next((each for each in rows if words & {each["version"], each.get("name", each["version"])}), None)


@cache
def _table() -> dict[str, list[dict[str, Json]]]:
    found = read_table(package_text("tetrapylon.develop.debt", "eol.toml"), "the table of ends of life")
    return {product: [{**each, "ends": date.fromisoformat(each["ends"])} for each in rows] for product, rows in found["product"].items()}
