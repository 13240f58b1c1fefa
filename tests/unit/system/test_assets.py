"""Assets: what is declared, what identifies it, and what the release digest binds."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.merkle import EMPTY_ROOT
from tetrapylon.system.assets import (
    Asset,
    Computed,
    Declared,
    Described,
    OnDisk,
    Selected,
    declared,
    described_digest,
    diff,
    folder_digest,
    hosted_digest,
    release_digest,
    with_release,
)
from tetrapylon.system.decode import decode_manifest

ONE, TWO = sha256(b"1"), sha256(b"2")


def by_key(found: list[Declared]) -> dict[tuple[str, str], Declared]:
    return {(each.kind, each.id): each for each in found}


def test_everything_that_is_declared_is_an_asset(whole: str) -> None:
    found = by_key(declared(decode_manifest(whole), settings={"network": False}, policy=ONE))
    assert set(found) == {
        ("manifest", "manifest"),
        ("configuration", "settings"),
        ("policy", "gate"),
        ("code", "code"),
        ("lock", "requirements.lock"),
        ("guard", "guards/input.toml"),
        ("policy", "policies/access.cedar"),
        ("model-file", "digit-reader"),
        ("model-hosted", "assistant"),
        ("model-hosted", "assistant-b"),
        ("dataset", "digits"),
        ("prompt", "assistant-system"),
        ("tool", "lookup"),
        ("tool", "refund"),
        ("supplier", "acme-llm"),
        ("location", "home"),
        ("environment", "production"),
    }
    assert found["code", "code"] == Selected("code", "code", ("src/**/*.py", "tools"), "system.code")
    model = OnDisk("model-file", "digit-reader", "models/digit-reader.onnx", "model[0].path", "models/digit-reader.sig")
    assert found["model-file", "digit-reader"] == model
    assert found["lock", "requirements.lock"].at == "system.locks[0]"  # type: ignore[union-attr]  # it is OnDisk
    refund = found["tool", "refund"]
    assert isinstance(refund, Described)
    assert (refund.path, refund.at, refund.declaration["effect"]) == ("tools/refund.schema.json", "tool[1].arguments", "irreversible")
    assert found["policy", "gate"] == Computed("policy", "gate", ONE)


def test_without_settings_policy_and_code_there_are_no_such_assets(whole: str) -> None:
    bare = whole.replace('code = ["src/**/*.py", "tools"]\n', "").replace('policies = ["policies/access.cedar"]\n', "")
    assert {"configuration", "policy", "code"}.isdisjoint(each.kind for each in declared(decode_manifest(bare)))


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("# a comment", "# another", set()),
        ("temperature = 0", "temperature = 1", {("model-hosted", "assistant")}),
        ('snapshot = "2025-01-01"\n', "", {("model-hosted", "assistant")}),
        ("http://127.0.0.1:8601/v1", "http://127.0.0.1:8602/v1", {("model-hosted", "assistant-b")}),
        ('effect = "read"', 'effect = "write"', {("tool", "lookup")}),
        ("budget = 3", "budget = 4", {("tool", "refund")}),
        ('name = "Acme"', 'name = "Acme Ltd"', {("supplier", "acme-llm")}),
        ('country = "NL"', 'country = "BE"', {("location", "home")}),
        ("sensitive = true", "sensitive = false", {("environment", "production")}),
        ('release = "1.0.0"', 'release = "1.0.1"', set()),
    ],
)
def test_an_edit_changes_only_what_it_touches(whole: str, old: str, new: str, changes: set[tuple[str, str]]) -> None:
    text = "# a comment\n" + whole
    assert old in text
    before = by_key(declared(decode_manifest(text)))
    after = by_key(declared(decode_manifest(text.replace(old, new, 1))))
    found = {key for key in before if before[key] != after[key]}
    manifest = {("manifest", "manifest")} if not old.startswith("#") else set()
    assert found == changes | manifest


def test_the_configuration_follows_the_settings(whole: str) -> None:
    manifest = decode_manifest(whole)
    digests = {
        by_key(declared(manifest, settings={"network": value}))["configuration", "settings"].digest  # type: ignore[union-attr]  # it is Computed
        for value in (False, True)
    }
    assert len(digests) == 2


def test_a_hosted_model_is_what_interfaces_says() -> None:
    said = '{"decoding":{"temperature":0},"model":"m","provider":"p","snapshot":"unpinned","url":"http://h/"}'
    expected = "sha256:" + hashlib.sha256(said.encode()).hexdigest()
    assert hosted_digest("p", "http://h/", "m", None, {"temperature": 0}) == expected
    assert hosted_digest("p", "http://h/", "m", "2025", {"temperature": 0}) != expected


def test_a_folder_binds_names_and_not_order() -> None:
    digest = folder_digest([("b", TWO), ("a", ONE)])
    assert digest == folder_digest([("a", ONE), ("b", TWO)])
    assert digest == sha256(canonical_json([["a", ONE], ["b", TWO]]))
    assert digest != folder_digest([("a", TWO), ("b", ONE)])
    assert digest != folder_digest([("a", ONE), ("c", TWO)])


def test_a_described_asset_binds_declaration_and_file() -> None:
    digests = {described_digest({"effect": effect}, file) for effect in ("read", "write") for file in (ONE, TWO, None)}
    assert len(digests) == 6


def test_the_release_digest_is_an_rfc_6962_root_worked_out_by_hand() -> None:
    def leaf(kind: str, name: str, digest: Digest) -> bytes:
        return hashlib.sha256(b"\x00" + json.dumps([kind, name, digest], separators=(",", ":")).encode()).digest()

    assets = [Asset("prompt", "p", ONE), Asset("code", "c", TWO, "src"), Asset("model-file", "m", ONE)]
    left = hashlib.sha256(b"\x01" + leaf("code", "c", TWO) + leaf("model-file", "m", ONE)).digest()
    root = hashlib.sha256(b"\x01" + left + leaf("prompt", "p", ONE)).hexdigest()
    assert release_digest(assets) == f"sha256:{root}"
    assert release_digest(reversed(assets)) == f"sha256:{root}"
    assert release_digest([]) == f"sha256:{EMPTY_ROOT.hex()}"


def test_the_release_does_not_count_itself() -> None:
    assets = [Asset("prompt", "p", ONE), Asset("code", "c", TWO)]
    sealed = with_release(assets)
    assert sealed == [assets[1], assets[0], Asset("release", "release", release_digest(assets))]
    assert with_release(sealed) == sealed


kinds = st.sampled_from(["code", "prompt", "model-file"])
some = st.lists(st.builds(Asset, kinds, st.sampled_from("abc"), st.sampled_from([ONE, TWO])), unique_by=lambda each: (each.kind, each.id))


@given(some, some)
def test_release_digests_are_equal_only_without_a_difference(old: list[Asset], new: list[Asset]) -> None:
    found = diff(old, new)
    assert bool(found) == (release_digest(old) != release_digest(new))
    kept = [each for each in old if each not in found.removed and each not in {before for before, _ in found.changed}]
    assert release_digest([*kept, *found.added, *(after for _, after in found.changed)]) == release_digest(new)


def test_a_diff_says_what_and_ignores_paths_and_the_release() -> None:
    old = with_release([Asset("prompt", "p", ONE, "a.md"), Asset("code", "c", ONE), Asset("lock", "l", ONE)])
    new = with_release([Asset("prompt", "p", ONE, "b.md"), Asset("code", "c", TWO), Asset("guard", "g", ONE)])
    found = diff(old, new)
    assert found.added == (Asset("guard", "g", ONE),)
    assert found.removed == (Asset("lock", "l", ONE),)
    assert found.changed == ((Asset("code", "c", ONE), Asset("code", "c", TWO)),)
