"""The JSON Schemas of what commands print with `--json`, for `docs/reference/schemas`: every file of `tools/outputs`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

_FILES = sorted(each.stem for each in Path(__file__).with_name("outputs").glob("*.py") if each.stem not in {"__init__", "shape"})

OUTPUTS: dict[str, dict[str, Any]] = {f"json-{each.replace('_', '-')}": import_module(f"tools.outputs.{each}").SCHEMA for each in _FILES}
