"""Lessons on the example: what is PASS, and that breaking the real thing is seen."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Desk
from tetrapylon.app.guidance import policy
from tetrapylon.app.lessons import import_advisories, match_advisories, match_document, publish_advisories
from tetrapylon.app.project import open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import project_view
from tetrapylon.kernel.errors import MissingError, RefusedError
from tetrapylon.operate.lessons import work
from tetrapylon.outside.clock import SystemClock

MOVED = ("SO4.5", "SO4.6", "SP1.8")
PUBLISHED = "disclosure/.well-known/csaf"


def look(desk: Desk) -> dict[str, dict[str, Any]]:
    """Do this part's work of an assessment, and return the rows."""
    project = open_project(desk.root)
    held = Recorder(project, policy(project, "core"), None, now=SystemClock().now())
    held.file(list(work.observe(project_view(project, held.policy))))
    return desk.rows("core")


def export(folder: Path, *records: dict[str, Any]) -> Path:
    """Write an export of all advisories of an ecosystem; the fresh one about nothing here says that it is one."""
    now = SystemClock().now()
    package = {"ecosystem": "PyPI", "name": "nothing-of-ours"}
    other = {"id": "PYSEC-1", "modified": now, "published": now, "affected": [{"package": package, "versions": ["1.0"]}]}
    path = folder / "all.json"
    path.write_text(json.dumps([other, *records]))
    return path


def about_numpy(published: str, **changes: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9999"}]}]
    affected = [{"package": {"ecosystem": "PyPI", "name": "NumPy"}, "ranges": ranges}]
    return {"id": "PYSEC-2", "modified": published, "published": published, "affected": affected, **changes}


@pytest.fixture(scope="module")
def learned(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("learned") / "cheque-desk"
    shutil.copytree(_assessed, root)
    assert {look(Desk(root))["SP1.8"]["state"]} == {"UNKNOWN"}, "without an import nothing is claimed"
    publish_advisories(open_project(root), None)
    import_advisories(open_project(root), export(root.parent), ["pypi"])
    look(Desk(root))
    return Desk(root)


@pytest.fixture
def wrecked(learned: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(learned.root, tmp_path / "cheque-desk")
    return Desk(tmp_path / "cheque-desk")


def draft(desk: Desk, old: str, new: str) -> None:
    path = desk.root / "advisories" / "cheque-desk-2026-0001.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def unpublished(desk: Desk) -> None:
    shutil.rmtree(desk.root / PUBLISHED)


def said_otherwise(desk: Desk) -> None:
    draft(desk, "so slightly", "so much")


def not_enumerated(desk: Desk) -> None:
    draft(desk, 'no-cve = "the behaviour is published as a limitation of the model, and nobody assigned a CVE"\n', "")
    publish_advisories(open_project(desk.root), None)


def overdue(desk: Desk) -> None:
    import_advisories(open_project(desk.root), export(desk.root.parent, about_numpy("2026-01-01T00:00:00Z")), ["pypi"])


def one_file_only(desk: Desk) -> None:
    """Advisories that are no whole export: what they do not name was not checked."""
    shutil.rmtree(desk.root / ".tetrapylon" / "advisories")
    import_advisories(open_project(desk.root), export(desk.root.parent), [])


def old_export(desk: Desk) -> None:
    (kept,) = (desk.root / ".tetrapylon" / "advisories").glob("*.json")
    value = json.loads(kept.read_text())
    kept.write_text(json.dumps({**value, "newest": "2026-01-01T00:00:00Z"}))


CASES: list[tuple[str, Callable[[Desk], None], str, str]] = [
    ("SO4.5", unpublished, "FAIL", "schemaValid is false"),
    ("SO4.5", said_otherwise, "FAIL", "schemaValid is false"),
    ("SO4.6", not_enumerated, "FAIL", "enumerationComplete is false"),
    ("SP1.8", overdue, "FAIL", "overdue is 1"),
    ("SP1.8", one_file_only, "UNKNOWN", "unchecked is not known"),
    ("SP1.8", old_export, "UNKNOWN", "unchecked is not known"),
]


def test_lessons_are_pass_on_the_example(learned: Desk) -> None:
    rows = learned.rows("core")
    assert {each: rows[each]["state"] for each in MOVED} == dict.fromkeys(MOVED, "PASS"), [rows[each]["reason"] for each in MOVED]


@pytest.mark.parametrize(("practice", "wreck", "state", "reason"), CASES, ids=[f"{case[0]}-{case[1].__name__}" for case in CASES])
def test_breaking_the_real_thing_is_seen(wrecked: Desk, practice: str, wreck: Callable[[Desk], None], state: str, reason: str) -> None:
    wreck(wrecked)
    row = look(wrecked)[practice]
    assert (row["state"], reason in row["reason"]) == (state, True), row["reason"]


def test_a_weakness_that_was_looked_at_is_not_overdue(wrecked: Desk) -> None:
    overdue(wrecked)
    with (wrecked.root / "lessons.toml").open("a") as file:
        file.write(
            '\n[[not-affected]]\nadvisory = "PYSEC-2"\npackage = "numpy"\nreason = "not used"\nowner = "owner-1"\nuntil = "2099-01-01"\n'
        )
    assert look(wrecked)["SP1.8"]["state"] == "PASS"
    (match,) = [each for lock in match_advisories(open_project(wrecked.root)).locks for each in lock.matches]
    assert match.decided == "not used"


def test_published_documents_name_this_model_and_are_laid_out_as_a_publisher_does(learned: Desk) -> None:
    from csaf import audit_tree

    folder = learned.root / PUBLISHED / "white"
    # The package reads the two columns of `changes.csv` the other way round than CSAF 2.0, 7.1.13 has them: name, then time.
    assert {each.rule for each in audit_tree(str(folder)).violations} <= {"changes-csv"}
    changes = list(csv.reader((folder / "changes.csv").read_text("utf-8").splitlines()))
    assert all((folder / name).is_file() for name, _ in changes)
    assert [time for _, time in changes] == sorted((time for _, time in changes), reverse=True)
    assert len(changes) == len(list(folder.glob("*/*.json")))
    (advisory,) = folder.glob("*/*0001.json")
    assert [each.id for each in match_document(open_project(learned.root), advisory)] == ["digit-reader", "digit-reader-weights"]


def test_an_advisory_that_is_not_valid_is_not_published(wrecked: Desk) -> None:
    draft(wrecked, 'cwe = "CWE-1039"', 'cwe = "CWE-1039"\ncwe-name = "Something else"')
    before = sorted(each.read_bytes() for each in (wrecked.root / PUBLISHED).rglob("*.json"))
    with pytest.raises(RefusedError) as refused:
        publish_advisories(open_project(wrecked.root), None)
    assert refused.value.code == "not-valid"
    assert sorted(each.read_bytes() for each in (wrecked.root / PUBLISHED).rglob("*.json")) == before


def test_without_an_import_matching_says_so(wrecked: Desk) -> None:
    shutil.rmtree(wrecked.root / ".tetrapylon" / "advisories")
    with pytest.raises(MissingError) as missing:
        match_advisories(open_project(wrecked.root))
    assert missing.value.code == "nothing-imported"
