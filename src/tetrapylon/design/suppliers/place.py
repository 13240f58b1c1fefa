"""Addresses: whose they are."""

from __future__ import annotations

from urllib.parse import urlsplit

from tetrapylon.outside import asking


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def is_loopback(url: str) -> bool:
    """Return whether the address can only be this machine."""
    try:
        return asking.is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def security_txt(endpoint: str) -> str:
    """Return where an address's owner says how weaknesses are reported (RFC 9116)."""
    return f"{origin_of(endpoint)}/.well-known/security.txt"
