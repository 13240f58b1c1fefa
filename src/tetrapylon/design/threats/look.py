"""One look at the threats of a system: its model on the evidence there is now, what it leaves out, and what is due."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.design.threats.compare import kept_of
from tetrapylon.design.threats.coverage import uncovered
from tetrapylon.design.threats.decisions import FILE, Decisions, decode_decisions
from tetrapylon.design.threats.model import ThreatModel, threat_model
from tetrapylon.design.threats.triggers import Basis, Earlier, basis_of, earlier_of, incidents, triggers
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.view import View

_DAYS = 180
"""How old a review may be where the policy does not say."""


@dataclass(frozen=True)
class Looked:
    """What was found."""

    model: ThreatModel
    basis: Basis
    uncovered: tuple[str, ...]
    triggers: tuple[str, ...]
    earlier: tuple[Earlier, ...]
    """Models that evidence tells of, in the order of the log."""

    decisions: Digest | None
    """The digest of `threats.toml`, where there is one."""

    @property
    def kept(self) -> dict[str, str]:
        """The severity of each threat by its name."""
        return kept_of(self.model)


def look(view: View) -> Looked:
    """Return the threats of the system as they are now.

    Raises:
        UsageError: `threats.toml` is not valid, or decides about a threat that there is not.
    """
    text = read_decisions(view)
    decisions = None if text is None else decode_decisions(text, view.facts)
    return look_with(view, decisions, None if text is None else sha256(text))


def look_with(view: View, decisions: Decisions | None, digest: Digest | None) -> Looked:
    """Return the threats of the system with these decisions.

    Raises:
        UsageError: a decision is about a threat that there is not.
    """
    day = view.now()[:10]
    model = threat_model(view.facts, view.states(), decisions, day)
    basis = basis_of(model.graph.topology, model.rules, view.assets)
    earlier = tuple(each for known in view.evidence("threat-model") if (each := earlier_of(known.payload)) is not None)
    due = triggers(basis, earlier, decisions.reviews if decisions else (), day, float(view.values.get("threat-days", _DAYS)))
    happened = incidents([each.payload for each in view.evidence("incident-record")])
    inventory = [each.payload for each in view.evidence("inventory-reconcile")]
    left = uncovered(model, view.assets, view.repository, inventory)
    return Looked(model, basis, tuple(left), (*due, *happened), earlier, digest)


def read_decisions(view: View) -> bytes | None:
    """Return the bytes of `threats.toml`, or None where there is none."""
    try:
        return read_bytes(view.root / FILE, BOUNDS.manifest)
    except MissingError:
        return None
