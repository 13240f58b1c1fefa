"""The root of trust: who may sign what, from when until when, and who says so.

A root is TUF root metadata (spec 1.0), so any TUF client can check it; our part, `x-tetrapylon`, names the system, its
log's keys and the grants. Every version is signed by a threshold of its own root keys and of its predecessor's.

* Only the newest version is in force: an older one's grants count for nothing.
* An anchor is what the reader holds from elsewhere: a root's file or its fingerprint. Versions before the anchor are
  left out, because nothing that the reader holds vouches for them. Without an anchor the chain proves that it is
  whole, never whose it is (`Trust.anchored`).
* A chain older than the anchor is refused: an old root may grant keys that have been revoked since (TUF 5.3.5).
* That a root has expired breaks no signature. It means that nobody vouches any longer that this version is the newest,
  so it is undecided, not broken, and judged only where a reader asks (`Trust.current_at`).
* Reading knows one spelling (canonical JSON, low-s signatures), as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tetrapylon.evidence.envelope import SSH_NAMESPACE, Envelope
from tetrapylon.evidence.key import Checker, PublicKey
from tetrapylon.evidence.rootfile import Grant, Root, read_root
from tetrapylon.evidence.schemes.ecdsa_p256 import is_low_s
from tetrapylon.evidence.sshsig import sshsig_parts
from tetrapylon.kernel.digest import Digest, parse_digest
from tetrapylon.kernel.errors import IntegrityError, UndecidedError, UsageError


@dataclass(frozen=True, slots=True)
class Trust:
    """A verified chain of roots; the last one is in force."""

    roots: tuple[Root, ...]
    """Oldest first, beginning with the reader's anchor where there is one."""

    anchored: bool
    """Whether the reader held a root of this chain, or its fingerprint, from elsewhere."""

    @property
    def root(self) -> Root:
        """The root in force."""
        return self.roots[-1]

    @property
    def system(self) -> str:
        """Id of the system that the root speaks for."""
        return self.root.system

    @property
    def fingerprint(self) -> Digest:
        """Fingerprint of the root that the chain begins with."""
        return self.roots[0].fingerprint

    def grant(self, keyid: str) -> Grant:
        """Return what the root in force says of the key.

        Raises:
            IntegrityError: it says nothing (`unknown-key`).
        """
        try:
            return self.root.grants[keyid]
        except KeyError:
            raise IntegrityError(f"the root of trust does not know the key {keyid[:16]!a}", code="unknown-key") from None

    def may(self, keyid: str, role: str, time: str) -> Grant:
        """Return the grant by which the key acts in the role at that time.

        Raises:
            IntegrityError: `unknown-key`, `role-not-allowed`, or as `Grant.valid_at`.
        """
        grant = self.grant(keyid)
        if role not in grant.roles:
            has = ", ".join(grant.roles)
            raise IntegrityError(f"the key of `{grant.holder}` may not sign as {role}, only as {has}", code="role-not-allowed")
        return grant.valid_at(time)

    def current_at(self, time: str) -> Trust:
        """Return this, if the root in force had not expired at that time.

        Raises:
            UndecidedError: it had (`root-expired`), so nobody vouches that it is still the newest version.
        """
        if time > self.root.expires:
            raise UndecidedError(
                f"version {self.root.version} of the root of trust expired at {self.root.expires}",
                hint="ask the provider for the next version",
                code="root-expired",
            )
        return self


@dataclass(frozen=True, slots=True)
class UncheckedSignature:
    """A signature about which nothing may be concluded, and why."""

    keyid: str
    why: str


@dataclass(frozen=True, slots=True)
class CheckedSignatures:
    """What was found about the signatures of one envelope; none of them is wrong."""

    verified: tuple[Grant, ...]
    """The grants of the keys that signed, all different. Empty if only keys of unknown schemes signed."""

    unchecked: tuple[UncheckedSignature, ...]


def check_signature(envelope: Envelope, trust: Trust, check: Checker, at: str) -> CheckedSignatures:
    """Check every signature of the envelope that can be checked, as of the time `at` (when the log took it).

    Raises:
        IntegrityError: a wrong signature of a known key (`signature`), another spelling of a right one
            (`non-canonical`), no known key at all (`unknown-key`), one key twice (`duplicate-signature`), or a key
            outside its validity (as `Grant.valid_at`).
    """
    message, root = envelope.message, trust.root
    _refuse_duplicates([each.keyid for each in envelope.signatures])
    known = [each for each in envelope.signatures if each.keyid in root.grants]
    if not known and not any(each.keyid in root.foreign for each in envelope.signatures):
        raise IntegrityError("none of the signing keys is known to the root of trust", code="unknown-key")
    for each in known:
        _check_granted(root.grants[each.keyid], message, each.data, check)
    unchecked = [UncheckedSignature(each.keyid, _why_unchecked(root, each.keyid)) for each in envelope.signatures if each not in known]
    return CheckedSignatures(tuple(root.grants[each.keyid].valid_at(at) for each in known), tuple(unchecked))


def _refuse_duplicates(keyids: Sequence[str]) -> None:
    if len(set(keyids)) != len(keyids):
        raise IntegrityError("one key has signed twice", code="duplicate-signature")


def _why_unchecked(root: Root, keyid: str) -> str:
    scheme = root.foreign.get(keyid)
    return f"this verifier cannot check `{scheme}`" if scheme else "the root of trust does not know the key"


