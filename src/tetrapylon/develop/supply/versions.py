"""The lowest version of a dependency that a repository allows, by its locks and requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.outside.repository.view import Repository

Version = tuple[int, int]


def lowest(repository: Repository, package: str) -> Version | None:
    """Return the lowest version that any lock or requirement allows, or None where one is not bounded below or none is given."""
    found = list(_versions(repository, package))
    return None if not found or None in found else min(each for each in found if each)


def _versions(repository: Repository, package: str) -> Iterator[Version | None]:
    locked = re.compile(rf'^name = "{package}"\nversion = "(\d+)\.(\d+)', re.MULTILINE)
    asked = re.compile(rf"^[ \t]*[\"']?{package}(?:\[[^\]\n]*\])?[ \t]*(?:(==|>=|~=|\^)[ \t]*[\"']?(\d+)\.(\d+)|(?![\w.-]))", re.MULTILINE)
    texts = [each for each in repository.of("lock", "toml") if package in each.text]
    locks = [(int(found[1]), int(found[2])) for each in texts for found in locked.finditer(each.text)]
    if locks:
        yield from locks
        return
    for each in texts:
        for found in asked.finditer(each.text):
            yield (int(found[2]), int(found[3])) if found[1] else None
