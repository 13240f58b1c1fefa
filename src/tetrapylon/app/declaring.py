"""What people say, signed: waivers of a practice, and statements that a practice is met.

Both are files under `.tetrapylon/` that version control keeps; they enter the log at the next assessment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.assets import read_release
from tetrapylon.app.guidance import catalogue, policy
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.evidence.predicate import decode, predicate_type
from tetrapylon.evidence.rootfile import Grant
from tetrapylon.evidence.signer import Signer, sign_statement
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.errors import RefusedError, UsageError
from tetrapylon.outside.files import write_atomic


@dataclass(frozen=True)
class Signing:
    """How a person signs: a file key's passphrase, or an SSH key."""

    passphrase: bytes | None
    ssh_key: str | None = None


@dataclass(frozen=True)
class Waiver:
    """One practice, some assets by id, why, who takes the risk, and until when."""

    practice: str
    assets: Sequence[str]
    reason: str
    owner: str
    expires: str


@dataclass(frozen=True)
class Attestation:
    """One practice and what a person states about it."""

    practice: str
    person: str
    statement: str
    expires: str | None = None


@dataclass(frozen=True)
class Declared:
    """A signed statement of a person, written to a file."""

    path: Path
    practice: str
    subjects: tuple[str, ...]
    role: str

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        return {"file": str(self.path), "practice": self.practice, "subjects": list(self.subjects), "role": self.role}

    def lines(self) -> list[str]:
        """Return this for a reader."""
        return [
            f"{self.path}: {self.practice} for {', '.join(self.subjects)}, signed as {self.role}",
            "commit the file; it counts from the next `tetrapylon assess` on",
        ]


def waive(project: Project, wanted: Waiver, signing: Signing, now: str) -> Declared:
    """Sign a waiver.

    Raises:
        UsageError: the practice, an asset, the owner or the date is not known, or the date has passed.
        RefusedError: no key here may sign waivers.
    """
    _known_practice(wanted.practice)
    _known_person(project, wanted.owner)
    subjects = _subjects(project, wanted.assets)
    payload = {"practice": wanted.practice, "reason": wanted.reason, "owner": wanted.owner, "expires": end_of(wanted.expires, now)}
    return _sign(project, ("waiver", "waivers"), subjects, payload, signing, now)


def attest(project: Project, wanted: Attestation, signing: Signing, now: str) -> Declared:
    """Sign a person's statement about a practice; it is about the release's assets that the practice looks at.

    Raises:
        UsageError: the practice takes no person's statement, or the person is not in the manifest.
        RefusedError: no key here may sign it.
    """
    practice = _known_practice(wanted.practice)
    parts = [each for each in practice.get("part", ()) if each.get("leg") == "H" and each.get("predicate") == "attestation"]
    if not parts:
        raise UsageError(
            f"{wanted.practice} does not rest on a person's statement",
            hint=f"run `tetrapylon explain {wanted.practice}`",
            code="not-attestable",
        )
    roles = _known_person(project, wanted.person)
    kinds = {kind for each in parts for kind in each["inputs"]}
    chosen = [each for each in read_release(project).refs() if each.kind in kinds]
    if not chosen:
        raise UsageError(f"nothing is declared that {wanted.practice} is about", code="nothing-to-attest")
    payload = {"practice": wanted.practice, "person": wanted.person, "role": roles[0], "statement": wanted.statement}
    if wanted.expires:
        payload["expires"] = end_of(wanted.expires, now)
    return _sign(project, ("attestation", "attestations"), [Subject(each.id, each.digest) for each in chosen], payload, signing, now)


def _known_practice(practice: str) -> Mapping[str, Any]:
    for each in catalogue()["practice"]:
        if each["id"] == practice:
            return dict(each)
    raise UsageError(
        f"there is no practice `{practice[:40]}`", hint="run `tetrapylon practices`; wildcards are not taken", code="unknown-practice"
    )


def _known_person(project: Project, person: str) -> list[str]:
    for each in project.facts.get("person", ()):
        if each["id"] == person:
            return list(each["roles"])
    known = ", ".join(each["id"] for each in project.facts.get("person", ())) or "none"
    raise UsageError(f"there is no person `{person[:40]}` in the manifest", hint=f"persons: {known}", code="unknown-person")


def _subjects(project: Project, wanted: Sequence[str]) -> list[Subject]:
    found = {each.id: each for each in read_release(project).refs()}
    for each in wanted:
        if each not in found:
            raise UsageError(
                f"there is no asset `{each[:40]}`",
                hint=f"assets: {', '.join(sorted(found))}; wildcards are not taken",
                code="unknown-asset",
            )
    return [Subject(each, found[each].digest) for each in wanted]


def end_of(date: str, now: str) -> str:
    """Return the first second of a date that is still to come.

    Raises:
        UsageError: it is not a date, or it has passed.
    """
    from tetrapylon.outside.clock import parse_time

    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        raise UsageError(f"`{date[:40]}` is not a date", hint="dates look like `2027-01-31`", code="bad-date")
    moment = f"{date}T00:00:00Z"
    parse_time(moment)
    if moment <= now:
        raise UsageError(f"{date} has passed", hint="give a date that is still to come", code="bad-date")
    return moment


def _sign(
    project: Project, where: tuple[str, str], subjects: Sequence[Subject], payload: Mapping[str, Any], signing: Signing, now: str
) -> Declared:
    name, folder = where
    predicate = {**payload, "observedFrom": now, "observedTo": now, **({"demo": True} if project.demo else {})}
    decode(name, predicate)
    permitted = policy(project)["roles"].get(name, [])
    signer, role = _signer(project, permitted, signing, now)
    envelope = sign_statement(Statement(tuple(subjects), predicate_type(name), predicate), [signer])
    prepare_state(project)
    project.state(folder).mkdir(exist_ok=True)
    path = project.state(folder, f"{payload['practice']}-{digest_hex(sha256(envelope.to_bytes()))[:12]}.json")
    write_atomic(path, envelope.to_bytes())
    return Declared(path, str(payload["practice"]), tuple(each.name for each in subjects), role)


def _signer(project: Project, permitted: Sequence[str], signing: Signing, now: str) -> tuple[Signer, str]:
    """Return a signer whose key the trust root grants one of the permitted roles now, and that role."""
    trust = wiring.load_trust(project)
    signer = _ssh_signer(signing.ssh_key) if signing.ssh_key else wiring.signer_for(project, permitted, signing.passphrase)
    grant: Grant = trust.grant(signer.key.keyid).valid_at(now)
    roles = [each for each in grant.roles if each in permitted]
    if not roles:
        raise RefusedError(
            f"the key of `{grant.holder}` signs as {', '.join(grant.roles)}, which may not say this",
            hint=f"roles that may: {', '.join(permitted)}",
            code="role",
        )
    return signer, roles[0]


def _ssh_signer(path: str) -> Signer:
    from tetrapylon.evidence.signers.ssh import SshSigner

    return SshSigner(Path(path))
