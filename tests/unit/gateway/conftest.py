"""All rules, built once."""

from __future__ import annotations

import pytest

from tetrapylon.gateway.guarding import SystemGuards, validators
from tetrapylon.gateway.rule import load_rules


@pytest.fixture(scope="session")
def guards() -> SystemGuards:
    return SystemGuards(load_rules(), validators())
