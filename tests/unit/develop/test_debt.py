"""The register of debt: people's decisions, due dates, budget, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.develop.projects import small
from tetrapylon.app.debt import ending, register_lines, register_object
from tetrapylon.develop.debt.register import take
from tetrapylon.develop.debt.work import observe
from tetrapylon.kernel.errors import UsageError

HOSTED = '[[model]]\nid = "helper"\nendpoint = "https://models.example.org/v1"\n'
RULE = '[[rule]]\ndetector = "{}"\nreason = "later"\nowner = "owner-1"\n'


def test_a_debt_without_owner_and_reason_is_undecided(tmp_path: Path) -> None:
    found = take(small(tmp_path, HOSTED))
    assert {each.detector for each in found.entries} == {"unpinned-hosted-model", "stale-card"}
    assert len(found.incomplete) == 2
    assert ending(found) == 0
    assert next(iter(observe(small(tmp_path, HOSTED)))).payload["incomplete"] == 2


def test_rules_and_entries_decide_and_the_nearer_one_wins(tmp_path: Path) -> None:
    first = next(each for each in take(small(tmp_path, HOSTED)).entries if each.detector == "unpinned-hosted-model")
    text = RULE.format("stale-card") + RULE.format("unpinned-hosted-model")
    text += f'[[entry]]\nid = "{first.id}"\nreason = "no snapshots"\nowner = "owner-1"\ndue = "2020-01-01"\n[budget]\nentries = 1\n'
    found = take(small(tmp_path, HOSTED, {"debt.toml": text}))
    assert found.incomplete == ()
    assert [(each.reason, each.due) for each in found.overdue] == [("no snapshots", "2020-01-01")]
    assert (found.over_budget, ending(found)) == (True, 0)
    gone = take(small(tmp_path, "", {"debt.toml": text}))
    assert any("about nothing any more" in each for each in gone.notes)


def test_something_critical_that_is_overdue_ends_with_1(tmp_path: Path) -> None:
    item = '[[item]]\nid = "hole"\nwhat = "A known hole"\nwhere = "app.py"\nseverity = "critical"\nrisk = ["SV1.5"]\nreason = "no time"\n'
    found = take(small(tmp_path, files={"debt.toml": item + 'owner = "owner-1"\ndue = "2020-01-01"\n'}))
    assert ending(found) == 1
    assert register_object(found)["summary"]["overdueCritical"] == 1
    assert any("OVERDUE" in each for each in register_lines(found))


def test_what_could_not_be_looked_at_is_said(tmp_path: Path) -> None:
    view = small(tmp_path, files={"broken.py": "def (:\n"})
    found = take(view)
    assert ending(found) == 3
    assert "incomplete" not in next(iter(observe(view))).payload


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (RULE.format("todo").replace("owner-1", "nobody"), "no-such-id"),
        (RULE.format("todo") + 'due = "soon"\n', "bad-value"),
        ('[[item]]\nid = "a"\n', "missing-key"),
        ("[budget]\nentries = -1\n", "bad-value"),
    ],
)
def test_decisions_are_read_strictly(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        take(small(tmp_path, files={"debt.toml": text}))
    assert caught.value.code == code
