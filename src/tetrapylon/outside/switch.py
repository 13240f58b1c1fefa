"""The kill switch, and the routes that were closed: a file outside the AI part, which every request is held against.

`{"all": null | {why, by, at}, "routes": {"chat:assistant": {why, by, at}}}`. A file that cannot be read closes
everything: somebody wanted to say something.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic
from tetrapylon.outside.watched import WatchedFile, held_alone

LIMIT = 1 << 20
"""Bytes of the file."""

UNREADABLE = "the file that says what is closed cannot be read"


@dataclass(frozen=True, slots=True)
class Closing:
    """Why something is closed, by whom, and since when."""

    why: str
    by: str
    at: str


class FileSwitch:
    """Says whether a route is closed, at the cost of a look at the clock."""

    def __init__(self, path: Path) -> None:
        self._file = WatchedFile(path, LIMIT)
        self._all: str | None = None
        self._routes: dict[str, str] = {}

    def closed(self, route: str) -> str | None:
        """Return why the route is closed, or None; a change takes effect within a tenth of a second."""
        if self._file.changed():
            self._read()
        return self._all if self._all is not None else self._routes.get(route)

    def _read(self) -> None:
        try:
            everything, routes = _decode(self._file.read())
        except (TetrapylonError, ValueError):
            self._file.forget()
            self._all, self._routes = UNREADABLE, {}
            return
        self._all = None if everything is None else everything.why
        self._routes = {name: each.why for name, each in routes.items()}


def _decode(data: bytes | None) -> tuple[Closing | None, dict[str, Closing]]:
    if data is None:
        return None, {}
    try:
        found = json.loads(data)
        everything = found["all"]
        return (
            None if everything is None else _closing(everything),
            {str(name): _closing(each) for name, each in found["routes"].items()},
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(UNREADABLE) from error


def _closing(value: Any) -> Closing:
    return Closing(str(value["why"]), str(value["by"]), str(value["at"]))


def closings(path: Path) -> tuple[Closing | None, dict[str, Closing]]:
    """Return what closes everything, and what closes single routes.

    Raises:
        ValueError: the file is not of this form.
        StorageError: it cannot be read.
    """
    return _decode(read_bytes(path, LIMIT) if path.exists() else None)


def close(path: Path, route: str | None, closing: Closing) -> None:
    """Close one route, or everything where none is named; what is closed already keeps its reason."""
    make_folder(path.parent)
    with held_alone(path):
        everything, routes = _sound(path)
        if route is None:
            everything = everything or closing
        else:
            routes.setdefault(route, closing)
        _write(path, everything, routes)


def reopen(path: Path, route: str | None) -> None:
    """Open one route again, or lift what closes everything; routes closed by name stay so."""
    make_folder(path.parent)
    with held_alone(path):
        everything, routes = _sound(path)
        if route is None:
            everything = None
        else:
            routes.pop(route, None)
        _write(path, everything, routes)


def _sound(path: Path) -> tuple[Closing | None, dict[str, Closing]]:
    """Return what the file says; what cannot be understood closes everything and stays that way until it is lifted."""
    try:
        return closings(path)
    except ValueError:
        return Closing(UNREADABLE, "", ""), {}


def _write(path: Path, everything: Closing | None, routes: dict[str, Closing]) -> None:
    said = {"all": None if everything is None else asdict(everything), "routes": {name: asdict(each) for name, each in routes.items()}}
    write_atomic(path, json.dumps(said, indent=1, ensure_ascii=False).encode() + b"\n", 0o600)
