"""What was not looked at, collected while reading and said in few lines."""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.system.finding import Unseen

_EACH = 3
"""Up to so many things of one kind are named one by one."""


class Notes:
    """A collection of what was not looked at."""

    def __init__(self) -> None:
        self._paths: dict[tuple[str, bool], list[str]] = {}

    def left_out(self, path: str, why: str) -> None:
        """Note what is not looked at on purpose."""
        self._paths.setdefault((why, True), []).append(path)

    def not_read(self, path: str, why: str) -> None:
        """Note what could not be looked at, which leaves the answer incomplete."""
        self._paths.setdefault((why, False), []).append(path)

    def unseen(self) -> tuple[Unseen, ...]:
        """Return everything that was noted, sorted; many things for one reason are one line that counts them."""
        return tuple(sorted(each for (why, deliberate), paths in self._paths.items() for each in _said(why, sorted(paths), deliberate)))


def _said(why: str, paths: list[str], deliberate: bool) -> Iterator[Unseen]:  # noqa: FBT001 - private
    if len(paths) <= _EACH:
        yield from (Unseen(each, why, deliberate) for each in paths)
    else:
        yield Unseen(paths[0], f"{why} (and {len(paths) - 1} more like it)", deliberate)
