"""What version control once held: every version of every file below a folder, read from git within bounds.

Git is asked for objects alone: no hook, filter, pager, transport or configuration of the user has a part in it, and what
a partial clone left out is not fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import UndecidedError

_ALONE = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
}
_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never", "-c", "core.quotePath=false")


_BATCH = 16 << 20
"""Bytes that are asked of git at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read of a history at most."""

    seconds: float = 30.0
    objects: int = 200_000
    """Versions of files that are listed."""

    bytes: int = 256 << 20
    """Of all versions together."""

    version: int = 1 << 20
    """Bytes of one version; a larger one is no file of settings or code."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file."""

    path: str
    """Relative to the top of the repository, as it was called there."""

    id: str
    """Git's name of the version."""

    data: bytes


class History:
    """The history of a folder that lies in a git repository."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits
        self._until = monotonic() + limits.seconds
        self.unread: list[str] = []
        """Why something of it was not read."""

    def state(self) -> Digest:
        """Return the digest of everything that the history can be reached from: while it is the same, so is the history.

        Raises:
            UndecidedError: git is not there, or refuses.
        """
        return sha256(self._tips())

    def versions(self, known: frozenset[str] = frozenset()) -> Iterator[Version]:
        """Yield each version once, without those whose ids are known already.

        Raises:
            UndecidedError: git is not there, refuses, or takes too long.
        """
        if not self._tips():
            return
        if self._git("rev-parse", "--is-shallow-repository").strip() == b"true":
            self.unread.append("the clone is shallow: older versions are not here")
        batch, size = [], 0
        for name, path, length in self._chosen([each for each in self._listed() if each[0] not in known]):
            batch.append((name, path))
            size += length
            if size > _BATCH:
                yield from self._read(batch)
                batch, size = [], 0
        yield from self._read(batch)

    def _tips(self) -> bytes:
        return self._git("rev-list", "--all", "--no-walk")

    def _chosen(self, named: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
        """Yield name, path and size of each version that is within the limits."""
        left = self._limits.bytes
        for name, path, size in self._sizes(named):
            if size > self._limits.version:
                self.unread.append(f"`{path}` ({name[:12]}) is larger than {self._limits.version} bytes")
                continue
            left -= size
            if left < 0:
                self.unread.append("the history is longer than what is read of it")
                return
            yield name, path, size

    def _read(self, batch: Sequence[tuple[str, str]]) -> Iterator[Version]:
        said = self._git("cat-file", "--batch", given="".join(f"{name}\n" for name, _ in batch).encode()) if batch else b""
        place = 0
        for name, path in batch:
            end = said.find(b"\n", place)
            head = said[place:end].split(b" ")
            if len(head) != 3 or not head[2].isdigit():  # noqa: PLR2004 - name, kind, size
                self.unread.append(f"`{path}` ({name[:12]}) is not here")
                place = end + 1
                continue
            begin, size = end + 1, int(head[2])
            yield Version(path, name, said[begin : begin + size])
            place = begin + size + 1

    def _listed(self) -> list[tuple[str, str]]:
        lines = self._git("rev-list", "--objects", "--all", "--", ".").decode("utf-8", "replace").splitlines()
        found = [(name, path) for name, _, path in (each.partition(" ") for each in lines) if path]
        if len(found) > self._limits.objects:
            self.unread.append(f"the history has more than {self._limits.objects} objects")
        return found[: self._limits.objects]

    def _sizes(self, named: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
        """Yield name, path and size of what is a version of a file."""
        asked = "".join(f"{name}\n" for name, _ in named).encode()
        said = self._git("cat-file", "--batch-check=%(objecttype) %(objectsize)", given=asked).splitlines()
        for (name, path), line in zip(named, said, strict=False):
            kind, _, size = line.partition(b" ")
            if kind == b"blob" and size.isdigit():
                yield name, path, int(size)

    def _git(self, *arguments: str, given: bytes | None = None) -> bytes:
        program = shutil.which("git")
        if program is None:
            raise UndecidedError("git is not installed, so its history was not read", code="no-git")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = [program, *_OPTIONS, "-C", str(self._folder), *arguments]
        seconds = max(0.1, self._until - monotonic())
        try:
            ended = subprocess.run(command, input=given, capture_output=True, timeout=seconds, check=False, env={**kept, **_ALONE})  # noqa: S603 - git, with arguments of ours
        except (subprocess.TimeoutExpired, OSError) as error:
            raise UndecidedError("git did not finish in time, so its history was not read", code="git") from error
        if ended.returncode != 0:
            said = ended.stderr.decode("utf-8", "replace").strip().splitlines()[:1]
            raise UndecidedError(f"git refuses: {said[0][:200] if said else ended.returncode}", code="git")
        return ended.stdout


def history(folder: Path, limits: Limits | None = None) -> History | None:
    """Return the history of the folder, or None where it is in no repository."""
    found = any((each / ".git").exists() for each in (folder.absolute(), *folder.absolute().parents))
    return History(folder, limits or Limits()) if found else None
