"""Dates of birth: a day that was, of somebody who may be alive."""

from __future__ import annotations

from datetime import date

GOOD = ("born on 12.08.1974", "DOB: 1974-08-12", "date of birth 08/31/1999")
BAD = ("born on 45.13.1974", "DOB 12/12/3024", "born 1974")


def check(text: str) -> bool:
    """Return whether the numbers in the text are a day between 1900 and 2030, whatever their order."""
    numbers = [int(each) for each in "".join(each if each.isdecimal() else " " for each in text).split()]
    if len(numbers) != 3:
        return False
    first, second, third = numbers
    orders = ((first, second, third),) if first > 31 else ((third, second, first), (third, first, second))
    return any(_was(*each) for each in orders)


def _was(year: int, month: int, day: int) -> bool:
    if not 1900 <= year <= 2030:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
