"""E-mail addresses: not of the domains that are kept for examples, and not of a role that anybody may write to."""

from __future__ import annotations

GOOD = ("m.okafor@mailbox.co.uk", "jane_doe+tag@firm.io")
BAD = ("someone@example.org", "support@firm.io", "a@b.example", "x@y.123")

_EXAMPLES = ("example", "test", "invalid", "localhost", "example.com", "example.org", "example.net", "local", "internal")
_ROLES = {
    "info",
    "support",
    "contact",
    "help",
    "sales",
    "security",
    "privacy",
    "press",
    "noreply",
    "no-reply",
    "webmaster",
    "postmaster",
    "abuse",
    "admin",
    "office",
    "service",
    "hello",
    "team",
    "feedback",
    "jobs",
    "billing",
}


def check(text: str) -> bool:
    """Return whether the text is the address of a person."""
    local, _, domain = text.lower().rpartition("@")
    reserved = any(domain == each or domain.endswith(f".{each}") for each in _EXAMPLES)
    return not reserved and local not in _ROLES and domain.rpartition(".")[2].isalpha() and ".." not in text
