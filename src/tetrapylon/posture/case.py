"""One verification under way: the passport, the trust root, what the caller brings, and what stayed unchecked."""

from __future__ import annotations

from dataclasses import dataclass, field

from tetrapylon.evidence.envelope import Envelope
from tetrapylon.evidence.key import Checker
from tetrapylon.evidence.note import Checkpoint, check_checkpoint
from tetrapylon.evidence.trust import CheckedSignatures, Trust, check_signature
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.posture.inventory import PassportFiles


@dataclass(frozen=True)
class Anchor:
    """What the caller brings from outside the passport."""

    root: bytes | None = None
    """A trust root file that the caller got by another way."""

    fingerprint: str | None = None
    """`sha256:…` of a trust root, read out over the telephone, say."""

    last: bytes | None = None
    """The checkpoint that the caller kept from an earlier passport."""

    artefacts: tuple[tuple[str, Digest], ...] | None = None
    """(name, digest) of what the caller holds; None where nothing is compared."""

    require: str | None = None
    """The least profile that the caller accepts."""

    @property
    def trust(self) -> bytes | str | None:
        """The trust anchor, the file first."""
        return self.root if self.root is not None else self.fingerprint


@dataclass
class Case:
    """One verification under way."""

    passport: PassportFiles
    trust: Trust
    check: Checker
    anchor: Anchor
    open_points: list[str] = field(default_factory=list)
    """Whatever was not checked: each keeps the answer from being 0."""

    def signatures(self, envelope: Envelope, time: str, what: str) -> CheckedSignatures:
        """Return who signed the envelope, as of `time`; what could not be checked becomes an open point.

        Raises:
            IntegrityError: as `check_signature`.
        """
        try:
            checked = check_signature(envelope, self.trust, self.check, time)
        except IntegrityError as error:
            raise IntegrityError(f"{what}: {error.message}", hint=error.hint, code=error.code) from error
        self.open_points.extend(f"{what}: the signature by {each.keyid[:16]}… was not checked: {each.why}" for each in checked.unchecked)
        return checked

    def checkpoint(self, data: bytes, what: str) -> tuple[Checkpoint, str]:
        """Return a checkpoint that both log keys signed, and its time.

        Raises:
            IntegrityError: `checkpoint-signature`, or not a checkpoint of this log (`checkpoint`).
        """
        origin, keys = self.trust.root.origin, self.trust.root.log_keys
        checkpoint, checked = check_checkpoint(data, [(origin, each) for each in keys], self.check)
        if checkpoint.origin != origin:
            raise IntegrityError(f"{what} is of another log (`{checkpoint.origin}`)", code="checkpoint")
        missing = [each.algorithm for each in keys if each.keyid not in checked.verified]
        if missing or checked.time is None:
            raise IntegrityError(f"{what} is not signed by the log's {' and '.join(missing) or 'clock'} key", code="checkpoint-signature")
        self.open_points.extend(f"{what}: the signature by `{name}` was not checked: not a key of this log" for name in checked.unknown)
        return checkpoint, checked.time
