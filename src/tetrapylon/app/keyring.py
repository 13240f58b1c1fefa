"""The private keys that this machine holds, compared with what the trust root says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.project import Project
from tetrapylon.evidence.trust import Trust
from tetrapylon.kernel.errors import MissingError, UsageError


@dataclass(frozen=True)
class HeldKey:
    """A key file, and what it is good for."""

    name: str
    algorithm: str
    keyid: str
    standing: str
    """What the trust root lets it sign, or that it is the log's or a root key."""

    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        return {
            "name": self.name,
            "algorithm": self.algorithm,
            "keyid": self.keyid,
            "standing": self.standing,
            "warnings": list(self.warnings),
        }


def held_keys(project: Project, passphrase: bytes | None) -> list[HeldKey]:
    """Return every private key in `.tetrapylon/keys`; one that cannot be opened is listed with the reason."""
    try:
        trust: Trust | None = wiring.load_trust(project)
    except MissingError:
        trust = None
    return [_held(project, path.stem, passphrase, trust) for path in sorted(project.state("keys").glob("*.pem"))]


def _held(project: Project, name: str, passphrase: bytes | None, trust: Trust | None) -> HeldKey:
    try:
        signer = wiring.find_signer(project, name, passphrase)
    except UsageError as error:
        return HeldKey(name, "-", "-", f"cannot be opened: {error.message}")
    if signer is None:
        return HeldKey(name, "-", "-", "is gone")
    return HeldKey(name, signer.key.algorithm, signer.key.keyid, _standing(signer.key.keyid, trust), signer.warnings)


def _standing(keyid: str, trust: Trust | None) -> str:
    if trust is None:
        return "no trust root yet"
    if keyid in {each.keyid for each in trust.root.log_keys}:
        return "keeps the log"
    if keyid in {each.keyid for each in trust.root.root_keys.values()}:
        return "root key: keep it offline"
    grant = trust.root.grants.get(keyid)
    if grant is None:
        return "not granted anything"
    return f"revoked {grant.revoked_at}" if grant.revoked_at else f"signs as {', '.join(grant.roles)} until {grant.not_after}"
