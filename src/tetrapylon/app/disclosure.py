"""Write what users and researchers are told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.app.view import project_view
from tetrapylon.outside.files import make_folder, write_atomic
from tetrapylon.responsibility.provider.publish import files, folder_of
from tetrapylon.responsibility.provider.shipped import look


@dataclass(frozen=True)
class Published:
    """What was written, and what is still missing before it tells enough."""

    folder: str
    files: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def exit(self) -> int:
        """How the command ends: 1 if something that must be told is not."""
        return 1 if self.missing else 0

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        return {
            "schema": "tetrapylon/disclosure/1",
            **vars(self),
            "files": list(self.files),
            "missing": list(self.missing),
            "exit": self.exit,
        }

    def lines(self) -> list[str]:
        """Return this for a reader."""
        return [*(f"{self.folder}/{each}" for each in self.files), *self.missing]


def publish(project: Project, out: str | None) -> Published:
    """Write the files, and compare what lies in the declared folder with what must be told.

    Raises:
        MissingError: nobody declared a contact (`no-contact`).
    """
    view = project_view(project)
    made = files(view)
    folder = Path(out) if out is not None else project.root / folder_of(view)
    for name, data in made.items():
        make_folder((folder / name).parent)
        write_atomic(folder / name, data)
    missing = () if out is not None else look(view).plain()
    return Published(out or folder_of(view), tuple(made), missing)
