"""Making and rotating the root of trust, and whether a TUF client agrees."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import Grant, read_root
from tetrapylon.evidence.roots import LogIdentity, RootChanges, RootHolders, make_root, role_grants, rotate_root, sign_root
from tetrapylon.evidence.signers.file import FileSigner, generate_key
from tetrapylon.evidence.trust import verify_chain
from tetrapylon.kernel.errors import IntegrityError, UsageError

LOG_KEYS = (generate_key("ed25519").key, generate_key("ml-dsa-44").key)
ROOTS = [generate_key("ecdsa-p256") for _ in range(3)]
NEW_ROOTS = [generate_key("ecdsa-p256") for _ in range(3)]
BUILD = generate_key("ecdsa-p256").key
FROM, UNTIL = "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"


def held_by(signers: list[FileSigner], threshold: int = 2, online: tuple[PublicKey, ...] = ()) -> RootHolders:
    return RootHolders([each.key for each in signers], threshold, online)


def grants(**keys: PublicKey) -> tuple[Grant, ...]:
    return role_grants(keys, not_before=FROM, not_after=UNTIL, demo=False)


def fresh(**changes: Any) -> bytes:
    given: dict[str, Any] = {
        "system": "desk",
        "holders": held_by(ROOTS),
        "log": LogIdentity("tetrapylon.example/desk", LOG_KEYS),
        "grants": grants(build=BUILD),
        "expires": "2035-01-01T00:00:00Z",
    }
    return make_root(**(given | changes))


def tuf_root(data: bytes) -> Any:
    from tuf.api.metadata import Metadata, Root

    return Metadata[Root].from_bytes(data)


def test_python_tuf_verifies_a_root_of_ours_with_two_of_three() -> None:
    from tuf.api.exceptions import UnsignedMetadataError

    unsigned = fresh()
    alone = tuf_root(sign_root(unsigned, ROOTS[:1]))
    with pytest.raises(UnsignedMetadataError):
        alone.signed.verify_delegate("root", alone.signed_bytes, alone.signatures)
    signed = tuf_root(sign_root(unsigned, ROOTS[1:]))
    signed.signed.verify_delegate("root", signed.signed_bytes, signed.signatures)
    assert signed.signed_bytes == read_root(unsigned).signed
    result = signed.signed.get_verification_result("root", signed.signed_bytes, signed.signatures)
    assert result.verified
    assert len(result.signed) == 2


def test_python_tuf_agrees_with_a_rotation_of_all_root_keys() -> None:
    first = sign_root(fresh(), ROOTS[:2])
    rotated = rotate_root(first, RootChanges("2036-01-01T00:00:00Z", holders=held_by(NEW_ROOTS)))
    old, full = tuf_root(first), tuf_root(sign_root(rotated, [*ROOTS[1:], *NEW_ROOTS[:2]], first))
    assert full.signed.get_root_verification_result(old.signed, full.signed_bytes, full.signatures).verified
    half = tuf_root(sign_root(rotated, [*ROOTS[:1], *NEW_ROOTS], first))
    assert not half.signed.get_root_verification_result(old.signed, half.signed_bytes, half.signatures).verified


def test_python_tuf_client_walks_our_chain_and_refuses_a_rollback() -> None:
    from tuf.api.exceptions import BadVersionNumberError
    from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
    from tuf.ngclient.config import EnvelopeType

    first = sign_root(fresh(), ROOTS[:2])
    second = sign_root(rotate_root(first, RootChanges("2036-01-01T00:00:00Z")), ROOTS[:2])
    client = TrustedMetadataSet(first, EnvelopeType.METADATA)
    client.update_root(second)
    assert client.root.version == 2
    with pytest.raises(BadVersionNumberError):
        client.update_root(first)


def test_signatures_gather_from_holder_to_holder_and_give_the_same_file_in_any_order() -> None:
    unsigned = fresh()
    one_by_one = sign_root(sign_root(unsigned, ROOTS[:1]), ROOTS[1:2])
    assert one_by_one == sign_root(unsigned, ROOTS[:2][::-1])
    assert verify_chain([one_by_one], one_by_one, check_native).anchored


def test_only_root_keys_sign_a_root() -> None:
    stranger = generate_key("ecdsa-p256")
    with pytest.raises(UsageError) as caught:
        sign_root(fresh(), [stranger])
    assert caught.value.code == "not-a-root-key"
    first = sign_root(fresh(), ROOTS)
    rotated = rotate_root(first, RootChanges("2036-01-01T00:00:00Z", holders=held_by(NEW_ROOTS)))
    with pytest.raises(UsageError):
        sign_root(rotated, ROOTS)


def test_revoking_keeps_the_grant_and_its_earliest_moment() -> None:
    first, build = fresh(), BUILD.keyid
    second = rotate_root(first, RootChanges("2036-01-01T00:00:00Z", revoke={build: "2026-05-01T00:00:00Z"}))
    later = rotate_root(second, RootChanges("2036-01-01T00:00:00Z", revoke={build: "2026-07-01T00:00:00Z"}))
    sooner = rotate_root(later, RootChanges("2036-01-01T00:00:00Z", revoke={build: "2026-03-01T00:00:00Z"}))
    assert [read_root(each).grants[build].revoked_at for each in (first, second, later, sooner)] == [
        None,
        "2026-05-01T00:00:00Z",
        "2026-05-01T00:00:00Z",
        "2026-03-01T00:00:00Z",
    ]
    assert [read_root(each).version for each in (first, second, later, sooner)] == [1, 2, 3, 4]


def test_adding_a_grant_and_new_log_keys_leaves_the_rest() -> None:
    scanner, log = generate_key("ecdsa-p256").key, (LOG_KEYS[0], generate_key("ml-dsa-44").key)
    root = read_root(rotate_root(fresh(), RootChanges("2036-01-01T00:00:00Z", add=grants(scanner=scanner), log_keys=log)))
    assert {each.roles for each in root.grants.values()} == {("build",), ("scanner",)}
    assert root.log_keys == log
    assert root.root_keys == read_root(fresh()).root_keys


def test_a_change_that_is_none_is_refused() -> None:
    for changes, code in (
        (RootChanges("2036-01-01T00:00:00Z", revoke={"00" * 32: FROM}), "unknown-key"),
        (RootChanges("2036-01-01T00:00:00Z", add=grants(reviewer=BUILD)), "granted-already"),
        (RootChanges("tomorrow"), "unsound-root"),
        (RootChanges("2036-01-01T00:00:00Z", revoke={BUILD.keyid: "now"}), "unsound-root"),
    ):
        with pytest.raises(UsageError) as caught:
            rotate_root(fresh(), changes)
        assert caught.value.code == code
    with pytest.raises(IntegrityError):
        rotate_root(b"{}", RootChanges("2036-01-01T00:00:00Z"))


@pytest.mark.parametrize(
    "changes",
    [
        {"holders": held_by(ROOTS, 4)},
        {"holders": held_by(ROOTS, 0)},
        {"holders": held_by([ROOTS[0], ROOTS[0]])},
        {"holders": RootHolders(LOG_KEYS, 1)},
        {"system": ""},
        {"log": LogIdentity("tetrapylon.example/desk", LOG_KEYS[:1])},
        {"log": LogIdentity("a b", LOG_KEYS)},
        {"grants": grants(build=BUILD, reviewer=BUILD)},
        {"grants": role_grants({"build": BUILD}, not_before=UNTIL, not_after=FROM, demo=False)},
        {"expires": "2035-01-01"},
    ],
)
def test_what_makes_no_sound_root_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        fresh(**changes)
    assert caught.value.code == "unsound-root"


def test_online_keys_sign_the_daily_roles_alone() -> None:
    online = generate_key("ecdsa-p256")
    made = fresh(holders=held_by(ROOTS, online=(online.key,)))
    roles = json.loads(made)["signed"]["roles"]
    assert roles["snapshot"] == roles["timestamp"] != roles["root"] == roles["targets"]
    assert verify_chain([sign_root(made, ROOTS[:2])], None, check_native).root.threshold == 2
    with pytest.raises(UsageError):
        sign_root(made, [online])


def test_a_root_is_the_same_bytes_every_time() -> None:
    assert sign_root(fresh(), ROOTS[:2]) == sign_root(fresh(), ROOTS[:2])


def test_role_grants_name_their_holders() -> None:
    made = role_grants(
        {"build": BUILD, "reviewer": ROOTS[0].key}, not_before=FROM, not_after=UNTIL, demo=True, holders={"reviewer": "rev-1"}
    )
    assert [(each.holder, each.roles, each.demo) for each in made] == [("build", ("build",), True), ("rev-1", ("reviewer",), True)]
