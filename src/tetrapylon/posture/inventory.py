"""A passport as files: what is in it, and that nothing was added, renamed, removed or changed.

Every file is listed by digest in the signed `passport.json`. This is checked first because it is cheap and
catches every accident; the signature on `passport.json` is what makes it mean something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tetrapylon.evidence.envelope import Envelope, read_envelope
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.posture.decision import read_canonical_object

PASSPORT_SCHEMA = "tetrapylon/passport/1"
PASSPORT_TYPE = "application/vnd.tetrapylon.passport+json"
PASSPORT_FILE = "passport.json"
DOCUMENTS = "documents/"
"""What the provider tells people in its own words; the claims do not follow from it."""

PASSPORT_LEVELS = ("public", "customer", "regulator")

_PASSPORT_KEYS = {
    "schema", "system", "level", "decision", "verdict", "log", "files", "withheld", "cannotProve", "demo", "issuedAt",
}  # fmt: skip


@dataclass(frozen=True)
class PassportFiles:
    """A passport whose files are exactly those that its list names."""

    files: Mapping[str, bytes]
    envelope: Envelope
    payload: dict[str, Json]

    def file(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            IntegrityError: a file that every passport has is not there (`file-missing`).
        """
        if name not in self.files:
            raise IntegrityError(f"the passport has no `{name}`", code="file-missing")
        return self.files[name]

    def lines(self, name: str) -> list[bytes]:
        """Return the lines of a JSON Lines file; each ends with one line feed."""
        data = self.file(name)
        if not data:
            return []
        if not data.endswith(b"\n"):
            raise IntegrityError(f"`{name}` does not end with a line feed", code="non-canonical")
        return data[:-1].split(b"\n")


def open_passport(files: Mapping[str, bytes]) -> PassportFiles:
    """Return the passport, its files compared with its own list; nothing is authentic yet.

    Raises:
        IntegrityError: `not-a-passport`, `file-added`, `file-missing`, `file-changed`, `malformed`, `non-canonical`.
    """
    if PASSPORT_FILE not in files:
        raise IntegrityError(f"this is not a passport: there is no `{PASSPORT_FILE}`", code="not-a-passport")
    envelope = read_envelope(files[PASSPORT_FILE], f"`{PASSPORT_FILE}`")
    if envelope.payload_type != PASSPORT_TYPE:
        raise IntegrityError(f"`{PASSPORT_FILE}` is signed as something else than a passport", code="malformed")
    payload = read_canonical_object(envelope.payload, f"`{PASSPORT_FILE}`")
    _check_shape(payload)
    _compare(files, payload["files"])
    return PassportFiles(files, envelope, payload)


def _check_shape(payload: dict[str, Json]) -> None:
    sound = set(payload) == _PASSPORT_KEYS and payload["schema"] == PASSPORT_SCHEMA and payload["level"] in PASSPORT_LEVELS
    sound = sound and isinstance(payload["files"], dict) and isinstance(payload["withheld"], list) and isinstance(payload["demo"], bool)
    sound = sound and all(isinstance(payload[key], dict) for key in ("system", "log"))
    if not sound:
        raise IntegrityError(f"`{PASSPORT_FILE}` is not a `{PASSPORT_SCHEMA}`", code="malformed")


def _compare(files: Mapping[str, bytes], listed: Mapping[str, Json]) -> None:
    present = set(files) - {PASSPORT_FILE}
    for name in sorted(present - set(listed)):
        raise IntegrityError(f"`{name}` was added: the passport does not list it", code="file-added")
    for name in sorted(set(listed) - present):
        raise IntegrityError(f"`{name}` is missing: the passport lists it", code="file-missing")
    for name in sorted(listed):
        if sha256(files[name]) != listed[name]:
            raise IntegrityError(f"`{name}` was changed after the passport was signed", code="file-changed")


def list_files(files: Mapping[str, bytes]) -> dict[str, Digest]:
    """Return the list of files, by name, that goes into `passport.json`."""
    return {name: sha256(files[name]) for name in sorted(files)}
