"""The bill of materials for the report: the file as it is, how complete it is, and whether the log holds a signature on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tetrapylon.app.decide import Decided
from tetrapylon.app.project import Project
from tetrapylon.develop.records.bom import NAME
from tetrapylon.develop.records.build import folder_of
from tetrapylon.develop.records.elements import Cluster, completeness
from tetrapylon.develop.records.field import ORIGINS
from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

_NOT_OF_THE_BILL = frozenset({"observedFrom", "observedTo", "demo"})
"""What a statement adds to the bill that it holds."""

_MALFORMED = (AttributeError, KeyError, TypeError, ValueError, RecursionError, IndexError)


@dataclass(frozen=True)
class Bill:
    """The bill of materials on disk."""

    name: str
    clusters: tuple[Cluster, ...]
    components: int
    signed: int | None
    """The log record that holds exactly this bill about exactly these files."""

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        clusters = [
            {
                "id": each.id,
                "name": each.name,
                "elements": [{"id": one.id, "state": one.state, "reason": one.reason} for one in each.elements],
            }
            for each in self.clusters
        ]
        counts = {name: sum(each.count(name) for each in self.clusters) for name in ORIGINS}
        return {"file": self.name, "components": self.components, "signed": self.signed, "elements": counts, "clusters": clusters}


def bill_of(project: Project, decided: Decided) -> tuple[Bill | None, tuple[str, ...]]:
    """Return the bill; where there is none, or it cannot be read, nothing and the reason."""
    path = folder_of(project.root, None) / NAME
    name = path.relative_to(project.root).as_posix()
    try:
        found = read_json(read_bytes(path, BOUNDS.json), f"`{name}`")
        signed = _signed(decided, found)
        return Bill(name, completeness(found, signed=signed is not None), len(found.get("components", ())), signed), ()
    except MissingError:
        return None, (f"bill of materials: there is no `{name}`; `tetrapylon develop record` writes it",)
    except TetrapylonError as error:
        return None, (f"bill of materials: {error.message}",)
    except _MALFORMED as error:
        return None, (f"bill of materials: `{name}` is malformed ({type(error).__name__})",)


def _signed(decided: Decided, bill: Mapping[str, Any]) -> int | None:
    if decided.basis is None:
        return None
    wanted, permitted = predicate_type("cyclonedx"), decided.basis.policy["roles"].get("cyclonedx", ())
    for record in reversed(decided.records):
        leaf, statement = record.leaf, record.statement
        about = leaf.predicate_type == wanted and decided.basis.release_digest in leaf.subjects and not record.roles.isdisjoint(permitted)
        if about and statement is not None:
            said = {key: value for key, value in statement.predicate.items() if key not in _NOT_OF_THE_BILL}
            return record.index if canonical_json(said) == canonical_json(bill) else None
    return None
