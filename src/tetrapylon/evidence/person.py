"""Who stands behind a statement of one person: the one key that signed it, and whether that key is theirs."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.evidence.envelope import Envelope
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import Grant
from tetrapylon.evidence.trust import Trust, check_signature
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import IntegrityError


def signed_by(envelope: Envelope, trust: Trust, at: str, what: str = "a decision") -> Grant:
    """Return the grant of the one key that signed; `what` names the statement in errors.

    Raises:
        IntegrityError: the signature does not count.
    """
    grants = check_signature(envelope, trust, check_native, at).verified
    if len(grants) != 1:
        raise IntegrityError(f"{what} is signed with one key that can be checked", code="signature")
    return grants[0]


def stands_for(grant: Grant, person: str, facts: Mapping[str, Json]) -> bool:
    """Return whether a key signs for a person who is declared.

    In a demonstration, and nowhere else, the demonstration key of a role stands for those who hold the role.
    """
    declared = next((each for each in facts.get("person", ()) if each["id"] == person), None)
    if declared is None:
        return False
    if grant.holder == person:
        return True
    return bool(grant.demo and facts["system"].get("demo") and not set(grant.roles).isdisjoint(declared["roles"]))
