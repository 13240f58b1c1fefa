"""`tetrapylon check` as a stranger meets it: true, ranked, silent where there is nothing, and never a traceback."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.integration.conftest import ROOT, Ended, tetrapylon
from tests.integration.stranger import EVIL, add_hostile, here, write

SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "json-check.json").read_text())


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return write(tmp_path / "repo")


def check(repo: Path, *arguments: str | Path) -> Ended:
    return here(repo, "check", *arguments)


def answer(repo: Path, *arguments: str | Path) -> dict[str, Any]:
    found = check(repo, "--json", *arguments)
    assert jsonschema_rs.validator_for(SCHEMA).is_valid(found.json), found.out
    assert found.json["exit"] == found.code
    return found.json


def rules(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["rule"], each["at"]) for each in found["findings"]]


def test_a_strangers_first_minute(repo: Path) -> None:
    ended = tetrapylon("check", cwd=repo)
    assert ended.code == 1
    assert "torch-load" in ended.out
    assert "src/answers/app.py:22" in ended.out
    assert re.search(r"^ +why: ", ended.out, re.MULTILINE)
    assert re.search(r"^ +fix: ", ended.out, re.MULTILINE)
    assert "\x1b" not in ended.out
    assert sorted(path.name for path in repo.iterdir()) == sorted(path.name for path in write(repo.parent / "again").iterdir())


def test_the_three_next_commands_exist_and_fit(repo: Path) -> None:
    commands = answer(repo)["next"]
    assert len(commands) == 3
    assert commands[0].startswith("tetrapylon explain ")
    for each in commands:
        assert here(repo, each.split()[1], "--help").code == 0, each
    assert here(repo, *commands[0].split()[1:]).code == 0


def test_an_empty_folder_has_nothing_to_say_and_ends_well(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = answer(tmp_path / "empty")
    assert (found["found"], found["findings"], found["unseen"], found["exit"]) == ([], [], [], 0)
    assert len(found["next"]) == 3
    assert "no AI was found" in check(tmp_path / "empty").out


def test_findings_are_ranked_by_harm_and_production_goes_first(repo: Path) -> None:
    found = answer(repo)
    order = ["critical", "high", "medium", "low", "info"]
    severities = [order.index(each["severity"]) for each in found["findings"]]
    assert severities == sorted(severities)
    loads = [each["at"] for each in found["findings"] if each["rule"] == "torch-load"]
    assert loads == ["src/answers/app.py:22", "tests/test_app.py:5"]
    assert answer(repo) == found


def test_ten_are_printed_and_all_are_in_the_json(repo: Path) -> None:
    write(repo, {f"src/answers/part{number:02}.py": "import pickle\nx = pickle.load(f)\n" for number in range(20)})
    total = len(answer(repo)["findings"])
    assert total > 20
    ended = check(repo)
    assert len(re.findall(r"^ +fix: ", ended.out, re.MULTILINE)) == 10
    assert f"and {total - 10} more" in ended.out


@pytest.mark.parametrize(("least", "code"), [("critical", 0), ("high", 1), ("info", 1)])
def test_what_fails_can_be_chosen(least: str, code: int, repo: Path) -> None:
    assert check(repo, "--fail-on", least).code == code


def test_info_asks_for_nothing(tmp_path: Path) -> None:
    from tetrapylon.app.checked import Checked
    from tetrapylon.app.fingerprint import Noted
    from tetrapylon.system.finding import Finding, Place

    only = Checked((), (Noted(Finding("x", "info", Place("a"), "t", "w", "f"), "0"),))
    assert only.exit == 0
    assert Checked((), only.findings, fail_on="info").exit == 1


def test_what_could_not_be_read_is_incomplete_and_said(tmp_path: Path) -> None:
    write(tmp_path / "r", {"a.py": "def (:\n"})
    found = answer(tmp_path / "r")
    assert (found["exit"], found["findings"]) == (3, [])
    assert found["unseen"][0]["path"] == "a.py"
    assert "not looked at" in check(tmp_path / "r").out
    write(tmp_path / "r", {"b.py": "import torch\ntorch.load('x')\n"})
    assert answer(tmp_path / "r")["exit"] == 1


def test_what_is_left_out_on_purpose_is_said_and_complete(tmp_path: Path) -> None:
    write(tmp_path / "r", {"node_modules/x/a.js": "eval(1)\n", "package.json": "{}"})
    found = answer(tmp_path / "r")
    assert found["exit"] == 0
    assert [(each["path"], each["deliberate"]) for each in found["unseen"]] == [("node_modules", True)]


def test_a_comment_allows_one_rule_with_a_reason(repo: Path) -> None:
    path = repo / "src" / "answers" / "app.py"
    before = answer(repo)
    path.write_text(
        path.read_text().replace("    return torch.load(path)", "    return torch.load(path)  # tetrapylon: allow torch-load our own file")
    )
    found = answer(repo)
    assert found["suppressed"] == [{"rule": "torch-load", "at": "src/answers/app.py:22", "reason": "our own file"}]
    assert len(found["findings"]) == len(before["findings"]) - 1
    assert "allowed by a comment" in check(repo).out
    path.write_text(path.read_text().replace(" our own file", ""))
    assert answer(repo)["suppressed"] == []


# Baselines


def test_a_baseline_hides_what_is_known_and_nothing_else(repo: Path) -> None:
    assert check(repo, "--write-baseline", "b.json").code == 0
    found = answer(repo, "--baseline", "b.json")
    assert (found["findings"], found["exit"]) == ([], 0)
    assert found["known"] == len(answer(repo)["findings"])
    write(repo, {"src/answers/new.py": "import torch\ntorch.load('x')\n"})
    found = answer(repo, "--baseline", "b.json")
    assert rules(found) == [("torch-load", "src/answers/new.py:2")]
    assert found["exit"] == 1
    assert "new" in check(repo, "--baseline", "b.json").out


def test_code_that_moves_or_is_reindented_stays_known(repo: Path) -> None:
    check(repo, "--write-baseline", "b.json")
    path = repo / "src" / "answers" / "app.py"
    path.write_text(
        "# a line\n# another line\n"
        + path.read_text().replace("    return torch.load(path)", "    if path:\n        return torch.load(path)")
    )
    assert rules(answer(repo, "--baseline", "b.json")) == []


def test_a_second_equal_line_is_new(repo: Path) -> None:
    check(repo, "--write-baseline", "b.json")
    path = repo / "src" / "answers" / "app.py"
    path.write_text(path.read_text() + "\n\ndef load_again(path: str):\n    return torch.load(path)\n")
    assert rules(answer(repo, "--baseline", "b.json")) == [("torch-load", "src/answers/app.py:26")]


def test_a_renamed_file_is_new(repo: Path) -> None:
    check(repo, "--write-baseline", "b.json")
    (repo / "src" / "answers" / "app.py").rename(repo / "src" / "answers" / "main.py")
    assert ("torch-load", "src/answers/main.py:22") in rules(answer(repo, "--baseline", "b.json"))


def test_the_fast_answer_is_the_slow_answer(repo: Path) -> None:
    add_hostile(repo)
    check(repo, "--write-baseline", "b.json")
    formats = ["--sarif", "s", "--junit", "j", "--markdown", "m"]
    fast = check(repo, "--baseline", "b.json", "--json", *formats)
    reports = [(repo / name).read_bytes() for name in "sjm"]
    known = json.loads((repo / "b.json").read_text())
    known["answer"]["state"] = "another"
    (repo / "b.json").write_text(json.dumps(known))
    slow = check(repo, "--baseline", "b.json", "--json", *formats)
    assert (fast.out, fast.code) == (slow.out, slow.code)
    assert reports == [(repo / name).read_bytes() for name in "sjm"]


def test_nothing_is_parsed_while_nothing_changed(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tetrapylon.app import checking

    wanted = checking.Wanted(repo)
    (repo.parent / "b.json").write_bytes(checking.check(wanted).baseline())
    monkeypatch.setattr(checking, "look_everywhere", lambda _: pytest.fail("it looked again"))
    again = checking.Wanted(repo, baseline=repo.parent / "b.json")
    assert checking.check(again).checked.exit == 0
    # Any byte, any name and any file counts.
    (repo / "data" / "cheques.csv").write_text("id,amount\n1,101\n")
    with pytest.raises(pytest.fail.Exception):
        checking.check(again)


def test_what_is_taken_out_of_a_baseline_is_seen_again(repo: Path) -> None:
    check(repo, "--write-baseline", "b.json")
    known = json.loads((repo / "b.json").read_text())
    known["known"] = [each for each in known["known"] if each["rule"] != "torch-load"]
    (repo / "b.json").write_text(json.dumps(known))
    assert {each["rule"] for each in answer(repo, "--baseline", "b.json")["findings"]} == {"torch-load"}


def test_other_rules_look_again(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tetrapylon.app import checking

    (repo.parent / "b.json").write_bytes(checking.check(checking.Wanted(repo)).baseline())
    monkeypatch.setattr(checking, "rules_version", lambda: "sha256:other")
    monkeypatch.setattr(checking, "look_everywhere", lambda _: pytest.fail("it looked again"))
    with pytest.raises(pytest.fail.Exception):
        checking.check(checking.Wanted(repo, baseline=repo.parent / "b.json"))


def test_bytes_are_the_same_every_time(repo: Path, tmp_path: Path) -> None:
    shutil.copytree(repo, tmp_path / "elsewhere")
    for root in (repo, tmp_path / "elsewhere"):
        check(root, "--write-baseline", "b.json", "--sarif", "s", "--junit", "j", "--markdown", "m")
    for name in ("b.json", "s", "j", "m"):
        assert (repo / name).read_bytes() == (tmp_path / "elsewhere" / name).read_bytes()


def test_a_baseline_remembers_what_could_not_be_read(tmp_path: Path) -> None:
    repo = write(tmp_path / "r", {"a.py": "def (:\n"})
    assert check(repo, "--write-baseline", "b.json").code == 0
    assert check(repo, "--baseline", "b.json").code == 0
    write(repo, {"b.py": "def (:\n"})
    assert check(repo, "--baseline", "b.json").code == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{}", 2),
        ("[", 2),
        ("[" * 100_000, 2),
        ('{"schema": "tetrapylon/baseline/1"}', 2),
        ('{"schema": "tetrapylon/baseline/9", "known": []}', 2),
        (None, 3),
    ],
)
def test_what_is_no_baseline_is_refused(text: str | None, code: int, repo: Path) -> None:
    if text is not None:
        (repo / "b.json").write_text(text)
    ended = check(repo, "--baseline", "b.json")
    assert ended.code == code
    assert "--write-baseline" in ended.err


# Files, folders and mistakes


def test_files_are_looked_at_alone(repo: Path) -> None:
    found = answer(repo, "src/answers/app.py", "tests/test_app.py")
    assert {each["at"].partition(":")[0] for each in found["findings"]} == {"src/answers/app.py", "tests/test_app.py"}
    check(repo, "--write-baseline", "b.json")
    assert answer(repo, "--baseline", "b.json", "src/answers/app.py")["findings"] == []
    assert answer(repo.parent, "-C", repo, "src/answers/app.py")["findings"]
    assert answer(repo / "src", "answers")["findings"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing"], 3),
        (["../outside.py"], 2),
        (["src", "tests"], 2),
        (["--sarif", "-", "--junit", "-"], 2),
        (["--sarif", "-", "--json"], 2),
        (["src/answers/app.py", "--write-baseline", "b.json"], 2),
        (["-C", "nothing"], 2),
        (["--fail-on", "terrible"], 2),
        (["--sarif", "nowhere/s"], 3),
    ],
)
def test_mistakes_are_answered(arguments: list[str], code: int, repo: Path) -> None:
    (repo.parent / "outside.py").write_text("")
    ended = check(repo, *arguments)
    assert ended.code == code
    assert ended.err


# Hostile repositories


def test_hostile_names_and_contents_end_nothing(repo: Path) -> None:
    add_hostile(repo)
    ended = check(repo)
    assert ended.code == 1
    found = answer(repo)
    assert len(found["findings"]) > 6
    places = [each["at"] for each in found["findings"]]
    assert any("latin.py:4" in each for each in places)
    assert any(EVIL in each for each in places)
    unread = {each["path"] for each in found["unseen"] if not each["deliberate"]}
    assert {"broken.py", "long.py"} <= unread


def test_nothing_of_a_name_reaches_a_terminal_a_tag_or_a_table(repo: Path) -> None:
    add_hostile(repo)
    outs = [
        check(repo, *each)
        for each in ([], ["--json"], ["--sarif", "-"], ["--junit", "-"], ["--markdown", "-"], ["--baseline", "none\x1b[31m"])
    ]
    for each in outs:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", each.out + each.err)
    _, as_json, sarif, junit, markdown, _ = outs
    assert json.loads(as_json.out)["findings"]
    assert "%1B%5B31mevil%07%60%7C%3Cimg%20src%3Dx%3E%5D%5D%3E%26.py" in sarif.out
    cases = ET.fromstring(junit.out).iter("testcase")
    assert any("\\u001b[31mevil\\u0007`|<img src=x>]]>&.py" in each.attrib["name"] for each in cases)
    assert "<img" not in markdown.out
    rows = [line for line in markdown.out.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {5}


def test_a_look_that_fails_is_said_and_the_others_go_on(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from tetrapylon.app import looks
    from tetrapylon.app.checking import Wanted
    from tetrapylon.app.checking import check as run
    from tetrapylon.system.finding import Finding, Place

    def bad(repository: Any) -> Any:
        for each in repository.files:
            if each.path.endswith("store.py"):
                raise RecursionError
            yield Finding("r", "high", Place(each.path, 1), "t", "w", "f")

    found = list(looks.looks())
    monkeypatch.setattr(looks, "looks", lambda: [*found, ("bad things", SimpleNamespace(look=bad))])
    checked = run(Wanted(repo)).checked
    assert [(each.path, each.why) for each in checked.failed] == [
        ("src/answers/store.py", "the look for bad things failed on this file (RecursionError)")
    ]
    by_rule = [each.finding.at.path for each in checked.findings if each.finding.rule == "r"]
    assert "src/answers/app.py" in by_rule
    assert "src/answers/store.py" not in by_rule
    assert any(each.finding.rule == "torch-load" for each in checked.findings)
    assert run(Wanted(repo, fail_on="critical")).checked.exit == 3
    # Such an answer never stands for a later one.
    assert run(Wanted(repo)).state == ""


@pytest.mark.parametrize("rule", ["torch-load", "TORCH-LOAD"])
def test_a_rule_is_explained(rule: str, tmp_path: Path) -> None:
    ended = here(tmp_path, "explain", rule)
    assert ended.code == 0
    assert "why: " in ended.out
    assert "tetrapylon: allow torch-load" in ended.out
    assert "did you mean `torch-load`" in here(tmp_path, "explain", "torch-lod").err
    assert here(tmp_path, "explain", rule, "--json").json["rule"]["id"] == "torch-load"
