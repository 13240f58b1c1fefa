"""What users and researchers are told: security.txt, pages, duties, and settings that are not the safest."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.develop.projects import small
from tetrapylon.app.disclosure import publish
from tetrapylon.app.project import open_project
from tetrapylon.guidelines.catalogue import catalogue_object
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.kernel.shelf import package_text
from tetrapylon.responsibility.provider.decisions import Decisions, Guidance, Limitation, Security
from tetrapylon.responsibility.provider.defaults import compare
from tetrapylon.responsibility.provider.matrix import PARTIES, duties, matrix
from tetrapylon.responsibility.provider.pages import disclosure_page, plain, policy_page
from tetrapylon.responsibility.provider.securitytxt import check, renewed, security_txt
from tetrapylon.responsibility.provider.shipped import look

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECURITY = Security(
    contact=("mailto:security@desk.example.org",), canonical=("https://desk.example.org/.well-known/security.txt",), safe_harbour=True
)
GOOD = security_txt(SECURITY, NOW + timedelta(days=100))
SAID = """[security]
contact = ["mailto:security@desk.example.org"]
safe-harbour = true
[guidance]
uses = ["Reading *small* cheques"]
misuses = ["Judging people <b>at all</b>"]
[[limitation]]
id = "digits"
text = "It knows digits | only"
"""
HOSTED = '[[model]]\nid = "helper"\nendpoint = "https://models.example.org/v1"\n'
HOSTED += '[[tool]]\nid = "refund"\neffect = "irreversible"\napproval = "human"\n'


def test_a_file_that_is_written_is_valid() -> None:
    found = check(GOOD, NOW)
    assert (found.valid, found.expires) == (True, "2026-09-09T12:00:00Z")
    signed = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{GOOD}-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    )
    assert (check(signed, NOW).valid, check(signed, NOW).signed) == (True, True)
    assert check(f"# ours\n\n{GOOD}".replace("\n", "\r\n"), NOW).valid


@pytest.mark.parametrize(
    ("wreck", "why"),
    [
        (lambda text: text.replace("Contact:", "X-Contact:"), "no `Contact`"),
        (lambda text: text.replace("mailto:security@", "http://"), "no address"),
        (lambda text: re.sub(r"Expires:.*\n", "", text), "no `Expires`"),
        (lambda text: text.replace("2026-09-09", "2026-05-09"), "expired"),
        (lambda text: text.replace("2026-09-09", "2027-09-09"), "more than a year"),
        (lambda text: text.replace("2026-09-09", "2026-02-30"), "no `Expires`"),
        (lambda text: text + "Expires: 2026-07-01T00:00:00Z\n", "more than once"),
        (lambda text: text.replace("Canonical: https", "Canonical: http"), "not `https`"),
        (lambda text: text + "<html>\n", "neither a field nor a comment"),
        (lambda text: text.replace("Preferred-Languages: en", "Preferred-Languages: en\nPreferred-Languages: nl"), "more than once"),
    ],
)
def test_what_the_standard_forbids_is_seen(wreck: Callable[[str], str], why: str) -> None:
    assert wreck(GOOD) != GOOD
    found = check(wreck(GOOD), NOW)
    assert not found.valid
    assert any(why in each for each in found.problems), found.problems


def test_a_file_that_is_good_for_long_stays_as_it_is() -> None:
    assert renewed(SECURITY, NOW, GOOD) == GOOD
    late = NOW + timedelta(days=60)
    assert check(renewed(SECURITY, late, GOOD), late).valid
    assert renewed(SECURITY, late, GOOD) != GOOD
    assert renewed(SECURITY, NOW, GOOD.replace("desk.example.org", "other.example.org")) != GOOD


@given(st.text(max_size=300))
def test_no_text_makes_the_check_fail(text: str) -> None:
    assert not check(text, NOW).valid


@given(st.text(min_size=1, max_size=80))
def test_what_people_wrote_stays_text(text: str) -> None:
    facts = {"system": {"id": "small", "release": "1.0.0", "role": "provider", "purpose": text}, "model": []}
    decisions = Decisions(guidance=Guidance(uses=(text,), misuses=(text,)), limitation=(Limitation(id="a", text=text),), security=SECURITY)
    for page in (disclosure_page(facts, decisions, [text], matrix(facts, decisions)), policy_page(facts, SECURITY)):
        assert not re.search(r"(?<!\\)(?:\\\\)*<", page)
        assert page.count("\n# ") == 1
    assert "\n" not in plain(text)


def test_duties_are_of_known_practices_and_parties() -> None:
    known = {each["id"] for each in catalogue_object(package_text("tetrapylon.guidelines", "catalogue.toml"))["practice"]}
    for each in duties():
        assert set(each["practices"]) <= known, each["id"]
        assert {each["answers"], each["building-on"], *each.get("helps", ()), *each.get("told", ())} <= set(PARTIES)


@pytest.mark.parametrize(("role", "defaults"), [("provider", "provider"), ("user", "supplier")])
def test_both_sides_have_duties(tmp_path: Path, role: str, defaults: str) -> None:
    view = small(tmp_path, HOSTED + '[[group]]\nid = "teller"\nmay = ["chat:helper"]\n')
    found = matrix({**view.facts, "system": {**view.facts["system"], "role": role}}, Decisions())
    by_id = {each["id"]: each for each in found["duties"]}
    assert by_id["safe-defaults"]["answers"] == defaults
    assert by_id["outputs:teller"]["answers"] == "user"
    assert by_id["approvals:refund"]["answers"] == "user"
    assert by_id["hosted-model:helper"]["answers"] == "supplier"
    assert {each["answers"] for each in found["duties"]} >= {"user", "supplier", "deployer"}


def test_what_is_published_is_complete_until_something_changes(tmp_path: Path) -> None:
    view = small(tmp_path, HOSTED, {"responsibility.toml": SAID})
    assert publish(open_project(tmp_path), None).missing == ()
    assert {name: value for name, value in look(view).answers.items() if value is not True} == {"expires": look(view).answers["expires"]}
    newer = small(
        tmp_path, HOSTED + '[[tool]]\nid = "lookup"\neffect = "read"\n', {"responsibility.toml": SAID.replace("digits |", "digits and |")}
    )
    changed = look(newer).answers
    assert (changed["aiScope"], changed["responsibilities"], changed["limitationsShipped"]) == (False, False, False)
    assert changed["guidanceShipped"] is True


def test_a_page_about_another_release_does_not_count(tmp_path: Path) -> None:
    small(tmp_path, HOSTED, {"responsibility.toml": SAID})
    publish(open_project(tmp_path), None)
    page = tmp_path / "disclosure" / "disclosure.md"
    page.write_text(page.read_text().replace('"1.0.0"', '"0.9.0"'))
    found = look(small(tmp_path, HOSTED))
    assert (found.answers["guidanceShipped"], found.answers["limitationsShipped"]) == (False, False)
    assert any("about release 0.9.0, not 1.0.0" in each for each in found.plain())


def test_nobody_but_a_person_consents_to_research(tmp_path: Path) -> None:
    small(tmp_path, HOSTED, {"responsibility.toml": SAID.replace("safe-harbour = true\n", "")})
    missing = publish(open_project(tmp_path), None).missing
    assert any("nobody consents to research" in each for each in missing)
    assert "Safe harbour" not in (tmp_path / "disclosure" / "security-policy.md").read_text()


def test_without_a_contact_nothing_is_written(tmp_path: Path) -> None:
    small(tmp_path)
    with pytest.raises(MissingError):
        publish(open_project(tmp_path), None)
    assert not (tmp_path / "disclosure").exists()


def test_a_file_that_cannot_be_read_is_no_answer(tmp_path: Path) -> None:
    view = small(tmp_path, HOSTED, {"responsibility.toml": SAID})
    publish(open_project(tmp_path), None)
    (tmp_path / "disclosure" / "disclosure.md").unlink()
    (tmp_path / "disclosure" / "disclosure.md").symlink_to("/etc/passwd")
    found = look(view)
    assert {"guidanceShipped", "limitationsShipped"}.isdisjoint(found.answers)
    assert any("symbolic link" in each for each in found.plain())


OPEN = "from flask import Flask\napp = Flask(__name__)\napp.run(host='0.0.0.0', debug=True)\n"


def test_unsafe_settings_of_the_users_system_count_until_somebody_takes_the_risk(tmp_path: Path) -> None:
    found = compare(small(tmp_path, files={"api.py": OPEN}))
    assert [each.setting for each in found.unexplained] == ["api.py:3 debug-server"]
    risk = '[[risk]]\nsetting = "debug-server"\npath = "api.py"\nreason = "a sample"\nowner = "owner-1"\nuntil = "{}"\n'
    taken = compare(small(tmp_path, files={"api.py": OPEN, "responsibility.toml": risk.format("2099-01-01")}))
    assert (taken.unexplained, [each.record for each in taken.unsafe]) == ((), ["a sample (owner-1, until 2099-01-01)"])
    assert compare(small(tmp_path, files={"responsibility.toml": risk.format("2020-01-01")})).unexplained != ()


def test_decisions_are_read_strictly(tmp_path: Path) -> None:
    for text in ('[security]\ncontact = ["javascript:alert(1)"]\n', "[security]\ncontact = []\nspeed = 1\n", '[guidance]\nuses = ["a"]\n'):
        with pytest.raises(UsageError):
            look(small(tmp_path, files={"responsibility.toml": text}))
