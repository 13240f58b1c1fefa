"""Which libraries load a format as data alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from tetrapylon.guidelines.shape import read_table
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import package_text


def loads_safely(kind: str, packages: Mapping[str, str]) -> bool:
    """Return whether one of the packages (versions by name) is known to load the format as data alone."""
    return any(
        kind in each["formats"] and each["name"] in packages and _parts(packages[each["name"]]) >= _parts(each["since"])
        for each in _libraries()
    )


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d{1,9}", version)[:4])


@cache
def _libraries() -> tuple[dict[str, Json], ...]:
    found = read_table(package_text("tetrapylon.design.suppliers", "libraries.toml"), "the table of libraries")
    return tuple(found["library"])
