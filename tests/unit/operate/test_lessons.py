"""Advisories built and read, versions compared, reports taken as text, and cases with their clocks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import MissingError, RefusedError, TetrapylonError, UsageError
from tetrapylon.operate.lessons.cases import Case, cases, payload, pseudonym, step
from tetrapylon.operate.lessons.csaf import Subject, complete, digests_of, document
from tetrapylon.operate.lessons.cvss import base_score, scored
from tetrapylon.operate.lessons.draft import About, Draft, Intake, Publisher, Remedy, Revision, Unaffected
from tetrapylon.operate.lessons.others import from_json, read_foreign
from tetrapylon.operate.lessons.report import MOST, plain, read_report
from tetrapylon.operate.lessons.versions import affects, npm_key, python_key
from tetrapylon.outside.view import Known
from tetrapylon.system.assets import Asset


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
        ("AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),
        ("AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0),
    ],
)
def test_scores_are_those_of_the_specification(vector: str, score: float) -> None:
    assert base_score(f"CVSS:3.1/{vector}") == score


@pytest.mark.parametrize(
    "vector", ["", "CVSS:3.1/", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AC:L/AV:N", "CVSS:3.1/AV:X/AC:L"]
)
def test_what_is_no_vector_is_refused(vector: str) -> None:
    with pytest.raises(UsageError):
        scored(vector)


def test_python_versions_are_in_the_order_of_pep_440() -> None:
    order = ["1.dev1", "1.0a1.dev1", "1a1", "1.0b2", "1rc1", "1.0", "1.0+abc.5", "1.0+5", "1.post1.dev2", "1.post1", "1.1", "1.10", "1!0.1"]
    keys = [python_key(each) for each in order]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]  # None was excluded
    assert python_key("1.0") == python_key("v1.0.0") == python_key("1")
    assert python_key("1.0-1") == python_key("1.0.post1")
    assert python_key("1.x") is None


def test_npm_versions_are_in_the_order_of_semver() -> None:
    order = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0"]
    keys = [npm_key(each) for each in order]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]  # None was excluded
    assert npm_key("1.0.0+a") == npm_key("1.0.0")
    assert npm_key("1.0") is None


@pytest.mark.parametrize(
    ("version", "answer"),
    [
        ("0.9", False),
        ("1.0", True),
        ("1.9.9", True),
        ("2.0", False),
        ("2.0rc1", True),
        ("3.0", False),
        ("3.1", True),
        ("3.2", True),
        ("3.3", False),
        ("odd", None),
    ],
)
def test_ranges_hold_what_they_say(version: str, answer: bool | None) -> None:
    ranges = [[("fixed", "2.0"), ("introduced", "1.0")], [("introduced", "3.1"), ("last_affected", "3.2")]]
    assert affects("pypi", version, [], ranges) is answer


def test_a_listed_version_is_affected_however_it_is_spelled() -> None:
    assert affects("pypi", "1.0", ["1.0.0"], []) is True
    assert affects("pypi", "odd", ["odd"], []) is True
    assert affects("pypi", "1.0", [], []) is False


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_version_breaks_the_comparison(one: str, other: str) -> None:
    for key in (python_key, npm_key):
        first, second = key(one), key(other)
        if first is not None and second is not None:
            assert (first < second) + (first == second) + (first > second) == 1


ASSET = Asset("model-file", "reader", sha256(b"reader"), "models/reader.onnx")
PROMPT = Asset("prompt", "desk", sha256(b"desk"), "prompts/desk.md")


def draft(**changes: Any) -> Draft:
    facts: dict[str, Any] = {
        "schema": "tetrapylon/advisory/1",
        "id": "DESK-2026-1",
        "title": "A title",
        "summary": "What it is",
        "revision": (Revision(date="2026-11-01T09:00:00Z", summary="First"), Revision(date="2026-11-02T09:00:00Z", summary="Second")),
        "cwe": "CWE-1427",
        "no_cve": "none was asked for",
        "cvss": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "affected": (About(asset="reader", release="1.0.0"),),
        "not_affected": (Unaffected(asset="desk", release="1.0.0", justification="component_not_present", impact="Not in it"),),
        "remedy": (Remedy(kind="mitigation", text="Look twice"),),
    }
    return Draft(**{**facts, **changes})


def subject() -> Subject:
    return Subject("desk", Publisher(name="Desk", namespace="https://desk.example.org"), "1.0", _resolve)


def _resolve(about: About) -> Asset:
    return {"reader": ASSET, "desk": PROMPT}[about.asset]


def test_a_document_names_digests_and_says_the_same_each_time() -> None:
    made = document(draft(), subject(), "csaf_vex")
    assert made == document(draft(), subject(), "csaf_vex")
    assert digests_of(made) == sorted([ASSET.digest, PROMPT.digest])
    (read,) = read_foreign(made)
    assert read.digests == (ASSET.digest,), "what is not affected is not"
    assert read.severity == "critical"
    assert from_json(read.as_json()) == read


def test_an_identifier_is_given_or_the_reason_why_not() -> None:
    assert complete(draft()) == []
    assert complete(draft(no_cve=None, cwe=None, cvss=None)) == ["cve", "cwe", "cvss"]
    with pytest.raises(MissingError) as error:
        document(draft(cwe="CWE-999"), subject(), "csaf_vex")
    assert error.value.code == "no-cwe-name"


def test_osv_is_read_and_what_was_withdrawn_is_not() -> None:
    record = {
        "id": "PYSEC-1",
        "modified": "2026-11-01T00:00:00.123Z",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": "Left_Pad"}, "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}],
    }
    (found,) = read_foreign(record)
    assert (found.severity, found.concerns[0].name, found.concerns[0].ranges, found.modified) == (
        "critical",
        "left-pad",
        (),
        "2026-11-01T00:00:00Z",
    )
    assert read_foreign({**record, "withdrawn": "2026-11-02T00:00:00Z"}) == []


KEYS = [
    "id",
    "modified",
    "affected",
    "package",
    "ranges",
    "events",
    "versions",
    "severity",
    "document",
    "csaf_version",
    "tracking",
    "vulnerabilities",
    "product_tree",
    "product_status",
    "known_affected",
    "scores",
    "cvss_v3",
    "database_specific",
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_foreign_advisories_of_any_shape_are_read_or_refused(value: Any) -> None:
    try:
        for each in read_foreign(value):
            assert from_json(each.as_json()) == each
    except TetrapylonError:
        pass


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<html><head><title>x</title></head><body><p>One</p><p>Two &amp; three</p></body>", "One\nTwo & three"),
        ("<p>a<script>alert('b')</script>c</p>", "ac"),
        ("<p>a<SCRIPT>never closed", "a"),
        ("<p>a<!-- hidden -->b", "ab"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;", "\u2039script>alert(1)\u2039/script>"),
        ("<p>\x1b[31mred\u202e", "\\u001b[31mred\\u202e"),
    ],
)
def test_markup_becomes_text(page: str, text: str) -> None:
    assert plain(page) == text


@pytest.mark.parametrize("unit", ["<", "<script", "<!--", "</p>", "&lt;", "<p a=", "<scr<script>ipt>"])
def test_a_large_report_of_markup_is_taken_in_moments(unit: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with path.open("wb") as file:
        file.write(b"<html><p>Hello</p>" + (unit * MOST).encode()[:MOST])
        file.truncate(100_000_000 if unit == "</p>" else MOST + 1)
    began = time.process_time()
    report = read_report(path)
    assert report.trimmed
    assert report.markup
    assert "<" not in report.text
    assert report.text.startswith("Hello")
    assert time.process_time() - began < 4


POLICY = Intake()


def test_a_case_goes_its_way_and_leaves_a_lesson() -> None:
    known = [said("received", "2026-11-01T00:00:00Z")]
    held = cases(known)
    assert held["case-1"].overdue(POLICY, "2026-11-03T23:59:59Z") == []
    assert held["case-1"].overdue(POLICY, "2026-11-04T00:00:01Z") == ["acknowledged"]
    with pytest.raises(RefusedError) as wrong:
        step(held, "case-1", "fixed", None, "2026-11-02T00:00:00Z")
    assert wrong.value.code == "wrong-step"
    acknowledged = step(held, "case-1", "acknowledged", None, "2026-11-02T00:00:00Z")
    counted = payload(acknowledged, "acknowledged", held, POLICY, "2026-11-02T00:00:00Z")
    assert (counted["acknowledgedHours"], counted["open"], counted["overdue"]) == (24.0, 1, 0)
    known += [said(event, "2026-11-02T00:00:00Z") for event in ("acknowledged", "triaged", "fixed")]
    with pytest.raises(RefusedError) as no_lesson:
        step(cases(known), "case-1", "closed", None, "2026-11-03T00:00:00Z")
    assert no_lesson.value.code == "no-lesson"
    assert step(cases(known), "case-1", "closed", "regression r-7", "2026-11-03T00:00:00Z").lesson == "regression r-7"


def said(event: str, at: str) -> Known:
    return Known(1, {}, {"case": "case-1", "event": event, "report": "sha256:aa"}, at, at)


def test_nobody_is_named_in_the_log() -> None:
    case = Case("case-1", "sha256:aa", pseudonym(b"salt", " Rita@Example.org"), "received", {"received": "2026-11-01T00:00:00Z"})
    found = payload(case, "received", {}, POLICY, "2026-11-01T00:00:00Z")
    assert "rita" not in str(found).lower()
    assert found["reporter"] == pseudonym(b"salt", "rita@example.org")
    assert found["reporter"] != pseudonym(b"other", "rita@example.org")
