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


CORE_NUMBERS = {
    "SD1": "2 3 5 7", "SD2": "1 4 5 6 8 9", "SD3": "4 5 6 7 8 12 15 17 18", "SD4": "2 5 7", "SV1": "1 2 5 7 8 10",
    "SV2": "1 3 6 8 9 10", "SV3": "1 2 3 4 6 7 9 10 11 12", "SV4": "1 2 5 8", "SP1": "2 4 5 8", "SP2": "2 3 4 5 6 7",
    "SP3": "1 2 4 5 6 7 8", "SP4": "1 2 4 5 6 7 9", "SP5": "1 5 6 8", "SO1": "1 2 3 5 7", "SO2": "1 2 4 5 6 7",
    "SO3": "1 2 4 5 9", "SO4": "3 5 6 9",
}  # fmt: skip

KINDS_OF_ASSETS = {
    "model-file", "model-hosted", "dataset", "prompt", "tool", "code", "lock", "guard", "policy", "configuration", "manifest",
    "release", "supplier", "location", "environment",
}  # fmt: skip


def test_all_172_practices_are_there() -> None:
    assert list(PRACTICES) == [f"{name}.{number}" for name, count in COUNTS.items() for number in range(1, count + 1)]
    assert len(PRACTICES) == 172


def test_the_96_core_practices_are_the_chosen_ones() -> None:
    chosen = [f"{name}.{number}" for name, numbers in CORE_NUMBERS.items() for number in numbers.split()]
    assert [each["id"] for each in CORE] == chosen
    assert len(chosen) == 96


def test_the_guidelines_are_the_seventeen() -> None:
    assert [each["id"] for each in CATALOGUE["guideline"]] == list(COUNTS)
    pillars = {"SD": "design", "SV": "development", "SP": "deployment", "SO": "operation"}
    assert all(each["pillar"] == pillars[each["id"][:2]] for each in CATALOGUE["guideline"])


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


each_part = pytest.mark.parametrize(("practice", "part"), parts(), ids=lambda each: each if isinstance(each, str) else each["predicate"])


@each_part
def test_parts_read_what_statements_can_say(practice: str, part: dict[str, Any]) -> None:
    assert part["predicate"] in PREDICATES, practice
    assert part["inputs"]
    assert set(part["inputs"]) <= KINDS_OF_ASSETS
    assert POLICY.roles[part["predicate"]]
    schema = json_schema(part["predicate"])
    for condition in (*part["condition"], *part.get("where", ())):
        _check_condition(condition, _field(schema, condition[0]))
    if "materials" in part:
        assert set(part["materials"]) == {"path", "inputs"}
        assert set(part["materials"]["inputs"]) <= KINDS_OF_ASSETS
        assert _field(schema, part["materials"]["path"]) is not None


@each_part
def test_where_is_decided_without_the_policy(practice: str, part: dict[str, Any]) -> None:
    assert not _names(part.get("where", [])), practice


def _check_condition(condition: list[Any], field: dict[str, Any] | None) -> None:
    """A condition that the field's type rules out would never be judged, or never hold."""
    path, operator, *wanted = condition
    assert field is not None, path
    assert len(wanted) == (0 if operator in {"none", "some"} else 1), condition
    if not field or not wanted:
        return
    value = POLICY.values[wanted[0][1:]] if str(wanted[0]).startswith("$") else wanted[0]
    values = value if operator == "in" else [value]
    assert all(each in field.get("enum", [each]) for each in values), condition
    assert operator == "contains" or all(isinstance(each, JSON_TYPES[field.get("type", "any")]) for each in values), condition
    assert field.get("type") in {"boolean", None} or not any(isinstance(each, bool) for each in values), condition


JSON_TYPES: dict[str, Any] = {"boolean": bool, "integer": int, "number": (int, float), "string": str, "array": list, "any": object}


def _field(schema: dict[str, Any], path: str) -> dict[str, Any] | None:
    """Return the schema of what stands at the path: None if nothing can, `{}` if anything can."""
    found: dict[str, Any] | None = _plain(schema, schema)
    for step in path.split("."):
        name, every, _ = step.partition("[*]")
        if found is not None and "properties" not in found and found.get("type") == "object":
            return {}
        found = _plain(schema, found["properties"][name]) if found and name in found.get("properties", {}) else None
        if every:
            found = _plain(schema, found["items"]) if found and "items" in found else None
    return found


def _plain(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and read "this or null" as this."""
    if "$ref" in node:
        return _plain(schema, schema["$defs"][node["$ref"].rpartition("/")[2]])
    kinds = [each for each in node.get("anyOf", ()) if each.get("type") != "null"]
    return _plain(schema, kinds[0]) if len(kinds) == 1 else node


@pytest.mark.parametrize(
    ("condition", "predicate"),
    [
        (["lagSecond", "<=", 1], "integrity-check"),
        (["event", "==", "glance"], "integrity-check"),
        (["mismatched", "==", False], "integrity-check"),
        (["mismatched", "==", "0"], "integrity-check"),
        (["signed", "==", 1], "integrity-check"),
        (["signed", "=="], "integrity-check"),
        (["unregistered", "none", 0], "secure-defaults"),
        (["differences[*].colour", "==", "red"], "secure-defaults"),
        (["settings[*].x", "==", 1], "secure-defaults"),
    ],
)
def test_the_check_of_conditions_notices_mistakes(condition: list[Any], predicate: str) -> None:
    with pytest.raises(AssertionError):
        _check_condition(condition, _field(json_schema(predicate), condition[0]))


def test_the_check_of_conditions_reads_elements() -> None:
    assert _field(json_schema("secure-defaults"), "differences[*].safe") == {"type": "string"}


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
    assert {"SD3.17", "SP2.3", "SP2.4", "SP2.5", "SP2.6", "SP4.7", "SP4.9", "SV1.10", "SV2.6", "SV3.7"} <= set(start)
    assert not {"H"} & {kind for each in start for kind in PRACTICES[each]["kind"]}
    # A new user must get through without running a gateway or declaring groups of users.
    assert {PRACTICES[each]["applies"] for each in start} <= {"always", "has-model-file"}
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


def test_schemas_are_json() -> None:
    assert all(msgspec.json.encode(json_schema(each)) for each in PREDICATES)
