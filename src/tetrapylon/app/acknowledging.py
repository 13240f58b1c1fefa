"""Sign that somebody took note: of the summary of threats, or of the digest of news, as they are at this moment."""

from __future__ import annotations

from typing import Literal

from tetrapylon.app.declaring import Attestation, Declared, Signing, attest
from tetrapylon.app.training import Desk
from tetrapylon.design.threats.look import look
from tetrapylon.design.threats.summary import summary_digest
from tetrapylon.kernel.errors import RefusedError, UsageError

_WHAT = {
    "threats": ("SD1.2", "the summary of threats", ("owner", "risk-owner", "leader"), "tetrapylon design threats --summary"),
    "news": ("SD1.3", "the digest of news", ("developer", "data-scientist"), "tetrapylon design training show digest"),
}


def acknowledge(found: Desk, what: Literal["threats", "news"], person: str, digest: str, signing: Signing) -> Declared:
    """Sign, as a person of a role that it concerns, that what the digest names was read.

    Raises:
        UsageError: there is no such person.
        RefusedError: the person has no role that it concerns (`role`), or the digest is not that of today (`other-digest`).
    """
    practice, name, roles, command = _WHAT[what]
    declared = next((each for each in found.project.facts.get("person", ()) if each["id"] == person), None)
    if declared is None:
        raise UsageError(f"there is no person `{person[:40]}` in the manifest", code="unknown-person")
    if not set(roles) & set(declared["roles"]):
        raise RefusedError(f"{practice} is for {', '.join(roles)}, and `{person}` is {', '.join(declared['roles'])}", code="role")
    now = summary_digest(look(found.view).model) if what == "threats" else found.module("digest").digest
    if digest != now:
        raise RefusedError(f"this is not {name} as it is now", hint=f"read it with `{command}`; its digest is {now}", code="other-digest")
    return attest(found.project, Attestation(practice, person, f"I have read {name} {now}"), signing, found.view.now())
