"""A provider in memory: keys, a trust root, a log, a decision and its passport, with a lever for every way to cheat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from tests.unit.posture.world import CATALOGUE, DATA, LOCK, MODEL, NOW, PREDICATES, ROLES
from tetrapylon.evidence.envelope import Envelope
from tetrapylon.evidence.ledger import Entry, Ledger
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.note import Checkpoint, sign_checkpoint
from tetrapylon.evidence.rootfile import Grant
from tetrapylon.evidence.roots import LogIdentity, RootHolders, make_root, role_grants, sign_root
from tetrapylon.evidence.signer import sign_envelope, sign_statement
from tetrapylon.evidence.signers.file import FileSigner, generate_key
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.evidence.stores.memory import MemoryStore
from tetrapylon.evidence.trust import check_signature, verify_chain
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.merkle import merkle_root
from tetrapylon.posture.decision import Basis, decide, decision_predicate
from tetrapylon.posture.fold import AssetRef, Record
from tetrapylon.posture.inventory import PASSPORT_TYPE
from tetrapylon.posture.passport import Contents, Evidence, passport_files, passport_payload

START = "2026-01-01T00:00:00Z"
END = "2027-01-01T00:00:00Z"
UNIX_NOW = 1780315200
"""NOW as Unix time."""

GATE = "https://tetrapylon.example/predicate/gate-decision/v1"


@cache
def key(name: str, algorithm: str = "ecdsa-p256") -> FileSigner:
    """Return one key for each name, made once for all tests."""
    del name
    return generate_key(algorithm)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Keys:
    """Every key of a provider; a prefix makes another provider."""

    prefix: str = ""

    def role(self, role: str) -> FileSigner:
        """Return the key of a role."""
        return key(f"{self.prefix}{role}")

    @property
    def log(self) -> list[FileSigner]:
        """Both keys of the log."""
        return [key(f"{self.prefix}log-ed25519", "ed25519"), key(f"{self.prefix}log-mldsa44", "ml-dsa-44")]

    @property
    def roots(self) -> list[FileSigner]:
        """Three root keys."""
        return [key(f"{self.prefix}root-{number}") for number in (1, 2, 3)]


ROLE_NAMES = ("build", "risk-owner", "release-manager", "reviewer", "owner")


@dataclass
class Provider:
    """A provider and everything that it may do right or wrong."""

    keys: Keys = field(default_factory=Keys)
    system: str = "s"
    demo: bool = False
    change_grants: Callable[[tuple[Grant, ...]], tuple[Grant, ...]] = lambda grants: grants
    practices: tuple[str, ...] = ("P1", "P3", "P4")
    level: str = "regulator"
    disclosure: Mapping[str, str] = field(default_factory=dict)
    assets: tuple[AssetRef, ...] = (MODEL, DATA, LOCK)
    time: str = NOW
    profile: str = "start"
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(MemoryStore())
        grants = role_grants({role: self.keys.role(role).key for role in ROLE_NAMES}, not_before=START, not_after=END, demo=self.demo)
        holders = RootHolders([each.key for each in self.keys.roots], 2)
        log = LogIdentity(f"tetrapylon.example/{self.system}", [each.key for each in self.keys.log])
        unsigned = make_root(self.system, holders, log, self.change_grants(grants), END)
        self.roots = [sign_root(unsigned, self.keys.roots[:2])]

    @property
    def release_digest(self) -> Digest:
        """The release digest over the assets."""
        entries = sorted((each.kind, each.id, each.digest) for each in self.assets)
        return Digest(f"sha256:{merkle_root(canonical_json(list(each)) for each in entries).hex()}")

    @property
    def refs(self) -> tuple[AssetRef, ...]:
        """The assets with the release itself."""
        return (*self.assets, AssetRef("release", "release", self.release_digest))

    def record(self, envelope: Envelope, at: str | None = None) -> None:
        """Append an envelope to the log."""
        self.ledger.record([Entry(envelope)], at or self.time)

    def statement(self, predicate: str, subjects: Sequence[AssetRef], content: dict[str, Any]) -> Statement:
        """Return a statement about assets, observed now."""
        times = {"observedFrom": self.time, "observedTo": self.time}
        return Statement(
            tuple(Subject(each.id, each.digest) for each in subjects),
            {**PREDICATES, "gate-decision": GATE}[predicate],
            {**times, **content},
        )

    def check(self, mismatched: int = 0, *, role: str = "build", asset: AssetRef = MODEL) -> None:
        """Leave evidence that an asset was checked."""
        content = {"event": "rehash", "mismatched": mismatched}
        self.record(sign_statement(self.statement("check", [asset], content), [self.keys.role(role)]))

    def policy(self) -> dict[str, Any]:
        """Return the policy that the provider decides by."""
        return {
            "values": {"clock-skew-seconds": 300},
            "roles": {**ROLES, "gate-decision": ["release-manager"]},
            "predicates": {**PREDICATES, "gate-decision": GATE},
            "disclosure": {"gate-decision": "public", "check": "customer", **self.disclosure},
            "profile": self.profile,
            "practices": list(self.practices),
        }

    def basis(self, previous: dict[str, Any] | None = None) -> Basis:
        """Return what a decision stands on now."""
        facts = {"system": {"id": self.system, "release": "1", "demo": self.demo}, "model": [{"id": "reader", "path": "m"}]}
        checkpoint = Checkpoint(f"tetrapylon.example/{self.system}", self.ledger.size, self.ledger.root())
        return Basis(CATALOGUE, self.policy(), facts, self.refs, self.release_digest, checkpoint, previous)

    def records(self) -> list[Record]:
        """Return the log as a verdict sees it."""
        trust = verify_chain(self.roots, None, check_native)
        found: list[Record] = []
        for index, leaf in enumerate(self.ledger.leaves()):
            envelope = self.ledger.envelope(leaf)
            assert envelope is not None
            grants = check_signature(envelope, trust, check_native, leaf.recorded_at).verified
            statement = Statement(*_parts(envelope))
            found.append(Record(index, leaf, statement, frozenset(role for grant in grants for role in grant.roles)))
        return found

    def decide(
        self, previous: dict[str, Any] | None = None, change: Callable[[dict[str, Any]], dict[str, Any]] = lambda found: found
    ) -> None:
        """Decide on the log as it is, and record the decision; `change` is what a dishonest provider does to it."""
        self.decided_on = self.basis(previous)
        self.decision = change(decide(self.decided_on, self.records(), self.time))
        release = AssetRef("release", "release", self.release_digest)
        statement = Statement((Subject("release", release.digest),), GATE, decision_predicate(self.decision))
        self.record(sign_statement(statement, [self.keys.role("release-manager")]))

    def note(self, size: int | None = None, timestamp: int = UNIX_NOW) -> bytes:
        """Return the signed checkpoint of the first `size` records."""
        size = self.ledger.size if size is None else size
        checkpoint = Checkpoint(f"tetrapylon.example/{self.system}", size, self.ledger.root(size))
        return sign_checkpoint(checkpoint, self.keys.log, timestamp)

    def contents(self) -> Contents:
        """Return what the passport is made of."""
        evidence = [Evidence(index, leaf, self.ledger.envelope(leaf)) for index, leaf in enumerate(self.ledger.leaves())]
        return Contents(self.decided_on, self.decision, self.level, evidence, self.note(), f"tetrapylon.example/{self.system}", self.roots)

    def passport(self, contents: Contents | None = None) -> dict[str, bytes]:
        """Return the signed passport."""
        contents = contents or self.contents()
        return self.seal(passport_files(contents), contents)

    def seal(
        self, files: dict[str, bytes], contents: Contents, change: Callable[[bytes], bytes] = lambda payload: payload
    ) -> dict[str, bytes]:
        """List the files and sign the list, as only the provider can."""
        payload = change(passport_payload(contents, files))
        return {**files, "passport.json": sign_envelope(payload, PASSPORT_TYPE, [self.keys.role("release-manager")]).to_bytes()}


def _parts(envelope: Envelope) -> tuple[tuple[Subject, ...], str, dict[str, Any]]:
    from tetrapylon.evidence.statement import read_statement

    found = read_statement(envelope.payload)
    return found.subjects, found.predicate_type, found.predicate


def released(**extra: Any) -> Provider:
    """Return a provider that has released honestly."""
    provider = Provider(**extra)
    provider.check()
    provider.decide()
    return provider


def with_grant(grants: tuple[Grant, ...], role: str, **changes: Any) -> tuple[Grant, ...]:
    """Return the grants, the one of a role changed."""
    return tuple(replace(each, **changes) if role in each.roles else each for each in grants)
