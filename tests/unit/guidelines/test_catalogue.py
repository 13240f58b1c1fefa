"""The catalogue is whole, and every core practice can really be judged by what statements can say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

import tetrapylon
from tetrapylon.evidence.predicate import PREDICATES, json_schema
from tetrapylon.guidelines.applies import PRECONDITIONS
from tetrapylon.guidelines.catalogue import catalogue_object
from tetrapylon.guidelines.policy import load_policy
from tetrapylon.guidelines.profiles import profile_practices
from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import package_text

TEXT = package_text("tetrapylon.guidelines", "catalogue.toml")
CATALOGUE = catalogue_object(TEXT)
POLICY = load_policy(package_text("tetrapylon.guidelines", "policy.toml"))
PROFILES = package_text("tetrapylon.guidelines", "profiles.toml")
PRACTICES = {each["id"]: each for each in CATALOGUE["practice"]}
CORE = [each for each in CATALOGUE["practice"] if each["status"] == "core"]

COUNTS = {
    "SD1": 9, "SD2": 10, "SD3": 20, "SD4": 8, "SV1": 11, "SV2": 12, "SV3": 12, "SV4": 8, "SP1": 8, "SP2": 10,
    "SP3": 12, "SP4": 11, "SP5": 8, "SO1": 7, "SO2": 8, "SO3": 9, "SO4": 9,
}  # fmt: skip

DEMANDS = {
    "responsibility/user", "responsibility/provider", "design/threats", "design/privilege", "design/suppliers",
    "develop/supply", "develop/assets", "develop/records", "develop/debt", "deploy/access", "deploy/integrity",
    "deploy/incidents", "deploy/release", "operate/monitor", "operate/updates", "operate/lessons",
}  # fmt: skip
"""The sixteen demands of the mission, by the package that works on each."""


def test_all_172_practices_are_there() -> None:
    assert list(PRACTICES) == [f"{name}.{number}" for name, count in COUNTS.items() for number in range(1, count + 1)]
    assert len(PRACTICES) == 172
    assert len(CORE) == 96


def test_each_guideline_keeps_three_core_practices() -> None:
    for name in COUNTS:
        assert sum(each["id"].startswith(f"{name}.") for each in CORE) >= 3


def test_every_demand_has_practices_and_a_package() -> None:
    assert {each["room"] for each in PRACTICES.values()} == DEMANDS
    assert {room for each in CATALOGUE["guideline"] for room in each["rooms"]} <= DEMANDS
    source = Path(str(tetrapylon.__file__)).parent
    assert all((source / each / "__init__.py").is_file() for each in DEMANDS)


def test_words_are_short() -> None:
    for each in PRACTICES.values():
        assert 0 < len(each["title"]) <= 60
        assert 0 < len(each["text"]) <= 240
        assert 0 < len(each["rule"]) <= 160


def parts() -> list[tuple[str, dict[str, Any]]]:
    return [(each["id"], part) for each in CORE for part in each["part"] if "predicate" in part]


@pytest.mark.parametrize(("practice", "part"), parts(), ids=lambda each: each if isinstance(each, str) else each["predicate"])
def test_parts_read_what_statements_can_say(practice: str, part: dict[str, Any]) -> None:
    assert part["predicate"] in PREDICATES, practice
    fields = _fields(part["predicate"])
    paths = [each[0] for each in (*part["condition"], *part.get("where", ()))]
    for path in [*paths, *([part["materials"]["path"]] if "materials" in part else [])]:
        assert path.replace("[*]", "").split(".")[0] in fields, (practice, path)
    assert part["inputs"]
    assert POLICY.roles[part["predicate"]]


def _fields(name: str) -> set[str]:
    schema = json_schema(name)
    return set(schema["$defs"]["Payload"]["properties"])


def test_every_policy_name_is_defined_and_used() -> None:
    named = {name for _, part in parts() for name in _names(part)}
    assert named <= set(POLICY.values)
    assert set(POLICY.values) - named <= {"clock-skew-seconds"}


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {name for each in value.values() for name in _names(each)}
    if isinstance(value, list):
        return {name for each in value for name in _names(each)}
    return {value[1:]} if isinstance(value, str) and value.startswith("$") else set()


def test_preconditions_are_known() -> None:
    assert {each["applies"] for each in CORE} <= set(PRECONDITIONS)


def test_a_persons_practice_has_a_persons_part() -> None:
    for each in CORE:
        for part in each["part"]:
            if part["leg"] == "H":
                assert part["predicate"] in {"attestation", "training"}
                assert ["practice", "==", each["id"]] in part["where"]
            elif "predicate" in part:
                assert part["predicate"] != "attestation"


def test_start_is_small_and_measured() -> None:
    start = profile_practices(PROFILES, "start", CATALOGUE)
    assert len(start) <= 15
    assert not {"H"} & {kind for each in start for kind in PRACTICES[each]["kind"]}
    assert profile_practices(PROFILES, "core", CATALOGUE) == profile_practices(PROFILES, "full", CATALOGUE)
    assert len(profile_practices(PROFILES, "core", CATALOGUE)) == 96


def test_every_predicate_has_an_audience_and_a_role() -> None:
    assert set(POLICY.disclosure) == set(PREDICATES) == set(POLICY.roles)


def test_unknown_profiles_are_refused() -> None:
    with pytest.raises(UsageError, match="no profile"):
        profile_practices(PROFILES, "perfect", CATALOGUE)
    with pytest.raises(UsageError, match=r"SD1\.1"):
        profile_practices('start = ["SD1.1"]', "start", CATALOGUE)


@pytest.mark.parametrize(
    "change",
    [
        ('schema = "tetrapylon/catalogue/1"', 'schema = "tetrapylon/catalogue/9"'),
        ("named = true\n", 'named = true\ncolour = "red"\n'),
        ('status = "planned"', 'status = "perhaps"'),
        ('kind = ["A"]', 'kind = ["X"]'),
        ('kind = ["A"]\nroom = "deploy/integrity"\nstatus = "core"', 'kind = ["A", "H"]\nroom = "deploy/integrity"\nstatus = "core"'),
        ('derive = "nothing-stale"', 'derive = "good-mood"'),
        ('["event", "==", "trained"]', '["event", "~", "trained"]'),
        ('id = "SD1.2"', 'id = "SD1.1"'),
        ('title = "Named', 'titel = "Named'),
        ("[[guideline]]", "[[guideline"),
    ],
)  # fmt: skip
def test_mistakes_in_the_catalogue_are_refused(change: tuple[str, str]) -> None:
    assert change[0] in TEXT
    with pytest.raises(UsageError) as caught:
        catalogue_object(TEXT.replace(*change, 1))
    assert caught.value.code == "bad-data"


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"nonsense": 1}, "bad-policy"),
        ({"leader-days": "long"}, "bad-policy"),
        ({"leader-days": -1}, "bad-policy"),
        ({"leader-days": True}, "bad-policy"),
    ],
)
def test_overrides_change_known_values_only(overrides: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_policy(package_text("tetrapylon.guidelines", "policy.toml"), overrides)
    assert caught.value.code == code


def test_an_override_counts() -> None:
    changed = load_policy(package_text("tetrapylon.guidelines", "policy.toml"), {"leader-days": 90})
    assert (changed.values["leader-days"], POLICY.values["leader-days"]) == (90, 180)


def test_a_policy_with_an_unknown_audience_is_refused() -> None:
    text = package_text("tetrapylon.guidelines", "policy.toml").replace('vsa = "public"', 'vsa = "everybody"')
    with pytest.raises(UsageError):
        load_policy(text)


FACTS: dict[str, Any] = {"system": {"id": "s", "role": "provider", "criticality": "mission"}}


@pytest.mark.parametrize(
    ("name", "more", "applies"),
    [
        ("always", {}, True),
        ("has-model", {}, False),
        ("has-model", {"model": [{"id": "m", "path": "p"}]}, True),
        ("has-model-file", {"model": [{"id": "m", "endpoint": "e"}]}, False),
        ("has-model-hosted", {"model": [{"id": "m", "endpoint": "e"}]}, True),
        ("has-image-model", {"model": [{"id": "m", "path": "p", "preprocess": [{}]}]}, True),
        ("is-provider", {}, True),
        ("is-mission-critical", {"system": {"id": "s", "criticality": "low"}}, False),
        ("has-dataset", {"dataset": [{"id": "d"}]}, True),
    ],
)
def test_preconditions(name: str, more: dict[str, Any], applies: bool) -> None:
    found, reason = PRECONDITIONS[name]({**FACTS, **more})
    assert found is applies
    assert reason


def test_schemas_are_json() -> None:
    assert all(msgspec.json.encode(json_schema(each)) for each in PREDICATES)
