"""Personal data in text: e-mail addresses, account numbers and card numbers, each with its own check against false alarms."""

from __future__ import annotations

import re

# No quantifier stands inside another, and every one is bounded: the time is linear in the text.
_MAIL = re.compile(rb"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_ACCOUNT = re.compile(rb"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(rb"\b[0-9](?:[ -]?[0-9]){12,18}\b")

_MOST = 1 << 20
"""Bytes of a body that are looked at."""


def personal_data(body: bytes) -> list[str]:
    """Return which kinds of personal data stand in the body: `e-mail`, `account`, `card`."""
    text = body[:_MOST]
    found = []
    if any(not _reserved(each.group()) for each in _MAIL.finditer(text)):
        found.append("e-mail")
    if any(_is_account(each.group()) for each in _ACCOUNT.finditer(text)):
        found.append("account")
    if any(_is_card(each.group()) for each in _CARD.finditer(text)):
        found.append("card")
    return found


def _reserved(mail: bytes) -> bool:
    """Whether it is nobody's address: `.invalid` names can never exist (RFC 2606), so redaction may put them."""
    return mail.lower().endswith(b".invalid")


def _is_account(text: bytes) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616: 97 divides with remainder 1)."""
    bare = text.replace(b" ", b"").decode("ascii")
    if not 15 <= len(bare) <= 34:  # noqa: PLR2004 - ISO 13616
        return False
    digits = "".join(str(int(each, 36)) for each in bare[4:] + bare[:4])
    return int(digits) % 97 == 1


def _is_card(text: bytes) -> bool:
    """Whether the check digit of a card number is right (Luhn), and it is not one digit again and again."""
    digits = [each - 48 for each in text if 48 <= each <= 57]  # noqa: PLR2004 - ASCII digits
    doubled = [each if place % 2 == 0 else each * 2 - 9 * (each > 4) for place, each in enumerate(reversed(digits))]  # noqa: PLR2004
    return len(set(digits)) > 1 and sum(doubled) % 10 == 0
