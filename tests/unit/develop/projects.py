"""Small declared systems in a folder, seen through the same view that an assessment has."""

from __future__ import annotations

from pathlib import Path

from tetrapylon.app.project import open_project
from tetrapylon.app.view import ProjectView, project_view

HEAD = """schema = "tetrapylon/manifest/1"
[system]
id = "small"
release = "1.0.0"
role = "provider"
criticality = "low"
purpose = "A sample"
{system}
[[person]]
id = "owner-1"
roles = ["owner"]
key = "keys/owner-1.pub"
"""


def small(root: Path, manifest: str = "", files: dict[str, str | bytes] | None = None, system: str = "") -> ProjectView:
    """Write a system into the folder and return its view."""
    for name, content in {**(files or {}), "tetrapylon.toml": HEAD.format(system=system) + manifest}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return project_view(open_project(root))
