"""The contract of every setting, and how the values in force come about."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.system.setting import SHELF, Setting, Value, differences, effective, origins, settings, variable

ALL = settings()


def unsafe(setting: Setting, text: str) -> bool:
    try:
        return not setting.is_safe(setting.parse(text))
    except UsageError as error:
        assert error.message  # noqa: PT017 - both ends are good
        return True


@pytest.mark.parametrize("name", ALL)
def test_a_setting_carries_its_own_proof(name: str) -> None:
    setting = ALL[name]
    assert name == setting.NAME
    assert setting.is_safe(setting.SAFE)
    assert setting.parse(str(setting.SAFE).lower() if setting.KIND == "flag" else str(setting.SAFE)) == setting.SAFE
    assert setting.GOOD
    assert all(setting.is_safe(setting.parse(text)) for text in setting.GOOD)
    assert setting.BAD
    assert all(unsafe(setting, text) for text in setting.BAD)
    for sentence in (setting.WHY, setting.RISK):
        assert len(sentence.split()) > 5
        assert not sentence.endswith(".")


@pytest.mark.parametrize("name", ALL)
def test_a_setting_says_what_it_does_and_why(name: str) -> None:
    shelf = Shelf(SHELF)
    doc = shelf[name].__doc__ or ""
    assert "What it does:" in doc
    assert "Why it matters:" in doc
    assert shelf.summary(name) == doc.partition("\n")[0]


@pytest.mark.parametrize("name", ALL)
@given(text=st.text(max_size=30))
def test_any_text_is_a_value_or_refused(name: str, text: str) -> None:
    setting = ALL[name]
    try:
        value = setting.parse(text)
    except UsageError:
        return
    assert isinstance(value, {"flag": bool, "number": int, "text": str, "fixed": str}[setting.KIND])
    assert setting.is_safe(value) in {True, False}
    assert setting.KIND != "fixed" or value == setting.SAFE


def test_without_configuration_everything_is_safe() -> None:
    values = effective({"PATH": "/bin"}, {})
    assert set(values) == set(ALL)
    assert differences(values) == []
    assert set(origins({}, {}).values()) == {"default"}


def test_the_environment_goes_before_the_file() -> None:
    env, table = {"TETRAPYLON_CLOCK_SKEW": "30"}, {"clock-skew": 20, "network": True}
    values = effective(env, table)
    assert (values["clock-skew"], values["network"]) == (30, True)
    found = origins(env, table)
    assert (found["clock-skew"], found["network"], found["sequencer"]) == ("environment", "settings", "default")


def test_a_difference_says_the_risk() -> None:
    (found,) = differences(effective({}, {"network": True}))
    assert (found.name, found.value, found.safe) == ("network", True, False)
    assert found.risk == ALL["network"].RISK


def test_variables_are_unmistakable() -> None:
    assert variable("allow-demo-keys") == "TETRAPYLON_ALLOW_DEMO_KEYS"
    assert len({variable(name) for name in ALL}) == len(ALL)


@pytest.mark.parametrize(
    ("env", "table", "code", "hint"),
    [
        ({"TETRAPYLON_NETWROK": "true"}, {}, "unknown-setting", "did you mean `TETRAPYLON_NETWORK`"),
        ({"TETRAPYLON_": "true"}, {}, "unknown-setting", ""),
        ({f"TETRAPYLON_{'9' * 40}": "1"}, {}, "unknown-setting", "settings: TETRAPYLON_ALLOW_DEMO_KEYS"),
        ({"TETRAPYLON_NETWORK": "1"}, {}, "bad-setting", "the safe value is `false`"),
        ({}, {"netwrok": True}, "unknown-setting", "did you mean `network`"),
        ({}, {"network": "true"}, "bad-setting", ""),
        ({}, {"network": 1}, "bad-setting", ""),
        ({}, {"clock-skew": True}, "bad-setting", ""),
        ({}, {"clock-skew": 1.5}, "bad-setting", ""),
        ({}, {"clock-skew": -1}, "bad-setting", ""),
        ({}, {"clock-skew": "60"}, "bad-setting", "the safe value is `60`"),
        ({}, tomllib.loads("clock-skew = 0x" + "f" * 9000), "bad-setting", ""),
        ({}, {"follow-symlinks": "always"}, "bad-setting", "the safe value is `never`"),
        ({}, {"freshness-override": "allowed"}, "bad-setting", ""),
        ({}, {"unencrypted-keys": "refused"}, "bad-setting", "did you mean `refuse`"),
        ({}, {"key-file-mode": "0000"}, "bad-setting", ""),
        ({}, {"sequencer": []}, "bad-setting", ""),
        ({}, {"sequencer": {"a": 1}}, "bad-setting", ""),
    ],
)
def test_what_is_no_setting_is_refused(env: dict[str, str], table: dict[str, Value], code: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        effective(env, table)
    assert caught.value.code == code
    assert hint in caught.value.hint
    assert caught.value.hint
    assert len(caught.value.message) < 200


def test_a_value_of_the_file_is_named_by_its_place() -> None:
    with pytest.raises(UsageError, match=r"^`settings\.clock-skew` is `90000`"):
        effective({}, {"clock-skew": 90_000})
    with pytest.raises(UsageError, match=r"^`TETRAPYLON_CLOCK_SKEW` is `x`"):
        effective({"TETRAPYLON_CLOCK_SKEW": "x"}, {})
