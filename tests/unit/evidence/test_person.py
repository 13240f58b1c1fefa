"""Whose key stands for whom."""

from __future__ import annotations

from typing import Any

import pytest

from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.person import stands_for
from tetrapylon.evidence.rootfile import Grant

PEOPLE = [{"id": "ada", "roles": ["owner"]}, {"id": "bo", "roles": ["developer"]}]


def grant(holder: str, roles: tuple[str, ...], *, demo: bool) -> Grant:
    key = PublicKey("ed25519", b"\1" * 32)
    return Grant(key, "raw", roles, holder, independent=False, not_before="", not_after="", revoked_at=None, demo=demo)


@pytest.mark.parametrize(
    ("holder", "roles", "demo", "facts", "person", "wanted"),
    [
        ("ada", ("owner",), False, {}, "ada", True),
        ("ada", ("owner",), False, {}, "bo", False),
        ("owner-demo", ("owner",), True, {"demo": True}, "ada", True),
        ("owner-demo", ("owner",), True, {"demo": True}, "bo", False),
        ("owner-demo", ("owner",), True, {}, "ada", False),
        ("owner", ("owner",), False, {"demo": True}, "ada", False),
        ("ada", ("owner",), False, {}, "nobody", False),
    ],
)
def test_a_key_stands_for_its_holder(
    holder: str, roles: tuple[str, ...], demo: bool, facts: dict[str, Any], person: str, wanted: bool
) -> None:
    assert stands_for(grant(holder, roles, demo=demo), person, {"system": facts, "person": PEOPLE}) is wanted
