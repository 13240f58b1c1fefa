"""For how many days records of use are kept before they are deleted, unless they are on hold.

What it does: `operate journal retire` deletes whole segments that are older; what is kept longer is a failure of availability.
Why it matters: too short, and an incident cannot be explained; too long, and personal data lies about without need.
"""

from __future__ import annotations

from tetrapylon.system.setting import Kind, Value, parse_number

NAME = "journal-retention-days"
KIND: Kind = "number"
SAFE: Value = 190
WHY = "the EU's AI Act asks for six months of logs at least (Articles 19 and 26), and a week of grace comes on top"
RISK = "an incident can no longer be explained, or personal data is kept longer than there is a reason for"
GOOD = ("190", "365", "730")
BAD = ("30", "183", "731", "3651", "0", "half a year")

_LEAST, _MOST = 184, 730
_LONGEST = 3_650


def parse(text: str) -> Value:
    """Return the number of days."""
    return parse_number(text, 1, _LONGEST)


def is_safe(value: Value) -> bool:
    """Return whether it is six months at least and two years at most."""
    return isinstance(value, int) and _LEAST <= value <= _MOST
