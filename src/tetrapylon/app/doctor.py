"""Compare the settings in force with the safe profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tetrapylon.app.configuration import effective_settings, settings_environment, settings_table
from tetrapylon.app.project import Project
from tetrapylon.kernel.errors import Exit
from tetrapylon.system.setting import Difference, Value, differences, origins


@dataclass(frozen=True)
class Examined:
    """Every setting in force, and those that are not safe."""

    values: dict[str, Value]
    origins: dict[str, str]
    differences: tuple[Difference, ...]

    @property
    def exit(self) -> int:
        """How the command ends: 1 if a setting is not safe."""
        return int(Exit.REFUSED if self.differences else Exit.GOOD)

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        rows = [{"setting": name, "value": value, "from": self.origins[name]} for name, value in self.values.items()]
        found = [{"setting": each.name, "value": each.value, "safe": each.safe, "risk": each.risk} for each in self.differences]
        return {"schema": "tetrapylon/doctor/1", "settings": rows, "differences": found, "exit": self.exit}

    def lines(self) -> list[str]:
        """Return this for a reader."""
        rows = [f"  {name:<24} {value!s:<12} ({self.origins[name]})" for name, value in self.values.items()]
        if not self.differences:
            return [*rows, "", f"all {len(rows)} settings have safe values"]
        return [*rows, "", *(f"{each.name} is {each.value}, safe is {each.safe}: {each.risk}" for each in self.differences)]


def examine(project: Project) -> Examined:
    """Return every setting in force, with where its value comes from and whether it is safe."""
    values = effective_settings(project.state())
    found = origins(settings_environment(), settings_table(project.state()))
    return Examined(values, found, tuple(differences(values)))
