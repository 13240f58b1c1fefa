"""Network addresses that lead to one place in the world: not private, not for examples."""

from __future__ import annotations

from ipaddress import ip_address

GOOD = ("91.198.174.192",)
BAD = ("192.168.0.1", "10.0.0.1", "203.0.113.9", "8.8.8.8", "300.1.1.1")


def check(text: str) -> bool:
    """Return whether the text is such an address."""
    try:
        found = ip_address(text)
    except ValueError:
        return False
    return found.is_global and str(found) not in {"8.8.8.8", "8.8.4.4", "1.1.1.1", "9.9.9.9"}
