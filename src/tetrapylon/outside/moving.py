"""Copy a file of any size so that the copy is there whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tetrapylon.outside.files import refused


def copy_whole(source: Path, target: Path, mode: int = 0o644) -> None:
    """Copy the bytes of a file, also through a loss of power.

    Raises:
        StorageError: the medium refused, and nothing was left behind.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with source.open("rb") as file, part.open("wb") as out:
            shutil.copyfileobj(file, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        part.chmod(mode)
        part.replace(target)
    except OSError as error:
        raise refused(target, error) from error
    finally:
        part.unlink(missing_ok=True)
