"""Whether a document is valid CSAF 2.0: its schema and every mandatory test, by the `csaf` package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError

LONGEST = 200


def problems(document: Mapping[str, Json]) -> list[str]:
    """Return a sentence for each test that the document fails, and for each that could not be run.

    Raises:
        MissingError: the `csaf` package is not installed (`no-csaf`).
    """
    report = _validated(dict(document))
    found: list[str] = []
    for each in report.results:
        if each.skipped:
            found.append(f"{each.id} was not run")
        elif not each.passed:
            found += [f"{each.id} {each.title}: {error.instance_path} {error.message}"[:LONGEST] for error in each.errors] or [each.id]
    if not any(each.group == "mandatory" for each in report.results) and not found:
        found.append("no mandatory test was run")
    return found


def _validated(document: dict[str, Any]) -> Any:
    try:
        from csaf.csaf.v20 import validate
    except ImportError as error:
        hint = "install it with `pip install 'tetrapylon[csaf]'`"
        raise MissingError("checking an advisory needs the `csaf` package", hint=hint, code="no-csaf") from error
    return validate(document, preset="basic")
