"""in-toto Statement v1: a claim about digests.

Subjects are digests with a name for the reader; nothing may be concluded from the name. Statements of ours carry
`observedFrom`, `observedTo` and, for demonstration keys, `demo` inside the predicate, where in-toto lets
predicates be extended. Source: in-toto Attestation Framework, Statement v1.
"""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json, canonical_json, read_canonical
from tetrapylon.kernel.digest import Digest, digest_hex, parse_digest
from tetrapylon.kernel.errors import IntegrityError, UsageError

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a statement is about: a digest, and a name that only helps to read it."""

    name: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim: its subjects, the type of the predicate, and the predicate as plain JSON."""

    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: dict[str, Json]

    def digests(self) -> frozenset[Digest]:
        """Return the digests that the statement is about."""
        return frozenset(each.digest for each in self.subjects)

    @property
    def observed_from(self) -> str | None:
        """When looking began, where the statement says so."""
        return _time(self.predicate.get("observedFrom"))

    @property
    def observed_to(self) -> str | None:
        """When looking ended; freshness is counted from here."""
        return _time(self.predicate.get("observedTo"))

    @property
    def demo(self) -> bool:
        """Whether the statement calls itself a demonstration."""
        return self.predicate.get("demo") is True

    def to_bytes(self) -> bytes:
        """Return the canonical payload that is signed."""
        return canonical_json(
            {
                "_type": STATEMENT_TYPE,
                "subject": [{"name": each.name, "digest": {"sha256": digest_hex(each.digest)}} for each in self.subjects],
                "predicateType": self.predicate_type,
                "predicate": self.predicate,
            }
        )


def _time(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def read_statement(payload: bytes, what: str = "a statement") -> Statement:
    """Return the statement in a canonical payload.

    Raises:
        IntegrityError: not canonical JSON, or not an in-toto Statement v1 about SHA-256 digests.
    """
    return statement_of(read_canonical(payload, what), what)


def statement_of(value: Json, what: str) -> Statement:
    """Return the statement that plain JSON holds.

    Raises:
        IntegrityError: not an in-toto Statement v1 about SHA-256 digests (`malformed`).
    """
    try:
        kind = value["_type"]
        subjects = tuple(_subject(each) for each in value["subject"])
        predicate_type, predicate = value["predicateType"], value["predicate"]
    except (AttributeError, KeyError, TypeError, ValueError, UsageError) as error:
        raise IntegrityError(f"{what} is not an in-toto Statement v1", code="malformed") from error
    if not (kind == STATEMENT_TYPE and subjects and isinstance(predicate_type, str) and isinstance(predicate, dict)):
        raise IntegrityError(f"{what} is not an in-toto Statement v1", code="malformed")
    return Statement(subjects, predicate_type, predicate)


def _subject(value: Json) -> Subject:
    name, found = value.get("name", ""), value["digest"]["sha256"]
    if not isinstance(name, str) or not isinstance(found, str):
        raise TypeError("subject")
    return Subject(name, parse_digest(f"sha256:{found}"))
