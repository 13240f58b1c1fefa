"""Encryption to a key that this machine does not hold (the age format), as a stream; needs the extra `backup`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import IO, Any

from tetrapylon.kernel.errors import IntegrityError, MissingError, StorageError, UsageError
from tetrapylon.outside.files import read_bytes, refused, write_atomic

_IDENTITY = "AGE-SECRET-KEY-"


def _pyrage() -> Any:
    try:
        import pyrage
    except ImportError as error:
        raise MissingError(
            "encryption to a key needs more software", hint="install it with `pip install 'tetrapylon[backup]'`", code="extra"
        ) from error
    return pyrage


def make_identity(path: Path) -> str:
    """Write a new private key, readable by its owner only, and return the recipient that things are encrypted to.

    Raises:
        ConflictError: there is such a file already.
    """
    identity = _pyrage().x25519.Identity.generate()
    recipient = str(identity.to_public())
    write_atomic(path, f"# recipient: {recipient}\n{identity}\n".encode(), 0o600, replace=False)
    return recipient


def read_identity(path: Path) -> str:
    """Return the private key in the file.

    Raises:
        UsageError: it holds none (`no-identity`).
    """
    for line in read_bytes(path, 1 << 16).decode("utf-8", "replace").splitlines():
        if line.strip().startswith(_IDENTITY):
            return line.strip()
    raise UsageError(
        f"`{path}` holds no private key of the age format", hint="make one with `tetrapylon deploy backup key`", code="no-identity"
    )


def check_recipient(text: str) -> str:
    """Return the recipient.

    Raises:
        UsageError: it is none (`no-recipient`).
    """
    pyrage = _pyrage()
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise UsageError(f"`{text[:80]}` is no recipient", hint="it begins with `age1`", code="no-recipient") from error
    return text


def encrypt(write: Callable[[IO[bytes]], None], path: Path, recipient: str) -> None:
    """Write a file of what `write` writes, encrypted; on any failure there is no file.

    Raises:
        StorageError: the medium refused (`not-written`).
    """
    pyrage = _pyrage()
    keys = [pyrage.x25519.Recipient.from_str(check_recipient(recipient))]
    part = path.with_name(f".{path.name}.part")
    failed: list[BaseException] = []
    source, sink = os.pipe()

    def produce() -> None:
        try:
            with os.fdopen(sink, "wb") as stream:
                write(stream)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that asked
            failed.append(error)

    thread = Thread(target=produce, daemon=True)
    try:
        thread.start()
        with os.fdopen(source, "rb") as stream, part.open("xb") as out:
            part.chmod(0o600)
            kept = _Kept(out)
            try:
                pyrage.encrypt_io(stream, kept, keys)
            except (pyrage.EncryptError, OSError) as error:
                raise kept.error or (error if isinstance(error, OSError) else OSError(str(error))) from error
            out.flush()
            os.fsync(out.fileno())
        thread.join()
        if failed:
            raise failed[0]
        part.replace(path)
    except OSError as error:
        thread.join(5)
        raise refused(path, error) from error
    finally:
        part.unlink(missing_ok=True)


class _Kept:
    """A file that remembers why it could not be written: the library says it in words only."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self.file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self.file.flush()


def decrypt(path: Path, identity: str, read: Callable[[IO[bytes]], None]) -> None:
    """Hand what is in an encrypted file to `read`; nothing may be concluded before this returns.

    Raises:
        IntegrityError: it is not encrypted to this key, was changed, or is not whole (`not-decrypted`).
    """
    pyrage = _pyrage()
    key = pyrage.x25519.Identity.from_str(identity)
    failed: list[str] = []
    source, sink = os.pipe()

    def produce() -> None:
        try:
            with path.open("rb") as file, os.fdopen(sink, "wb") as stream:
                pyrage.decrypt_io(file, stream, [key])
        except (pyrage.DecryptError, OSError) as error:
            failed.append(str(error).partition("\n")[0])

    thread = Thread(target=produce, daemon=True)
    thread.start()
    problem: Exception | None = None
    with os.fdopen(source, "rb") as stream:
        try:
            read(stream)
            while stream.read(1 << 20):
                pass
        except Exception as error:  # noqa: BLE001 - what was cut off on its way in is judged below
            problem = error
    thread.join()
    if failed and not isinstance(problem, StorageError):
        raise IntegrityError(
            f"`{path.name}` cannot be decrypted: {failed[0]}", hint="it was changed, cut off, or is for another key", code="not-decrypted"
        )
    if problem is not None:
        raise problem