def _check_granted(grant: Grant, message: bytes, signature: bytes, check: Checker) -> None:
    key, what = grant.key, f"the signature of `{grant.holder}`"
    if grant.encoding == "sshsig":
        try:
            key, message, signature = sshsig_parts(signature, message, SSH_NAMESPACE)
        except UndecidedError as error:  # It names a key of a type that no grant has, so not this grant's key.
            raise IntegrityError(f"{what} is wrong", code="signature") from error
    if key != grant.key or not check(key, message, signature):
        raise IntegrityError(f"{what} is wrong", code="signature")
    if grant.encoding == "raw":
        _refuse_high_s(key, signature, what)


def _refuse_high_s(key: PublicKey, signature: bytes, what: str) -> None:
    if key.algorithm == "ecdsa-p256" and not is_low_s(signature):
        raise IntegrityError(f"{what} is not in its canonical (low-s) form", code="non-canonical")


def verify_chain(roots: Sequence[bytes], anchor: bytes | str | None, check: Checker) -> Trust:
    """Verify the versions of a root of trust, oldest first, against what the reader holds.

    `anchor` is the content of a root's file, a fingerprint (`sha256:…`), or None. A file one version older than the
    chain is continued by it.

    Raises:
        UsageError: the anchor itself is not a root of trust or a fingerprint.
        IntegrityError: `root-chain` (a version is missing or of another system), `root-signature`, `re-signed` (same
            system, other root), `other-system`, `root-rollback` (all older than the anchor), or as `read_root`.
    """
    chain = [read_root(each) for each in roots]
    if not chain:
        raise IntegrityError("there is no root of trust", code="root-chain")
    _check_link(None, chain[0], check)
    for older, newer in pairwise(chain):
        _check_link(older, newer, check)
    if anchor is None:
        return Trust(tuple(chain), anchored=False)
    held = _from_fingerprint(anchor, chain) if isinstance(anchor, str) else _from_file(anchor, chain, check)
    return Trust((held, *(each for each in chain if each.version > held.version)), anchored=True)


def _from_fingerprint(anchor: str, chain: Sequence[Root]) -> Root:
    wanted = parse_digest(anchor)
    for each in chain:
        if each.fingerprint == wanted:
            return each
    raise _re_signed(chain[0], f"no version of it has the fingerprint that you hold ({wanted})")


def _from_file(anchor: bytes, chain: Sequence[Root], check: Checker) -> Root:
    try:
        held = read_root(anchor, "the root of trust that you hold")
        _check_link(None, held, check)
    except IntegrityError as error:
        raise UsageError(error.message, hint="give the `root.json` that the provider handed you", code="anchor") from error
    first, last = chain[0], chain[-1]
    if held.system != first.system:
        raise IntegrityError(f"this is about `{first.system}`, and your root of trust is of `{held.system}`", code="other-system")
    if held.version > last.version:
        raise IntegrityError(
            f"its newest root of trust is version {last.version}, and you hold version {held.version}",
            hint="an old passport verifies against the root of its own time; a new one must bring the new root",
            code="root-rollback",
        )
    if held.version >= first.version:
        if chain[held.version - first.version].fingerprint != held.fingerprint:
            raise _re_signed(first, f"your version {held.version} is {held.fingerprint}")
        return held
    if held.version < first.version - 1:
        raise _broken_chain(f"your root of trust is version {held.version}, and the next one given is {first.version}")
    try:
        _check_link(held, first, check)
    except IntegrityError:
        raise _re_signed(first, f"your version {held.version} is {held.fingerprint} and did not sign it") from None
    return held


def _re_signed(first: Root, why: str) -> IntegrityError:
    return IntegrityError(
        f"this is signed under another root of trust than yours (version {first.version} of `{first.system}`): {why}",
        hint="ask the provider, over another channel, which root is theirs",
        code="re-signed",
    )


def _broken_chain(why: str) -> IntegrityError:
    return IntegrityError(f"the versions of the root of trust are no chain: {why}", code="root-chain")


def _check_link(older: Root | None, newer: Root, check: Checker) -> None:
    """Check that the newer root continues the older one, and every signature on it that there is a key for."""
    signers = dict(newer.root_keys)
    if older is not None:
        if newer.version != older.version + 1:
            raise _broken_chain(f"version {newer.version} follows version {older.version}")
        if (newer.system, newer.origin) != (older.system, older.origin):
            raise _broken_chain(f"version {newer.version} names another system or log")
        signers |= older.root_keys
    what = f"version {newer.version} of the root of trust"
    for keyid, signature in newer.signatures.items():
        if keyid in signers:
            if not check(signers[keyid], newer.signed, signature):
                raise IntegrityError(f"a signature on {what} is wrong", code="root-signature")
            _refuse_high_s(signers[keyid], signature, f"a signature on {what}")
        elif older is not None or newer.version == 1:
            raise IntegrityError(f"{what} is signed by a key that is no root key", code="root-signature")
    for each in (newer, older or newer):
        if len(each.root_keys.keys() & newer.signatures.keys()) < each.threshold:
            whose = "its own" if each is newer else "its predecessor's"
            raise IntegrityError(f"{what} is not signed by {each.threshold} of {whose} root keys", code="root-signature")
