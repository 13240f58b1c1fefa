"""Whether a bill of materials is valid by the official schema of CycloneDX 1.7, which ships with this package."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import package_text

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

_PACKAGE = "tetrapylon.develop.records.cyclonedx"
_BASE = "http://cyclonedx.org/schema/"
_REFERRED = ("spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json")
_SHOWN = 20


def schema_problems(bom: Json) -> list[str]:
    """Return what is wrong with the bill, a sentence each with its place, 20 at most; an empty list means valid."""
    from itertools import islice

    found = islice(_validator().iter_errors(bom), _SHOWN)
    return [f"`{'/'.join(map(str, each.instance_path)) or '/'}`: {str(each.message)[:200]}" for each in found]


@cache
def _validator() -> Draft7Validator:
    from jsonschema_rs import Draft7Validator, Registry

    parts = [(f"{_BASE}{name}", json.loads(package_text(_PACKAGE, name))) for name in _REFERRED]
    schema = json.loads(package_text(_PACKAGE, "bom-1.7.schema.json"))
    return Draft7Validator(schema, registry=Registry(parts), validate_formats=True)
