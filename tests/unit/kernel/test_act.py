"""An act can be planned, done, probed and undone, and says what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from tetrapylon.kernel.act import Act, Outcome


class Lamp:
    """The smallest act: switch a lamp on."""

    name = "lamp"
    arguments: Mapping[str, Any] = {}

    def __init__(self) -> None:
        self.lit = False

    def plan(self) -> list[str]:
        return ["switch the lamp on"]

    def do(self) -> Outcome:
        self.lit = True
        return self.probe()

    def undo(self) -> Outcome:
        self.lit = False
        return self.probe()

    def probe(self) -> Outcome:
        return Outcome(self.lit, ("the lamp is lit",) if self.lit else ())


def test_an_act_brings_the_world_there_and_back() -> None:
    act: Act = Lamp()
    assert act.plan() == ["switch the lamp on"]
    assert not act.probe().done
    assert [act.do(), act.do()] == [Outcome(done=True, detail=("the lamp is lit",))] * 2
    assert act.undo() == act.probe() == Outcome(done=False)


def test_an_outcome_cannot_be_changed_afterwards() -> None:
    outcome = Outcome(done=False)
    with pytest.raises(FrozenInstanceError):
        outcome.done = True  # type: ignore[misc]
