"""Bad manifests: each has its place, its sentence, its hint and its code, and never a traceback."""

from __future__ import annotations

import pytest

from tetrapylon.kernel.errors import Exit, UsageError
from tetrapylon.system.decode import decode_manifest
from tetrapylon.system.problem import ManifestError, Problem


def refused(text: str | bytes) -> UsageError:
    with pytest.raises(UsageError) as caught:
        decode_manifest(text)
    assert caught.value.exit is Exit.USAGE
    assert caught.value.code
    return caught.value


CASES = [
    ('criticality = "mission"', 'criticality = "mision"', "bad-value", "system.criticality", "did you mean `mission`"),
    ("purpose =", "purpos =", "unknown-key", "system.purpos", "did you mean `purpose`"),
    ("trained-from =", "trained_from =", "unknown-key", "model[0].trained_from", "did you mean `trained-from`"),
    ("[[model]]", "[[modle]]", "unknown-key", "modle", "did you mean `model`"),
    ("[gate]", "[zzzzzzz]\n[gate]", "unknown-key", "zzzzzzz", "known here: schema, system"),
    ("[gate]", '["a b"]\n[gate]', "unknown-key", '"a b"', ""),
    ('role = "provider"\n', "", "missing-key", "system.role", "add `role`: `provider` or `user`"),
    ('id = "cheque-desk"\n', "", "missing-key", "system.id", "an id of lower-case"),
    ('id = "cheque-desk"', 'id = ""', "bad-value", "system.id", "manifest schema"),
    ('id = "cheque-desk"', 'id = "Cheque Desk"', "bad-value", "system.id", ""),
    ('id = "cheque-desk"', 'id = "cheque\\n"', "bad-value", "system.id", ""),
    ('release = "1.0.0"', "release = 1.0", "bad-value", "system.release", ""),
    ('release = "1.0.0"', "release = 2025-01-01", "bad-value", "system.release", ""),
    ("demo = true", 'demo = "yes"', "bad-value", "system.demo", ""),
    ("demo = true", "demo = 1", "bad-value", "system.demo", ""),
    ('purpose = "Reads', 'purpose = "\\u202eReads', "bad-value", "system.purpose", ""),
    ('path = "models/digit-reader.onnx"', 'path = "../secrets"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "a/../../b"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "/etc/passwd"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "a\\u0000b"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "a\\\\b"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "C:x"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "a//b"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "."', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "a/"', "bad-path", "model[0].path", ""),
    ('path = "models/digit-reader.onnx"', 'path = "a/..\\n"', "bad-path", "model[0].path", ""),
    ('code = ["src/**/*.py", "tools"]', 'code = ["../**"]', "bad-path", "system.code[0]", ""),
    ("size = [224, 224]", "size = [224]", "bad-value", "model[0].preprocess[0].size", ""),
    ("size = [224, 224]", "size = [0, 1]", "bad-value", "model[0].preprocess[0].size", ""),
    ("size = [224, 224], ", "", "missing-key", "model[0].preprocess[0].size", "add `size"),
    ('endpoint = "http://127.0.0.1:8600/v1"', 'endpoint = "http://me:pw@host/"', "bad-value", "model[1].endpoint", ""),
    ('endpoint = "http://127.0.0.1:8600/v1"', 'endpoint = "file:///etc"', "bad-value", "model[1].endpoint", ""),
    ('endpoint = "http://127.0.0.1:8600/v1"', 'endpoint = "http://host:99999/"', "bad-value", "model[1].endpoint", ""),
    ('endpoint = "http://127.0.0.1:8600/v1"', 'endpoint = "http://[::1/"', "bad-value", "model[1].endpoint", ""),
    ("temperature = 0", "temperature = nan", "bad-value", "model[1].decoding.temperature", ""),
    ("temperature = 0", "temperature = -inf", "bad-value", "model[1].decoding.temperature", ""),
    ("temperature = 0", "temperature = 9223372036854775808", "bad-value", "model[1].decoding.temperature", ""),
    ("temperature = 0", "temperature = [0]", "bad-value", "model[1].decoding.temperature", ""),
    ("temperature = 0", '"a b" = 0', "bad-value", 'model[1].decoding."a b"', ""),
    ("policy = { training-lag-seconds = 60 }", "policy = 3", "bad-value", "gate.policy", ""),
    ('holds = ["digit-reader",', 'holds = ["digit-reader", "digit-reader",', "duplicate-value", "environment[0].holds[1]", "list it once"),
    ('roles = ["owner", "risk-owner"]', 'roles = "owner"', "bad-value", "person[0].roles", ""),
    ('roles = ["owner", "risk-owner"]', "roles = [3.5]", "bad-value", "person[0].roles[0]", ""),
    ('may = ["chat:assistant",', 'may = ["call:*",', "bad-value", "group[0].may[0]", ""),
    ('may = ["chat:assistant",', 'may = ["chat:asistant",', "no-such-id", "group[0].may[0]", "did you mean `assistant`"),
    ('may = ["call:lookup",', 'may = ["call:assistant",', "no-such-id", "service[0].may[0]", "declare it: `[[tool]]`"),
    ('trained-from = ["digits"]', 'trained-from = ["digit"]', "no-such-id", "model[0].trained-from[0]", "did you mean `digits`"),
    ('alternate = "assistant-b"', 'alternate = "assistant"', "own-alternate", "model[1].alternate", ""),
    ('alternate = "assistant-b"', 'alternate = "zzz"', "no-such-id", "model[1].alternate", "declare it: `[[model]]`"),
    ('supplier = "acme-llm"\nalt', 'supplier = "acme"\nalt', "no-such-id", "model[1].supplier", "acme-llm"),
    ('model = "assistant"\n', 'model = "nobody"\n', "no-such-id", "prompt[0].model", ""),
    ('location = "home"\n\n[[supplier', 'location = "away"\n\n[[supplier', "no-such-id", "environment[0].location", ""),
    ('operator = "acme-llm"', 'operator = "home"', "no-such-id", "location[0].operator", ""),
    ('to = "gateway"', 'to = "digit-raeder"', "no-such-id", "flow[0].to", "did you mean `digit-reader`"),
    ('id = "assistant-b"', 'id = "assistant"', "duplicate-id", "model[2].id", "id of its own"),
    ('path = "models/digit-reader.onnx"\n', "", "path-or-endpoint", "model[0]", ""),
    ('path = "models/digit-reader.onnx"\n', 'path = "m"\nendpoint = "http://h/"\n', "path-or-endpoint", "model[0]", ""),
    ('signature = "models/digit-reader.sig"', 'snapshot = "x"', "misplaced-key", "model[0].snapshot", ""),
    ('snapshot = "2025-01-01"', 'signature = "x"', "misplaced-key", "model[1].signature", ""),
    ('policies = ["policies/access.cedar"]', 'policies = ["gate"]', "reserved-name", "system.policies", ""),
    ('country = "NL"', 'country = "nl"', "bad-value", "location[0].country", ""),
    ("[system]", "[[system]]", "bad-value", "system", ""),
    ("budget = 3", "budget = 0", "bad-value", "tool[1].budget", ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[3]}-{case[2]}")
def test_each_error_names_its_place(whole: str, case: tuple[str, str, str, str, str]) -> None:
    old, new, code, path, hint = case
    assert old in whole
    error = refused(whole.replace(old, new, 1))
    assert isinstance(error, ManifestError)
    assert (error.problems[0].code, error.problems[0].path) == (code, path)
    assert error.code == code
    assert f"`{path}`" in error.message.splitlines()[0]
    assert "`tetrapylon.toml`" in error.message.splitlines()[0]
    assert error.hint
    assert hint in error.hint


def test_all_errors_are_listed_with_the_ids_of_their_entries(whole: str) -> None:
    error = refused(whole.replace('effect = "read"', 'efect = "read"').replace("budget = 3", "budget = -1"))
    assert isinstance(error, ManifestError)
    assert [each.path for each in error.problems] == ["tool[0].efect", "tool[0].effect", "tool[1].budget"]
    assert "also: `tool[1].budget` (`refund`) is `-1`" in error.message


def test_a_flood_of_errors_is_cut_short(whole: str) -> None:
    error = refused(whole.replace("ratchet = true", "\n".join(f"k{index} = 1" for index in range(50))))
    assert error.message.endswith("\nand more")
    assert len(error.message.splitlines()) == 22


def test_another_schema_is_the_only_complaint() -> None:
    for text in ("x = 1", 'schema = "tetrapylon/manifest/2"\nx = 1', "schema = 3", ""):
        error = refused(text)
        assert (error.code, len(error.problems)) == ("schema", 1)  # type: ignore[attr-defined]  # a ManifestError
        assert "tetrapylon/manifest/1" in error.hint


def test_values_are_shown_safely(whole: str) -> None:
    error = refused(whole.replace('"cheque-desk"', f'"\\u001b[31m`{"x" * 200}"'))
    assert "\x1b" not in error.message
    assert "`\\u001b[31m'xxx" in error.message
    assert len(error.message) < 300


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a = 1\na = 2\n", "line"),
        ("[system\n", "line 1, column 8"),
        ("x = \n", "line 1, column 5"),
        ("x = 1\ny = @\n", "line 2, column 5"),
        ('x = """', "line 1, column 8"),
        ("x = 1979-13-45\n", "line 1"),
        ("x = tru", "line 1, column 5"),
    ],
)
def test_broken_toml_says_line_and_column(text: str, where: str) -> None:
    error = refused(text)
    assert error.code == "toml-syntax"
    assert "line " in error.message
    assert "column " in error.message
    assert where in error.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = " + "[" * 100_000, "too-deep"),
        ("x = " + "{a=" * 100_000, "too-deep"),
        ("x = " + "9" * 5000, "toml-syntax"),
        (b"\xff\xfe", "not-text"),
        (b"a = 1\nb = '\xff'", "not-text"),
        ("x = '\ud800'", "not-text"),
        ('schema = "tetrapylon/manifest/1"\nx = 0x' + "f" * 9000, "unknown-key"),
        ('schema = "tetrapylon/manifest/1"\nsystem = 0x' + "f" * 9000, "bad-value"),
    ],
)
def test_hostile_text_is_refused_in_a_sentence(text: str | bytes, code: str) -> None:
    error = refused(text)
    assert error.code == code
    assert len(error.message) < 400


def test_bytes_that_are_no_text_name_their_line() -> None:
    assert "(line 2)" in refused(b"a = 1\nb = '\xff'").message


def test_the_name_of_the_file_is_the_callers() -> None:
    with pytest.raises(UsageError, match=r"`other\.toml`"):
        decode_manifest("a", "other.toml")


def test_a_problem_outside_of_lists_has_no_id() -> None:
    assert ManifestError("m", [Problem("x[zz]", "is odd", "odd")], {"x": []}).message == "`x[zz]` is odd (in `m`)"
