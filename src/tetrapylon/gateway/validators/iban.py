"""International bank account numbers: length by country and the remainder by 97 (ISO 13616)."""

from __future__ import annotations

GOOD = ("GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "NL91 ABNA 0417 1643 00")
BAD = ("GB82 WEST 1234 5698 7654 33", "XX82WEST12345698765432", "DE89")

_COUNTRIES = (
    "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 DK:18 DO:28 EE:20 EG:29 ES:24 "
    "FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LI:21 "
    "LT:20 LU:20 LV:21 MC:27 MD:24 ME:22 MK:19 MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SE:24 "
    "SI:19 SK:24 SM:27 TN:24 TR:26 UA:29 VA:22 XK:20"
)
_LENGTHS = dict(each.split(":") for each in _COUNTRIES.split())


def check(text: str) -> bool:
    """Return whether the text is an account number of a country that is known."""
    number = "".join(text.split()).upper()
    length = int(_LENGTHS.get(number[:2], 0))
    if len(number) < length or not length or not number.isascii() or not number.isalnum():
        return False
    # A pattern may have taken a word too many; the country says where the number ends.
    turned = number[4:length] + number[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1
