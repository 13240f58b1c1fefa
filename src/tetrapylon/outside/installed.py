"""What the packages that are installed beside this tool say of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """One installed package's own metadata."""

    version: str
    licence: str
    inactive: bool


def installed_packages(names: Iterable[str]) -> dict[str, PackageFacts]:
    """Return what the packages of these names say, where they are installed."""
    found: dict[str, PackageFacts] = {}
    for name in sorted(set(names)):
        try:
            facts = metadata.metadata(name)
        except (metadata.PackageNotFoundError, ValueError):
            continue
        classifiers = facts.get_all("Classifier") or []
        licences = [each.rpartition("::")[2].strip() for each in classifiers if each.startswith("License ::")]
        expression, free = ((facts.get_all(key) or [""])[0] for key in ("License-Expression", "License"))
        licence = next((each for each in (expression, *licences, free.partition("\n")[0]) if each), "")
        found[name] = PackageFacts(str(facts["Version"]), licence[:120], any("7 - Inactive" in each for each in classifiers))
    return found
