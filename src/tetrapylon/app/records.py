"""The log as a verdict sees it: every record with its statement and the roles that its signers held then."""

from __future__ import annotations

from collections.abc import Sequence

from tetrapylon.evidence.envelope import Envelope
from tetrapylon.evidence.leaf import Leaf
from tetrapylon.evidence.ledger import Ledger
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.statement import read_statement
from tetrapylon.evidence.trust import Trust, check_signature
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.posture.fold import Record


def read_records(ledger: Ledger, trust: Trust, *, demo: bool, stop: int | None = None) -> list[Record]:
    """Return the log's records up to `stop`; `demo` says whether demonstration keys count.

    Raises:
        IntegrityError: an envelope is not what the log recorded, or wrongly signed.
    """
    leaves = ledger.leaves(stop)
    return [record_of(index, leaf, ledger.envelope(leaf), trust, demo=demo) for index, leaf in enumerate(leaves)]


def record_of(index: int, leaf: Leaf, envelope: Envelope | None, trust: Trust, *, demo: bool) -> Record:
    """Return one record; a statement that was erased stays None."""
    if envelope is None:
        return Record(index, leaf, None, frozenset())
    try:
        grants = check_signature(envelope, trust, check_native, leaf.recorded_at).verified
    except IntegrityError as error:
        raise IntegrityError(f"log record {index}: {error.message}", hint=error.hint, code=error.code) from error
    counted = [each for each in grants if demo or not each.demo]
    statement = read_statement(envelope.payload, f"log record {index}")
    return Record(index, leaf, statement, frozenset(role for each in counted for role in each.roles))


def permitted_roles(policy_roles: dict[str, list[str]], name: str) -> Sequence[str]:
    """Return the roles that may sign statements of this predicate."""
    return policy_roles.get(name, [])
