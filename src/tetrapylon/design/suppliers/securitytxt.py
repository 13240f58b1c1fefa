"""Read a security.txt (RFC 9116) of somebody else: its first contact, and when it expires."""

from __future__ import annotations

from datetime import UTC, datetime

from tetrapylon.outside.clock import format_time

_LONGEST = 500


def read_security_txt(body: bytes) -> tuple[str | None, str | None]:
    r"""Return the first contact and the earliest expiry, as far as they are well-formed; None where they are not.

    >>> read_security_txt(b"Contact: mailto:a@b.example\nExpires: 2027-01-01T01:00:00+01:00\n")
    ('mailto:a@b.example', '2027-01-01T00:00:00Z')
    """
    contacts: list[str] = []
    ends: list[str] = []
    for line in body.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        value = value.strip()
        if colon and name.strip().lower() == "contact" and value.startswith(("mailto:", "https://", "tel:")) and value.isprintable():
            contacts.append(value[:_LONGEST])
        elif colon and name.strip().lower() == "expires":
            ends.append(_time(value) or "0001-01-01T00:00:00Z")
    return (contacts[0] if contacts else None), min(ends, default=None)


def _time(text: str) -> str | None:
    try:
        found = datetime.fromisoformat(text[:40])
        return None if found.tzinfo is None else format_time(found.astimezone(UTC))
    except (ValueError, OverflowError):
        return None
