"""What another user of this machine can do to a folder: tried by a process that is that user, not worked out from modes.

Nothing is destroyed: opening for writing writes nothing, and deletion is tried on a file of the probe's own.
"""

from __future__ import annotations

import json
import os
import pwd
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tetrapylon.kernel.errors import UndecidedError, UsageError

_TRIED = 20
"""Files that are tried by name."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What was tried as whom, and what succeeded."""

    user: int
    tried: tuple[str, ...]
    managed: tuple[str, ...]


def user_id(name: str) -> int:
    """Return the id of a user by name or number.

    Raises:
        UsageError: there is no such user (`no-such-user`).
    """
    if name.isdecimal():
        return int(name)
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise UsageError(f"there is no user `{name[:64]}`", code="no-such-user") from error


def reach(folder: Path, user: int) -> Reach:
    """Try, as that user, to list, read, change, replace and delete in the folder; what lies in it is tried by name.

    Raises:
        UndecidedError: this process may not become that user, or the probe did not end well (`no-probe`).
    """
    if os.getuid() not in {0, user}:
        hint = "run it as root, or as the user that the system runs as"
        raise UndecidedError(f"this process may not try what user {user} can do", hint=hint, code="no-probe")
    names = sorted(each for each in folder.iterdir() if each.is_file())[:_TRIED]
    source, sink = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _as_user(folder, names, user, (source, sink))
    os.close(sink)
    with os.fdopen(source, "rb") as stream:
        said = stream.read(1 << 20)
    _, status = os.waitpid(child, 0)
    try:
        found = json.loads(said)
        return Reach(user, tuple(found["tried"]), tuple(found["managed"]))
    except (ValueError, LookupError, TypeError) as error:
        raise UndecidedError(f"the probe as user {user} did not end well ({status})", code="no-probe") from error


def _as_user(folder: Path, names: Sequence[Path], user: int, pipe: tuple[int, int]) -> None:
    """Become the user and try; never returns. No other program is run: the user may not be able to reach one."""
    code = 1
    try:
        os.close(pipe[0])
        if os.getuid() != user:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        os.write(pipe[1], json.dumps(_attempts(folder, names)).encode())
        code = 0
    finally:
        os._exit(code)


def _attempts(folder: Path, names: Sequence[Path]) -> dict[str, list[str]]:
    own = folder / f".tetrapylon-probe-{os.getpid()}"
    # Names are known from before: whoever may not list may still open what is guessed.
    attempts: dict[str, Callable[[], object]] = {
        "list it": partial(os.listdir, folder),
        "add to it": partial(_touch, own),
        "delete from it": own.unlink,
        "rename it": partial(_moved, folder),
    }
    for path in names:
        attempts[f"read {path.name}"] = partial(_open, path, os.O_RDONLY)
        attempts[f"change {path.name}"] = partial(_open, path, os.O_RDWR)
    return {"tried": list(attempts), "managed": [what for what, do in attempts.items() if _manages(do)]}


def _manages(do: Callable[[], object]) -> bool:
    try:
        do()
    except OSError:
        return False
    return True


def _open(path: Path, flags: int) -> None:
    os.close(os.open(path, flags | os.O_NOFOLLOW))


def _touch(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _moved(folder: Path) -> None:
    beside = folder.with_name(f"{folder.name}.tetrapylon-probe")
    folder.rename(beside)
    beside.rename(folder)
