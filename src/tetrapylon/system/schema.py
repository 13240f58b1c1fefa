"""The manifest's JSON Schema, made from the types that decode it."""

from __future__ import annotations

from typing import Any

import msgspec

from tetrapylon.kernel.canonical import Json
from tetrapylon.system.manifest import SCHEMA, Manifest

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def manifest_schema() -> dict[str, Json]:
    """Return the JSON Schema (2020-12) of a manifest's TOML read as JSON.

    It says the shape. That ids are unique and that references lead somewhere only `decode_manifest` can say.
    """
    (root,), parts = msgspec.json.schema_components([Manifest], ref_template="#/$defs/{name}")
    definitions = {name: _plain(part) for name, part in parts.items()}
    definitions["Model"]["oneOf"] = [{"required": ["path"]}, {"required": ["endpoint"]}]
    return {"$schema": _DIALECT, "$id": f"urn:{SCHEMA.replace('/', ':')}", **root, "$defs": definitions}


def _plain(schema: Any) -> Any:
    """Return the schema without `null`, which TOML cannot say; a missing key stands for it."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _plain(each) for key, each in schema.items() if not (key == "default" and each is None)}
    choices = [each for each in kept.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return {**choices[0], **kept}
    return kept
