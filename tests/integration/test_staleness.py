"""Editing one thing stales exactly the evidence that was about it, and nothing else."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Desk, flip
from tetrapylon.app.guidance import profile_ids

RELEASED = dict.fromkeys(profile_ids("start"), "PASS")

OF_ALL = {"SV3.10", "SP4.9"}
"""What is about the release as a whole: the bill of materials, and that nothing is stale."""


def stale(desk: Desk) -> set[str]:
    found = desk.states()
    assert {name for name, state in found.items() if state not in {"PASS", "STALE"}} == set()
    return {name for name, state in found.items() if state == "STALE"}


def test_the_example_passes_everything_that_it_is_decided_by(desk: Desk) -> None:
    assert desk.states() == RELEASED


def test_a_readme_stales_nothing(desk: Desk) -> None:
    (desk.root / "README.md").write_text("changed")
    assert stale(desk) == set()


def test_a_prompt_stales_what_read_it(desk: Desk) -> None:
    with (desk.root / "prompts" / "assistant.md").open("a") as file:
        file.write("- Be kind.\n")
    assert stale(desk) == {"SV3.7"} | OF_ALL


def test_a_lock_line_stales_what_was_made_by_it(desk: Desk) -> None:
    with (desk.root / "requirements.lock").open("a") as file:
        file.write("# one line more\n")
    assert stale(desk) == {"SV1.10"} | OF_ALL


def test_training_code_stales_what_was_made_by_it(desk: Desk) -> None:
    with (desk.root / "train.py").open("a") as file:
        file.write("# one line more\n")
    assert stale(desk) == {"SV1.10"} | OF_ALL


def test_a_dataset_stales_what_read_it_and_what_was_made_of_it(desk: Desk) -> None:
    with (desk.root / "data" / "digits.csv").open("a") as file:
        file.write("\n")
    assert stale(desk) == {"SV1.10", "SV3.7", "SP2.4"} | OF_ALL


def test_the_weights_stale_all_that_is_about_the_model(desk: Desk) -> None:
    flip(desk.weights)
    assert stale(desk) == {"SV1.10", "SV2.6", "SV3.7", "SP2.3", "SP2.4", "SP2.5", "SP2.6"} | OF_ALL


def test_a_setting_stales_the_comparison_of_settings(desk: Desk) -> None:
    (desk.root / ".tetrapylon" / "settings.toml").write_text("[settings]\nnetwork = true\n")
    assert stale(desk) == {"SD3.17"} | OF_ALL


@pytest.mark.parametrize("line", ["# a comment\n", "\n\n"])
def test_comments_in_the_manifest_stale_nothing(desk: Desk, line: str) -> None:
    with (desk.root / "tetrapylon.toml").open("a") as file:
        file.write(line)
    assert stale(desk) == set()


def test_undoing_an_edit_brings_the_evidence_back(desk: Desk) -> None:
    flip(desk.weights)
    flip(desk.weights)
    assert desk.states() == RELEASED
