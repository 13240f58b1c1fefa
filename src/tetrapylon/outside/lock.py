"""Lock files of dependencies: which versions, from where, with which hashes.

A lock is read as text and nothing is fetched, resolved or run. What cannot be read is said (`Lock.unread`), because a
line that is skipped in silence looks like a lock without it. Each format is one part of `locks/` and offers

* `NAMES`: the names of such files, and where names do not tell `is_one(text)`;
* `read(text)`: the packages, and what could not be read;
* `SAMPLES`: file name -> (text, what must come out), run by one contract test.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Literal
from urllib.parse import quote

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.kernel.shelf import Shelf

FORMATS = Shelf("tetrapylon.outside.locks")

LARGEST = 64 << 20
"""Bytes of the longest lock that is read."""

Ecosystem = Literal["pypi", "npm"]

_HEX = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_STRONG = ("sha256:", "sha384:", "sha512:")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a lock."""

    name: str
    """As the ecosystem compares it: `ml-dtypes`, `@scope/name`."""

    version: str | None = None
    hashes: tuple[str, ...] = ()
    """`sha256:` or `sha512:` and hexadecimal digits, sorted; each is of one file that may be installed."""

    source: str | None = None
    """The registry's address, where the lock names one."""

    url: str | None = None
    """Where it comes from without a registry: an archive, a repository with its commit, a folder."""

    pinned: bool = False
    """Whether exactly one version is allowed: an exact version, a full commit, or an archive with a hash."""

    marker: str | None = None
    """The condition under which it is installed."""

    local: bool = False
    """A part of the project itself: its bytes are the project's, so no hash is expected."""

    dependencies: tuple[str, ...] = ()
    """Names of what it needs, where the lock says so, sorted."""

    line: int = 0
    """Where it stands, from 1; 0 where the format gives no lines."""

    ecosystem: Ecosystem = "pypi"

    @property
    def hashed(self) -> bool:
        """Whether a strong hash stands for its bytes (a commit does so, too)."""
        commit = (self.url or "").rpartition("@")[2]
        return any(each.startswith(_STRONG) for each in self.hashes) or bool(_COMMIT.fullmatch(commit))

    @property
    def purl(self) -> str:
        """The package URL."""
        scope, _, name = self.name.rpartition("/")
        path = "/".join(quote(each, safe="") for each in (scope, name) if each)
        return f"pkg:{self.ecosystem}/{path}" + (f"@{quote(self.version, safe='')}" if self.version else "")


@dataclass(frozen=True, slots=True)
class Lock:
    """What one lock file says."""

    name: str
    format: str
    packages: tuple[Package, ...]
    """In the order of the file."""

    unread: tuple[str, ...] = ()
    """What stands there and was not understood, or refers to other files."""

    @property
    def loose(self) -> tuple[Package, ...]:
        """Packages that are not held to one version and one set of bytes."""
        return tuple(each for each in self.packages if not each.local and not (each.pinned and each.hashed))


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a part found in the text."""

    packages: tuple[Package, ...]
    unread: tuple[str, ...] = ()


class LockError(ValueError):
    """The text is not of the format that its name promises; the message says in which way."""


def read_lock(name: str, text: str) -> Lock:
    """Return what the lock file says; `name` is its path or file name.

    Raises:
        UndecidedError: no format fits (`unknown-lock`), the text is not of its format (`malformed-lock`) or too long (`too-large`).
    """
    if len(text) > LARGEST:
        raise UndecidedError(f"`{name}` is larger than {LARGEST} characters", code="too-large")
    found = format_of(name, text)
    if found is None:
        hint = f"known: {', '.join(FORMATS)}"
        raise UndecidedError(f"`{name}` is not a lock file of a known format", hint=hint, code="unknown-lock")
    try:
        parsed = FORMATS[found].read(text)
    except (LockError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else error
        raise UndecidedError(f"`{name}` cannot be read as `{found}`: {why}", code="malformed-lock") from error
    return Lock(name, found, parsed.packages, parsed.unread)


def format_of(name: str, text: str) -> str | None:
    """Return the format of a lock file, or nothing: the file is none, or in a format that is not known here."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return next((each for each in FORMATS if _fits(FORMATS[each], base, text)), None)


def _fits(part: ModuleType, base: str, text: str) -> bool:
    return part.NAMES.fullmatch(base) is not None and (not hasattr(part, "is_one") or bool(part.is_one(text)))


def python_name(name: str) -> str:
    """Return the name as Python's packaging compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def hashes_of(found: Iterable[Json]) -> tuple[str, ...]:
    """Return the well-formed hashes `algorithm:hex`, sorted, each once; anything else is no hash."""
    return tuple(sorted({each.lower() for each in found if isinstance(each, str) and _is_hash(each.lower())}))


def integrity_hashes(text: Json) -> tuple[str, ...]:
    """Return the hashes of a subresource integrity value (`sha512-` and base64, several apart by spaces)."""
    return hashes_of(_from_base64(each) for each in (text.split()[:16] if isinstance(text, str) else ()))


def _from_base64(text: str) -> str:
    algorithm, _, value = text.partition("-")
    try:
        return f"{algorithm}:{base64.b64decode(value.partition('?')[0], validate=True).hex()}"
    except (binascii.Error, ValueError):
        return ""


def _is_hash(text: str) -> bool:
    algorithm, _, digits = text.partition(":")
    return _HEX.get(algorithm) == len(digits) and not digits.strip("0123456789abcdef")


def is_commit(text: Json) -> bool:
    """Return whether this is a full commit id, which stands for bytes."""
    return isinstance(text, str) and bool(_COMMIT.fullmatch(text))


def rows(table: Json, key: str) -> list[dict[str, Json]]:
    """Return the tables below a key; what is none is left out."""
    found = table.get(key) if isinstance(table, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text_of(table: Json, key: str) -> str | None:
    """Return the text below a key, or nothing."""
    found = table.get(key) if isinstance(table, dict) else None
    return found if isinstance(found, str) and found else None
