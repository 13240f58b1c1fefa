"""How far data goes when it is sent to an address, as far as the address itself says."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK, PRIVATE, OUTSIDE = "this machine", "a private network", "the outside"
ZONES = (LOOPBACK, PRIVATE, OUTSIDE)
"""Ascending."""


def zone_of(url: str) -> str:
    """Return the zone of an address; a name that is not of this machine may lead anywhere."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return LOOPBACK
    try:
        found = ip_address(host)
    except ValueError:
        return OUTSIDE
    if found.is_loopback:
        return LOOPBACK
    return PRIVATE if found.is_private or found.is_link_local else OUTSIDE
