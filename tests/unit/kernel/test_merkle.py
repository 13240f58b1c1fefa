"""Merkle trees: RFC 6962's definitions, Certificate Transparency's known answers, and proofs that cannot be bent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.kernel.merkle import EMPTY_ROOT, Tree, leaf_hash, merkle_root, node_hash, verify_consistency, verify_inclusion

# Certificate Transparency's reference test vectors (google/certificate-transparency, merkle_tree_test).
CT_LEAVES = [
    bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [b"%d" % each for each in range(count)]


def tree_of(count: int) -> Tree:
    return Tree(leaf_hash(each) for each in leaves(count))


def definition(data: Sequence[bytes]) -> bytes:
    """Return the root as RFC 6962 section 2.1 defines it, word for word."""
    if len(data) < 2:
        return hashlib.sha256(b"\x00" + data[0]).digest() if data else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(data):
        split *= 2
    return hashlib.sha256(b"\x01" + definition(data[:split]) + definition(data[split:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_certificate_transparency(size: int) -> None:
    assert merkle_root(CT_LEAVES[:size]).hex() == CT_ROOTS[size]
    assert Tree(map(leaf_hash, CT_LEAVES)).root(size).hex() == CT_ROOTS[size]


def test_every_root_is_the_definitions() -> None:
    tree = tree_of(70)
    assert [tree.root(size) for size in range(71)] == [definition(leaves(size)) for size in range(71)]
    assert tree.root(0) == EMPTY_ROOT


def test_append_returns_the_index() -> None:
    tree = Tree()
    assert [tree.append(leaf_hash(each)) for each in leaves(5)] == [0, 1, 2, 3, 4]
    assert len(tree) == 5


def test_a_leaf_is_never_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert node_hash(left, right) != leaf_hash(left + right)


@given(st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_what_is_cut_off_is_forgotten(first: int, second: int) -> None:
    size, cut = max(first, second), min(first, second)
    tree = tree_of(size)
    tree.truncate(cut)
    assert tree.root() == merkle_root(leaves(cut))
    tree.append(leaf_hash(b"other"))
    assert tree.root() == merkle_root([*leaves(cut), b"other"])


def test_every_inclusion_proof_up_to_40_verifies() -> None:
    tree = tree_of(40)
    for size in range(1, 41):
        for index in range(size):
            verify_inclusion(leaf_hash(leaves(size)[index]), index, size, tree.inclusion(index, size), tree.root(size))


def test_every_consistency_proof_up_to_40_verifies() -> None:
    tree = tree_of(40)
    for new in range(41):
        for old in range(new + 1):
            verify_consistency(old, new, tree.consistency(old, new), tree.root(old), tree.root(new))


def test_the_proofs_of_rfc_6962_section_2_1_3() -> None:
    """The example tree of seven leaves, with its nodes named as in the RFC."""
    a, b, c, d, e, f, j = (leaf_hash(each) for each in leaves(7))
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k = node_hash(g, h)
    tree = tree_of(7)
    assert tree.inclusion(0) == [b, h, node_hash(i, j)]
    assert tree.inclusion(3) == [c, g, node_hash(i, j)]
    assert tree.inclusion(4) == [f, j, k]
    assert tree.inclusion(6) == [i, k]
    assert tree.consistency(3) == [c, d, g, node_hash(i, j)]
    assert tree.consistency(4) == [node_hash(i, j)]
    assert tree.consistency(6) == [i, j, k]


@given(st.integers(1, 200), st.data())
@settings(max_examples=80, deadline=None)
def test_a_bent_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    tree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof, root, hashed = tree.inclusion(index), tree.root(), leaf_hash(leaves(size)[index])
    other = data.draw(st.integers(-1, size + 1).filter(lambda each: each != index))
    bent = [
        (leaf_hash(b"other"), index, size, proof, root),
        (hashed, other, size, proof, root),
        (hashed, index, size, [*proof, b"\0" * 32], root),
        (hashed, index, size, proof, hashlib.sha256(root).digest()),
        (hashed, index, 0, proof, root),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bent.append((hashed, index, size, proof[:at] + proof[at + 1 :], root))
        bent.append((hashed, index, size, [*proof[:at], hashlib.sha256(proof[at]).digest(), *proof[at + 1 :]], root))
    for hashed_, index_, size_, proof_, root_ in bent:
        with pytest.raises(IntegrityError) as caught:
            verify_inclusion(hashed_, index_, size_, proof_, root_)
        assert caught.value.code == "inclusion"


@given(st.integers(1, 150), st.integers(1, 150), st.data())
@settings(max_examples=80, deadline=None)
def test_a_bent_consistency_proof_is_refused(first: int, second: int, data: st.DataObject) -> None:
    old, new = min(first, second), max(first, second)
    tree = tree_of(new)
    proof, old_root, new_root = tree.consistency(old), tree.root(old), tree.root(new)
    wrong = hashlib.sha256(b"wrong").digest()
    bent = [
        (old, new, proof, wrong, new_root),
        (old, new, proof, old_root, wrong),
        (old, new, [*proof, wrong], old_root, new_root),
        (new + 1, new, proof, old_root, new_root),
        (-1, new, proof, old_root, new_root),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bent.append((old, new, proof[:at] + proof[at + 1 :], old_root, new_root))
        bent.append((old, new, [*proof[:at], wrong, *proof[at + 1 :]], old_root, new_root))
    for old_, new_, proof_, old_root_, new_root_ in bent:
        with pytest.raises(IntegrityError) as caught:
            verify_consistency(old_, new_, proof_, old_root_, new_root_)
        assert caught.value.code == "fork"


def test_a_fork_has_no_proof() -> None:
    ours, theirs = tree_of(9), Tree(leaf_hash(each) for each in [*leaves(4), b"other", *leaves(9)[5:]])
    with pytest.raises(IntegrityError, match="does not continue"):
        verify_consistency(6, 9, theirs.consistency(6), ours.root(6), theirs.root(9))


def test_an_empty_log_is_the_beginning_of_every_log() -> None:
    root = tree_of(3).root()
    verify_consistency(0, 3, [], EMPTY_ROOT, root)
    for proof, old_root in (([root], EMPTY_ROOT), ([], root)):
        with pytest.raises(IntegrityError):
            verify_consistency(0, 3, proof, old_root, root)


def test_what_the_tree_does_not_hold_cannot_be_asked_for() -> None:
    tree = tree_of(3)
    with pytest.raises(ValueError, match="holds 3 leaves, not 4"):
        tree.root(4)
    with pytest.raises(ValueError, match="no leaf 3 in a tree of 3"):
        tree.inclusion(3)
    with pytest.raises(ValueError, match="no leaf -1"):
        tree.inclusion(-1)
    with pytest.raises(ValueError, match="a tree of 2 has no prefix of 3"):
        tree.consistency(3, 2)
