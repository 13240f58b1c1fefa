"""How many of those who hold a key acknowledged the terms as they are now; nobody is named.

Reads the file of access keys only for its counts: who holds a key is personal data and stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tetrapylon.kernel.canonical import read_json
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

SCHEMA = "tetrapylon/access-keys/1"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Keys that are in force, and those among them whose holders acknowledged the terms."""

    users: int
    acknowledged: int

    @property
    def rate(self) -> float:
        """The share."""
        return self.acknowledged / self.users


def acknowledged(state: Path, document: str, now: str) -> Acknowledged | None:
    """Return the count for the terms with this digest; None where no key is in force.

    Raises:
        IntegrityError: the file of keys is not one.
    """
    path = state / "access" / "keys.json"
    if not path.is_file():
        return None
    found = read_json(read_bytes(path, BOUNDS.json), "the file of access keys")
    try:
        known = found["schema"] == SCHEMA
        valid = [each for each in found["keys"] if each.get("revoked") is None and now < each["expires"]]
        count = sum(each.get("acknowledged") == document for each in valid)
    except (KeyError, TypeError, AttributeError) as error:
        raise IntegrityError("the file of access keys is not what was written", code="malformed") from error
    if not known:
        raise IntegrityError("the file of access keys is of a form that is not known", code="malformed")
    return Acknowledged(len(valid), count) if valid else None
