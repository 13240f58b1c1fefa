"""Whether those who have to be called can be called: roles filled, and addresses that are addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tetrapylon.kernel.canonical import Json

_MAIL = re.compile(r"mailto:[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_PHONE = re.compile(r"tel:\+[0-9]{6,15}")
_PAGE = re.compile(r"https://(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?:/\S{0,500})?")


def is_contact(text: str) -> bool:
    """Return whether the text has the form of an address at which somebody can be reached; nobody is called."""
    return any(each.fullmatch(text) for each in (_MAIL, _PHONE, _PAGE))


def invalid(facts: Mapping[str, Json], roles: Iterable[str], authority: str | None) -> list[str]:
    """Return a sentence for each role that nobody fills, and for each address that is none."""
    said = []
    people = facts.get("person", ())
    for role in sorted(set(roles)):
        holders = [each for each in people if role in each.get("roles", ())]
        if not holders:
            said.append(f"nobody is declared as `{role}`")
        said += [f"`{each['id']}`, who is `{role}`, has no address" for each in holders if not is_contact(str(each.get("contact", "")))]
    if authority is None:
        said.append("`incidents.toml` names no authority to report to")
    elif not is_contact(authority):
        said.append("the authority's address is none")
    return said
