"""The report as people meet it: one page that says what is, asks nobody, and shows whatever anybody wrote as text."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.integration.conftest import ROOT, Desk, Ended, flip
from tetrapylon.app.report.gather import Report, gather
from tetrapylon.app.report.markdown import MARK, markdown
from tetrapylon.app.report.page import report_page
from tetrapylon.cli.__main__ import main
from tetrapylon.kernel.text import printable_lines

VOID = {"meta", "br", "hr", "col", "wbr"}


class Page(HTMLParser):
    """A page as a browser takes it apart; what is not balanced fails."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.text: list[str] = []
        self.feed(data.decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        found = dict(attrs)
        if "id" in found:
            self.ids.append(str(found["id"]))
        self.references += str(found.get("aria-labelledby") or "").split()
        if tag == "a":
            self.references.append(str(found["href"])[1:])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


@dataclasses.dataclass(frozen=True)
class Inside(Desk):
    """A desk whose commands run in this process, which spares a second for each."""

    def run(self, *arguments: str | Path, **extra: Any) -> Ended:
        assert extra == {}
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([str(arguments[0]), *map(str, arguments[1:]), "-C", str(self.root)])
        return Ended(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def _decided(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("decided") / "cheque-desk"
    shutil.copytree(_assessed, root)
    assert Inside(root).run("gate").code == 0
    return root


@pytest.fixture
def desk(_decided: Path, tmp_path: Path) -> Inside:
    """An assessed and released copy of the example."""
    shutil.copytree(_decided, tmp_path / "cheque-desk")
    return Inside(tmp_path / "cheque-desk")


@pytest.fixture(scope="module")
def same(_decided: Path) -> Inside:
    """The copy itself, for tests that change nothing."""
    return Inside(_decided)


def report_of(desk: Desk, now: str = "2031-01-01T00:00:00Z") -> Report:
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project

    project = open_project(desk.root)
    return gather(project, policy(project), now)


def test_the_page_is_whole_and_asks_nobody(same: Inside, tmp_path: Path) -> None:
    ended = same.run("report", "--out", tmp_path / "r.html", "--open", "no")
    assert ended.code == 0
    data = (tmp_path / "r.html").read_bytes()
    page = Page(data)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.references) <= set(page.ids)
    assert not {"script", "link", "iframe", "img", "object"} & {tag for tag, _ in page.tags}
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in data.decode().replace("&#39;", "'")
    assert re.findall(rb"(?:src|href|action)=\"(?!#)", data) == []
    assert re.findall(rb"url\((?!#)", data) == []
    assert b"@import" not in data
    assert b"compliant" not in data.lower()
    said = " ".join(page.text)
    for wanted in ("released", "DEMONSTRATION: no person signed this", "Data flows", "Threats", "Posture board", "Decision", "Evidence"):
        assert wanted in said


def test_the_verdict_is_about_the_files_as_they_are(desk: Inside, tmp_path: Path) -> None:
    flip(desk.weights)
    found = desk.run("report", "--json", "--out", tmp_path / "r.html")
    assert (found.code, found.json["verdict"]) == (0, "could not decide")
    assert (found.json["decision"]["verdict"], found.json["decision"]["current"]) == ("released", False)
    assert "this release has not been decided" in (tmp_path / "r.html").read_text()


def test_a_decision_that_does_not_follow_is_broken_integrity(same: Inside) -> None:
    report = report_of(same)
    assert report.recorded is not None
    broken = dataclasses.replace(report, recorded=dataclasses.replace(report.recorded, same=False))
    assert (report.exit, broken.exit) == (0, 4)
    assert "could not be made again" in report_page(broken).decode()


def test_a_damaged_log_gives_no_report(desk: Inside, tmp_path: Path) -> None:
    envelope = next(path for path in (desk.root / ".tetrapylon" / "ledger" / "envelopes").rglob("*") if path.is_file())
    flip(envelope)
    assert desk.run("report", "--out", tmp_path / "r.html").code == 4
    assert not (tmp_path / "r.html").exists()


def test_the_same_evidence_and_time_give_the_same_bytes(same: Inside) -> None:
    program = (
        "import sys; from tetrapylon.app.report.gather import gather; from tetrapylon.app.report.page import report_page;"
        "from tetrapylon.app.guidance import policy; from tetrapylon.app.project import open_project; from hashlib import sha256;"
        "p = open_project('.'); print(sha256(report_page(gather(p, policy(p), '2031-01-01T00:00:00Z'))).hexdigest())"
    )
    import os
    import subprocess
    import sys

    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=same.root,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(found) == 1
    assert str(same.root) not in report_page(report_of(same)).decode()


NAMED = frozenset(
    [
        *("title", "reason", "next", "effort", "predicate", "subjects", "signers", "practices", "owner", "label", "zone", "note"),
        *("kind", "crosses", "purpose", "id", "release", "why", "holder", "about"),
    ]
)
"""Fields that hold what somebody wrote; what is not here is a state, a time, a number or a digest."""

KEYS = frozenset({"state", "key", "source", "target", "number", "record", "digest", "severity", "choice", "standing", "way", "pillars"})


def poisoned(value: Any, text: str, name: str = "") -> Any:
    """Return the value with the text behind everything in it that somebody wrote."""
    if name in KEYS:
        return value
    if isinstance(value, str):
        return value + text if name in NAMED and not value.startswith("sha256:") else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {each.name: poisoned(getattr(value, each.name), text, each.name) for each in dataclasses.fields(value) if each.init}
        return dataclasses.replace(value, **changes)
    if isinstance(value, Mapping):
        return {key: poisoned(each, text, str(key)) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(poisoned(each, text, name) for each in value)
    return value


def hostile(report: Report, text: str) -> Report:
    decision = {**report.now.decision, "practices": poisoned(report.now.decision["practices"], text)}
    pillars = tuple(
        dataclasses.replace(
            pillar,
            title=pillar.title + text,
            guidelines=tuple(
                dataclasses.replace(
                    each, title=each.title + text, rows=tuple(dataclasses.replace(poisoned(row, text), id=row.id) for row in each.rows)
                )
                for each in pillar.guidelines
            ),
        )
        for pillar in report.pillars
    )
    assert report.threats is not None
    threats = dataclasses.replace(
        report.threats,
        threats=tuple(dataclasses.replace(each, title=each.title + text, reason=each.reason + text) for each in report.threats.threats[:5]),
        closed=tuple(dataclasses.replace(each, reason=each.reason + text, name=each.name + text) for each in report.threats.closed[:5]),
    )
    return dataclasses.replace(
        report,
        facts={**report.facts, "system": {**report.facts["system"], **dict.fromkeys(("id", "release", "purpose", "role"), f"x{text}")}},
        now=dataclasses.replace(report.now, decision=decision),
        pillars=pillars,
        proofs=poisoned(report.proofs, text),
        exemptions=poisoned(report.exemptions, text),
        threats=threats,
        pictures=poisoned(report.pictures, text),
        unshown=(f"something{text}",),
    )


def test_names_with_markup_in_every_field_stay_names(desk: Inside) -> None:
    desk.run("waive", "SV3.7", "--asset", "assistant-system", "--reason", "<b>", "--owner", "owner-1", "--expires", "2099-01-01")
    desk.run("assess")
    desk.run("gate")
    report = report_of(desk)
    plain = Page(report_page(hostile(report, "xx"))).tags

    @hypothesis_settings(max_examples=8)
    @given(st.text(st.characters(codec=None, exclude_characters="`"), min_size=1, max_size=20) | st.sampled_from(NASTY))
    def holds(text: str) -> None:
        found = Page(report_page(hostile(report, text)))
        assert found.tags == plain
        said = "".join(found.text)
        assert said.count(printable_lines(text)) > 100
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", said)

    holds()


NASTY = [
    "</title></style><script>alert(1)</script>",
    "' onload='x",
    '" onload="x',
    "<!--",
    "]]>",
    "\u202egnp.exe",
    "\x1b[2J\x00",
    "&amp;<b>",
]


def test_a_summary_in_markdown_holds_no_markup_of_others(same: Inside) -> None:
    report = report_of(same)
    for text in NASTY:
        found = markdown(hostile(report, f"{text} [a](http://b) ![c](d) @e #1 | <f> `g` www.h.example"))
        for line in (re.sub(r"(?<!\\)`[^`]*`", "code", each) for each in found.splitlines()):
            assert not re.search(r"(?<!\\)(?:!\[|\]\(|@e|#1\b)|(?<!\\)\[a|<(?!!-- tetrapylon)", line), line
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", found)


def test_a_summary_says_the_verdict_and_each_pillar(desk: Inside, tmp_path: Path) -> None:
    assert desk.run("report", "--markdown", tmp_path / "s.md").code == 0
    found = (tmp_path / "s.md").read_text()
    assert found.startswith(MARK)
    assert "## ✓ released: cheque-desk 1.0.0" in found
    assert found.count("| Secure ") == 4
    assert desk.run("report", "--markdown", "-").out.startswith(MARK)
    assert not (desk.root / ".tetrapylon" / "report.html").exists()


def schema(name: str) -> Any:
    return json.loads((ROOT / "docs" / "reference" / "schemas" / f"{name}.json").read_text())


def test_the_answers_fit_their_schemas(same: Inside) -> None:
    now = same.run("report", "--json").json
    jsonschema_rs.validate(schema("json-report"), now)
    today = now["timestamp"][:10]
    jsonschema_rs.validate(schema("json-report-period"), same.run("report", "--from", today, "--json").json)
    assert not jsonschema_rs.validator_for(schema("json-report")).is_valid({"schema": "tetrapylon/report/1"})


def test_nothing_but_an_earlier_report_is_written_over(desk: Inside, tmp_path: Path) -> None:
    (tmp_path / "mine.html").write_text("mine")
    refused = desk.run("report", "--out", tmp_path / "mine.html")
    assert (refused.code, (tmp_path / "mine.html").read_text()) == (2, "mine")
    assert "is not a report" in refused.err
    assert desk.run("report", "--out", tmp_path / "new" / "r.html").code == 0
    assert desk.run("report", "--out", tmp_path / "new" / "r.html").code == 0
    assert desk.run("report").code == 0
    assert (desk.root / ".tetrapylon" / "report.html").is_file()
    assert "report*.html" in (desk.root / ".tetrapylon" / ".gitignore").read_text()


def test_a_period_is_told_with_gaps_failures_exceptions_and_samples(desk: Inside, tmp_path: Path) -> None:
    flip(desk.weights)
    desk.run("assess")
    desk.run("gate")
    desk.run("waive", "SV3.7", "--asset", "digit-reader", "--reason", "=cmd|' /C calc'!A0", "--owner", "owner-1", "--expires", "2099-01-01")
    desk.run("assess")
    last = desk.run("gate", "--json").json
    today = last["timestamp"][:10]
    ended = desk.run(
        "report", "--from", "2026-01-01", "--to", today, "--samples", "5", "--out", tmp_path / "p.html", "--csv", tmp_path / "p.csv"
    )
    assert ended.code == 0, ended.err
    found = desk.run("report", "--from", "2026-01-01", "--to", today, "--samples", "5", "--json").json
    assert [each["same"] for each in found["decisions"]] == [True] * 3
    assert found["gaps"][0]["practice"] == "every practice"
    assert "SV2.6" in {each["practice"] for each in found["failures"]}
    assert [each["practice"] for each in found["exceptions"]] == ["SV3.7"]
    assert found["exceptions"][0]["owner"] == "owner-1"
    assert found["states"]["SP2.3"][-1]["state"] == {each["id"]: each["state"] for each in last["practices"]}["SP2.3"]
    assert len(found["samples"]["records"]) == 5
    shown = desk.run(*found["samples"]["records"][0]["verify"].split()[1:])
    assert (shown.code, "whose key was valid then" in shown.out) == (0, True)
    assert {each["holder"] for each in found["keys"]} >= {"build", "risk-owner"}
    sheet = (tmp_path / "p.csv").read_bytes()
    assert sheet.startswith(b'\xef\xbb\xbf"kind"')
    assert b"\"'=cmd|" in sheet
    assert f"seed {found['samples']['seed']}" in ended.out
    Page((tmp_path / "p.html").read_bytes())


def test_an_auditor_draws_the_same_sample_twice(same: Inside) -> None:
    today = same.run("report", "--json").json["timestamp"][:10]
    one, two = (same.run("report", "--from", today, "--seed", "mine", "--samples", "3", "--json").json["samples"] for _ in range(2))
    assert one == two
    assert one["seed"] == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2026-01-01", "--to", "2099-01-01"], "there is no evidence of the future"),
        (["--from", "2099-01-01", "--to", "2099-01-02"], "there is no evidence of the future"),
        (["--from", "2026-02-01", "--to", "2026-01-01"], "before it begins"),
        (["--from", "yesterday"], "is not a day"),
        (["--to", "2026-01-01"], "--from DATE"),
        (["--csv", "x.csv"], "--from DATE"),
        (["--from", "2026-01-01", "--markdown", "-"], "not about a period"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_with_a_hint(same: Inside, arguments: list[str], said: str) -> None:
    ended = same.run("report", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert "hint: " in ended.err


def test_explaining_names_the_records_their_age_and_what_renews_them(same: Inside) -> None:
    found = same.run("explain", "SP2.3")
    assert re.search(r"^  \d+: integrity-check about digit-reader, observed \S+Z \(\w", found.out, re.MULTILINE)
    assert "renewed by: tetrapylon assess" in found.out
    data = same.run("explain", "SP2.3", "--json").json
    assert {each["predicate"] for each in data["evidence"]} == {"integrity-check"}


def test_one_record_is_checked_and_shown_whole(same: Inside) -> None:
    found = same.run("log", "show", "--record", "0", "--json").json
    assert found["schema"] == "tetrapylon/log-record/1"
    assert found["statement"]["event"] == "trained"
    assert same.run("log", "show", "--record", "99999").code == 3


def test_progress_is_one_line_for_each_step_where_nobody_looks(desk: Inside) -> None:
    ended = desk.run("assess")
    assert "\x1b" not in ended.err + ended.out
    assert "\r" not in ended.err
    assert [each.partition(":")[0] for each in ended.err.splitlines()].count("deploy.integrity") == 1
    assert max(len(each) for each in ended.out.splitlines()) <= 80
