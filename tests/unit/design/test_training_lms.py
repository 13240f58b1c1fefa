"""What a training system exports is a file from outside: each row is taken or refused, and nothing is repaired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.design.threats.training import lms
from tetrapylon.design.threats.training.lms import MOST_BYTES, Refused, Row, read_export
from tetrapylon.design.threats.training.module import shipped
from tetrapylon.design.threats.training.news import stub
from tetrapylon.kernel.errors import UsageError

MODULES = {**shipped(), "digest": stub()}
COURSE = MODULES["secure-coding"].course
FACTS = {
    "person": [
        {"id": "ada", "roles": ["developer"], "contact": "mailto:Ada@desk.example.org"},
        {"id": "bo", "roles": ["developer"], "contact": "mailto:team@desk.example.org"},
        {"id": "cy", "roles": ["developer"], "contact": "mailto:team@desk.example.org"},
    ]
}
TODAY = "2026-11-28"


def read(data: bytes | str) -> tuple[list[Row], list[Refused]]:
    return read_export(data.encode() if isinstance(data, str) else data, FACTS, MODULES, TODAY, 365)


def one(person: str = "ada", module: str = COURSE, score: str = "90", completed: str = "2026-11-01") -> tuple[list[Row], list[Refused]]:
    return read(f"person,module,score,completed\n{person},{module},{score},{completed}\n")


def test_what_fits_is_taken() -> None:
    rows, refused = one()
    assert refused == []
    assert [(each.line, each.person, each.module.id, each.score, each.completed, each.practical) for each in rows] == [
        (2, "ada", "secure-coding", 0.9, "2026-11-01", "unknown")
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_other_spellings_of_the_same_export(separator: str) -> None:
    head = separator.join(["Completed", "PERSON", "module", "score", "practical", "department"])
    row = separator.join(["2026-11-01T10:00:00Z", "ada@desk.example.org", COURSE, "100.00", "Yes", "R&D"])
    rows, refused = read(b"\xef\xbb\xbf" + f"{head}\r\n\r\n{row}\r\n".encode())
    assert (len(rows), refused) == (1, [])
    assert (rows[0].person, rows[0].score, rows[0].practical, rows[0].line) == ("ada", 1.0, "correct", 3)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"person": "=HYPERLINK(1)"}, "`person` begins as a formula does"),
        ({"person": " @ada"}, "begins as a formula does"),
        ({"score": "-5"}, "`score` begins as a formula does"),
        ({"score": "+95"}, "begins as a formula does"),
        ({"person": "mallory"}, "`mallory` is no person of the manifest"),
        ({"person": "team@desk.example.org"}, "is no person of the manifest"),
        ({"person": ""}, "is no person of the manifest"),
        ({"person": "a" * 201}, "is longer than 200 characters"),
        ({"person": "ad\u200ba"}, "characters that cannot be seen"),
        ({"score": "100.01"}, "no score from 0 to 100"),
        ({"score": "999"}, "no score from 0 to 100"),
        ({"score": "1e2"}, "no score from 0 to 100"),
        ({"score": "nan"}, "no score from 0 to 100"),
        ({"score": "٩٠"}, "no score from 0 to 100"),
        ({"score": ""}, "no score from 0 to 100"),
        ({"completed": "2026-11-29"}, "is still to come"),
        ({"completed": "2025-11-01"}, "more than 365 days ago"),
        ({"completed": "2026-02-30"}, "is no day such as"),
        ({"completed": "11/01/2026"}, "is no day such as"),
        ({"module": "secure-coding"}, f"does not say which version of `secure-coding` it was; now it is `{COURSE}`"),
        ({"module": "secure-coding@000000000000"}, "is another version"),
        ({"module": MODULES["responsible-ai"].course.replace("responsible-ai", "secure-coding")}, "is another version"),
        ({"module": "alchemy@000000000000"}, "is no module that can be exported"),
        ({"module": stub().course}, "is no module that can be exported"),
    ],
)
def test_what_does_not_fit_is_refused_with_line_and_reason(cells: dict[str, str], why: str) -> None:
    rows, refused = one(**cells)
    assert rows == []
    assert [each.line for each in refused] == [2]
    assert why in refused[0].why


def test_rows_stand_alone() -> None:
    rows, refused = read(f"person,module,score,completed\nada,{COURSE},90,2026-11-01\nada,{COURSE}\nbo,{COURSE},80,2026-11-02\n")
    assert [each.line for each in rows] == [2, 4]
    assert refused == [Refused(3, "has 2 cells, which is not the number of columns")]


def test_doubles_count_once_and_contradictions_not_at_all() -> None:
    lines = [f"ada,{COURSE},90,2026-11-01", f"ada,{COURSE},90,2026-11-01", f"bo,{COURSE},50,2026-11-01", f"bo,{COURSE},95,2026-11-01"]
    rows, refused = read("\n".join(["person,module,score,completed", *lines]))
    assert [each.line for each in rows] == [2]
    assert [each.line for each in refused] == [3, 4, 5]
    assert refused[0].why == "says the same as line 2"
    assert refused[1].why == "lines 4, 5 disagree about the same person, module and day"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns"),
        (b"person,module,score\nada,x,1\n", "columns"),
        (b"person,module,score,completed,score\n", "columns"),
        ("person,module,score,completed\nada,x,1,2".encode("utf-16"), "not-text"),
        ("person,module,score,completed\nJos\u00e9,x,1,2".encode("latin-1"), "not-text"),
        (b"person,module,score,completed\nada,\0,1,2\n", "not-text"),
        (b'person,module,score,completed\n"ada,x,1,2\n', "not-csv"),
        (b"person,module,score,completed\n" + b"a" * 200_000, "not-csv"),
        (b" " * (MOST_BYTES + 1), "too-large"),
    ],
)
def test_what_is_no_export_is_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(data)
    assert caught.value.code == code


def test_rows_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lms, "MOST_ROWS", 2)
    assert len(read("person,module,score,completed\na,b,c,d\na,b,c,d\n")[1]) == 2
    with pytest.raises(UsageError, match="more than 2 rows"):
        read("person,module,score,completed\na,b,c,d\na,b,c,d\na,b,c,d\n")


CELL = st.one_of(st.sampled_from(["ada", COURSE, "90", "2026-11-01", "=1", '"', "\n", "\u2028", ""]), st.text(max_size=8))


@given(st.lists(st.lists(CELL, min_size=3, max_size=5), max_size=5))
def test_whatever_is_in_it_only_what_fits_is_taken(table: list[list[str]]) -> None:
    text = "person,module,score,completed\n" + "\n".join(",".join(row) for row in table)
    try:
        rows, refused = read(text.encode("utf-8", "replace"))
    except UsageError:
        return
    for each in rows:
        assert (each.person, each.module) == ("ada", MODULES["secure-coding"])
        assert 0 <= each.score <= 1
        assert each.completed <= TODAY
    assert len({each.line for each in rows} & {each.line for each in refused}) == 0
