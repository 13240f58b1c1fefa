"""The families of errors, each with the exit code it ends a command with.

Every error is a sentence and, where there is one, a hint at the next step. A family says what a
caller may conclude; a `code` names the exact condition, so that tests and scripts need not read prose.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ends (precedence 4 > 1 > 3 > 0)."""

    GOOD = 0
    REFUSED = 1
    USAGE = 2
    UNDECIDED = 3
    BROKEN = 4
    INTERRUPTED = 130


class TetrapylonError(Exception):
    """Something a user must be told: a sentence, a hint, and the exit code of its family."""

    exit = Exit.UNDECIDED

    def __init__(self, message: str, *, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


class UsageError(TetrapylonError):
    """The call or the file given is not of the form that was asked for."""

    exit = Exit.USAGE


class RefusedError(TetrapylonError):
    """The work was done and its answer is no."""

    exit = Exit.REFUSED


class UndecidedError(TetrapylonError):
    """The work could not be done, so nothing may be concluded."""

    exit = Exit.UNDECIDED


class ConflictError(UndecidedError):
    """Somebody else appended first; nothing was written."""


class MissingError(UndecidedError):
    """A thing that was named is not there."""


class StorageError(UndecidedError):
    """The medium refused: full, read-only or failing. Nothing was acknowledged."""


class IntegrityError(TetrapylonError):
    """Bytes are not what a signature, a digest or a log says they are."""

    exit = Exit.BROKEN
