"""Who stands behind a request to the running system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PrincipalKind = Literal["group", "service", "person"]
"""The table of the manifest that declares a principal."""

PROBING = "tetrapylon-probe"
"""What the names of tenants begin with that are nobody: probes of access call as them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the key says."""

    key_id: str
    principal: str
    kind: PrincipalKind
    tenant: str
    acknowledged: str | None
    """The digest of the terms that were acknowledged."""
