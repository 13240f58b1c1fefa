"""What decides, looks and watches in a system that is served: the guards, the policies and the counters that it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tetrapylon.gateway.guarding import build_guards
from tetrapylon.gateway.start import Parts
from tetrapylon.kernel.errors import UndecidedError

if TYPE_CHECKING:
    from tetrapylon.app.serving import Serving


def build_parts(serving: Serving) -> Parts:
    """Return the parts for a system.

    Raises:
        TetrapylonError: one of them cannot be built from what the manifest declares.
    """
    guards = build_guards(serving.project.facts, serving.project.root)
    del guards
    raise UndecidedError("there is nothing yet that authorises", code="no-authoriser")
