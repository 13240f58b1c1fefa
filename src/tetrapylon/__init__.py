"""Tetrapylon: the guidelines for secure AI system development as running software.

`import tetrapylon` costs nothing: a name is loaded from `tetrapylon.api` when it is first asked for (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tetrapylon.api import load_verified, training

__all__ = ["load_verified", "training"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from tetrapylon import api

        return getattr(api, name)
    raise AttributeError(f"module `tetrapylon` has no attribute `{name}`")


def __dir__() -> list[str]:
    return sorted(__all__)
