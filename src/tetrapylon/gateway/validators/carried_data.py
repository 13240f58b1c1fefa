"""Addresses that carry data: a long value that is encoded and no word."""

from __future__ import annotations

GOOD = ("https://collector.example/p?d=QWxsIHRoZSBzZWNyZXRzIG9mIHRoZSBjb21wYW55IGFyZSBoZXJlMTI",)
BAD = (
    "https://news.example/2024/05/a-long-title-of-an-article-with-many-words-in-it-for-readers?ref=home",
    "https://shop.example/?q=shoes",
)


def check(text: str) -> bool:
    """Return whether the longest value in the query or path of the address looks encoded."""
    rest = text.partition("://")[2].partition("/")[2]
    longest = max(
        "".join(each if each.isalnum() or each in "+_%=-" else " " for each in rest.replace("&", " ").replace("=", " ")).split() or [""],
        key=len,
    )
    if len(longest) < 40:
        return False
    cases = any(map(str.isupper, longest)) + any(map(str.islower, longest)) + any(map(str.isdecimal, longest))
    return cases >= 2 and longest.count("-") < len(longest) / 8
