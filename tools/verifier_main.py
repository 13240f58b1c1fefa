"""The command line of the single-file verifier: read the folder, verify, say what was found."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path

from tetrapylon.evidence.scheme import check_pure
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import Exit, IntegrityError, MissingError, TetrapylonError
from tetrapylon.posture.answer import PROFILE_ORDER, verification_lines, verification_object
from tetrapylon.posture.case import Anchor
from tetrapylon.posture.verify import verify_passport

MOST_FILES = 1_000_000
MOST_BYTES = 256 << 20
"""Bounds of what is read: the files of a passport, and bytes of each."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a passport's folder by name; anything but plain files is refused."""
    if not folder.is_dir():
        raise MissingError(f"there is no passport `{folder}`", hint="name the passport's folder", code="no-passport")
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise IntegrityError(f"`{name}` in the passport is not a plain file", code="file-added")
        if path.is_file():
            if path.stat().st_size > MOST_BYTES or len(files) >= MOST_FILES:
                raise IntegrityError("the passport holds more than a passport can", code="file-added")
            files[name] = path.read_bytes()
    return files


def digest_of_path(path: Path) -> Digest:
    """Return the digest of a file, or of a folder with the names of all files in it."""
    if path.is_symlink() or not path.exists():
        raise MissingError(f"there is no `{path}` to compare", hint="name a file or folder that is not a link", code="no-such-file")
    if path.is_file():
        with path.open("rb") as file:
            return Digest("sha256:" + hashlib.file_digest(file, "sha256").hexdigest())
    names = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
    return sha256(canonical_json([[name, digest_of_path(path / name)] for name in names]))


def _anchor(options: argparse.Namespace) -> Anchor:
    fingerprint = options.trust if options.trust and re.fullmatch(r"sha256:[0-9a-f]{64}", options.trust) else None
    return Anchor(
        root=Path(options.trust).read_bytes() if options.trust and fingerprint is None else None,
        fingerprint=fingerprint,
        last=Path(options.last).read_bytes() if options.last else None,
        artefacts=tuple((each, digest_of_path(Path(each))) for each in options.artefact) or None,
        require=options.require,
    )


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tetrapylon_verify.py", description="Verify a Tetrapylon passport offline.")
    parser.add_argument("passport", type=Path)
    parser.add_argument("--trust", metavar="FILE|FINGERPRINT")
    parser.add_argument("--artefact", action="append", default=[], metavar="PATH")
    parser.add_argument("--last", metavar="CHECKPOINT")
    parser.add_argument("--require", choices=PROFILE_ORDER)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _told(message: str, hint: str, code: int) -> int:
    sys.stderr.write(f"error: {message}\n" + (f"\nhint: {hint}\n" if hint else ""))
    return code


def main(arguments: list[str]) -> int:
    """Verify and return the exit code."""
    options = _options(arguments)
    try:
        found = verify_passport(read_folder(options.passport), _anchor(options), check_pure)
    except TetrapylonError as error:
        return _told(error.message, error.hint, int(error.exit))
    except OSError as error:
        return _told(f"{error.filename}: {error.strerror}", "", int(Exit.USAGE))
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)
    text = (
        json.dumps(verification_object(found), ensure_ascii=False, indent=2) if options.json else os.linesep.join(verification_lines(found))
    )
    sys.stdout.write(text + "\n")
    return int(found.exit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
