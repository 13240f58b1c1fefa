"""The system that a command works on: its folder, its manifest, and where its state lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import find_upwards, read_bytes, write_atomic

if TYPE_CHECKING:
    from tetrapylon.system.manifest import Manifest

MANIFEST = "tetrapylon.toml"
STATE = ".tetrapylon"

IGNORED = """\
# Local state: private keys, drafts, the log itself and reports stay out of version control.
keys/
draft/
ledger/
passport/
quarantine/
journal/
access/
holds/
training/
closed.json*
switched.json*
failover/
gateway.json
monitor/
redteam/
bench/
intake/
updates/
incidents/
known-good/
answers/
canaries
report*.html
"""
"""Git holds the trust root, waivers, attestations, the policy and the last checkpoint; nothing else of the state."""


@dataclass(frozen=True)
class Project:
    """One declared system in its folder."""

    root: Path
    manifest: Manifest
    facts: Mapping[str, Any]
    """The manifest as plain JSON, under its own key names."""

    def state(self, *parts: str) -> Path:
        """Return a path in the folder that holds the system's state."""
        return self.root.joinpath(STATE, *parts)

    @property
    def demo(self) -> bool:
        """Whether the system calls itself a demonstration."""
        return bool(self.facts["system"].get("demo", False))

    @property
    def system_id(self) -> str:
        """The id of the system."""
        return str(self.facts["system"]["id"])


def open_project(directory: str | Path | None) -> Project:
    """Return the system declared in `directory`, or in the nearest folder above that declares one.

    Raises:
        UsageError: there is no manifest, or it is not valid.
    """
    from tetrapylon.system.decode import decode_manifest
    from tetrapylon.system.manifest import manifest_facts

    root = find_root(directory)
    manifest = decode_manifest(read_bytes(root / MANIFEST, BOUNDS.manifest))
    return Project(root, manifest, manifest_facts(manifest))


def find_root(directory: str | Path | None) -> Path:
    """Return the folder that holds the manifest.

    Raises:
        UsageError: no folder from here up holds one.
    """
    start = Path(directory or ".").resolve()
    found = start / MANIFEST if directory is not None and (start / MANIFEST).is_file() else find_upwards(start, MANIFEST)
    if found is None:
        raise UsageError(
            f"there is no `{MANIFEST}` in `{directory or '.'}` or above it", hint="say where it is with `-C DIR`", code="no-manifest"
        )
    return found.parent


def prepare_state(project: Project) -> None:
    """Make the state's folder, with the file that keeps private parts out of version control."""
    project.state().mkdir(exist_ok=True)
    if not project.state(".gitignore").exists():
        write_atomic(project.state(".gitignore"), IGNORED.encode())
