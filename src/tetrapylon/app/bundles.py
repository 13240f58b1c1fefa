"""What is kept of an incident: the files in question, answers, and what is known of the system, as one bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from tetrapylon.app import wiring
from tetrapylon.app.project import Project
from tetrapylon.app.view import vouched_for
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.archive import write_archive
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import hash_file, make_folder, read_bytes, refused

RECIPIENT = "recipient"
"""The file of the state's folder that says to whom backups and evidence are encrypted; it is no secret."""

Kept = Mapping[str, tuple[Digest, int]]


@dataclass(frozen=True)
class Bundle:
    """Files of a project by path, and what is told about them."""

    root: Path
    files: Kept
    about: Mapping[str, Any]

    def write(self, path: Path, recipient: str | None) -> None:
        """Write it as one file, encrypted where a recipient is given; on any failure there is none."""
        index = json.dumps({**self.about, "files": {name: {"digest": each[0], "size": each[1]} for name, each in self.files.items()}})
        write = partial(_write, index.encode(), self.root, self.files)
        make_folder(path.parent, 0o700)
        if recipient is not None:
            from tetrapylon.outside.age import encrypt

            encrypt(write, path, recipient)
            return
        part = path.with_name(f".{path.name}.part")
        try:
            with part.open("xb") as file:
                part.chmod(0o600)
                write(file)
            part.replace(path)
        except OSError as error:
            raise refused(path, error) from error
        finally:
            part.unlink(missing_ok=True)


def _write(index: bytes, root: Path, files: Kept, stream: IO[bytes]) -> None:
    write_archive(stream, index, root, files)


def recipient_of(project: Project) -> str | None:
    """Return to whom the project's backups and evidence are encrypted, if it was decided."""
    try:
        return read_bytes(project.state(RECIPIENT), 4096).decode("utf-8", "replace").strip() or None
    except MissingError:
        return None


def gathered(project: Project, asset: str) -> Bundle:
    """Return what is to be kept of an incident about one asset: its file, the prompts and tools, answers and what is closed."""
    facts = project.facts
    paths = [
        each["path"]
        for kind in ("model", "prompt")
        for each in facts.get(kind, ())
        if "path" in each and (kind == "prompt" or each["id"] == asset)
    ]
    paths += [each["arguments"] for each in facts.get("tool", ()) if "arguments" in each]
    state = project.state()
    paths += [each.relative_to(project.root).as_posix() for each in (*state.glob("answers/*.jsonl"), *state.glob("closed.json"))]
    ledger = wiring.open_ledger(project)
    about = {
        "schema": "tetrapylon/evidence-bundle/1",
        "system": project.system_id,
        "release": facts["system"]["release"],
        "asset": asset,
        "at": SystemClock().now(),
        "known": vouched_for(project),
        "log": {"records": ledger.size, "root": ledger.root(ledger.size).hex()},
    }
    return Bundle(project.root, dict(_hashed(project.root, sorted(set(paths)))), about)


def _hashed(root: Path, paths: list[str]) -> list[tuple[str, tuple[Digest, int]]]:
    found = []
    for each in paths:
        try:
            found.append((each, (hash_file(root / each), (root / each).stat().st_size)))
        except (TetrapylonError, OSError):
            # What is not there cannot be kept; the bundle's list shows that it was not.
            continue
    return found
