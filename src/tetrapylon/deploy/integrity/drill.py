"""The tamper drill: change one bit of a copy and see that loading refuses it, and accepts the unchanged copy."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.deploy.integrity.files import file_of
from tetrapylon.deploy.integrity.load import verified_bytes
from tetrapylon.deploy.integrity.verify import Trusted, verify_manifest, verify_model
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError


@dataclass(frozen=True)
class Drilled:
    """What the drill saw."""

    accepted: bool
    """Whether the unchanged copy was accepted: a loader that refuses everything proves nothing."""

    refused: int
    tried: int

    @property
    def sound(self) -> bool:
        """Whether every change was refused and the unchanged copy was not."""
        return self.accepted and self.tried > 0 and self.refused == self.tried


def drill(model: Path, signature: Path, public_key: bytes) -> Drilled:
    """Run the drill on copies in a temporary folder; the model itself is not touched.

    One bit is changed at the first, the middle and the last byte, one after the other: of the file, or of the largest
    signed file of a folder.

    Raises:
        OSError: there is no room for a copy.
    """
    with tempfile.TemporaryDirectory(prefix="tetrapylon-drill-") as folder:
        copy, beside = Path(folder) / model.name, Path(folder) / f"{model.name}.sig"
        shutil.copyfile(signature, beside)
        copied = shutil.copytree(model, copy, symlinks=True) if model.is_dir() else shutil.copyfile(model, copy)
        if not _accepts(copied, beside, public_key):
            return Drilled(accepted=False, refused=0, tried=0)
        victim = _largest(copied, beside, public_key)
        size = victim.stat().st_size
        places = sorted({0, size // 2, size - 1}) if size else []
        refused = sum(_refused_at(victim, place, copied, beside, public_key) for place in places)
    return Drilled(accepted=True, refused=refused, tried=len(places))


def _largest(copy: Path, beside: Path, public_key: bytes) -> Path:
    """Return the largest of the files that were signed."""
    signed = verify_manifest(beside, public_key=public_key).resources
    return max((file_of(copy, each.name) for each in signed), key=lambda each: each.stat().st_size)


def _refused_at(victim: Path, place: int, copy: Path, beside: Path, public_key: bytes) -> bool:
    _flip(victim, place)
    try:
        _check(copy, beside, public_key)
    except IntegrityError as error:
        return error.code == "model-changed"
    finally:
        _flip(victim, place)
    return False


def _flip(victim: Path, place: int) -> None:
    with victim.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))


def _accepts(copy: Path, beside: Path, public_key: bytes) -> bool:
    try:
        _check(copy, beside, public_key)
    except TetrapylonError:
        return False
    return True


def _check(copy: Path, beside: Path, public_key: bytes) -> None:
    """Do what stands before every load: for one file the loader's own check, for a folder the check of all of it."""
    if copy.is_dir():
        verify_model(copy, beside, Trusted(public_key))
    else:
        verified_bytes(copy, public_key, beside)
