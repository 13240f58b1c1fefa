"""Key performance indicators: how secure it was measured to be, and how it runs."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.develop.records.element import Element, Found, evidence
from tetrapylon.kernel.canonical import Json

NAME = "Key performance indicators"


def _security(bom: Mapping[str, Json]) -> Found:
    return evidence(
        bom, ("test-result", "input-defence-measurement", "integrity-check"), "nothing was measured yet; run `tetrapylon assess`"
    )


def _operation(bom: Mapping[str, Json]) -> Found:
    return evidence(bom, ("monitor-window",), "no window of operation was monitored")


ELEMENTS = (
    Element("security-metrics", "Security metrics", _security),
    Element("operational-performance", "Operational performance", _operation),
)
