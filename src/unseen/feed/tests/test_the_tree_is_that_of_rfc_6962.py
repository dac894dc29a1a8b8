"""Roots equal the recursive definition of RFC 6962, 2.1, however a tree grew; proofs lead to them."""

import hashlib
import os

import pytest

from unseen.feed.merkle import EMPTY_ROOT, Frontier, inclusion_proof, root_by_inclusion, root_of


def _by_definition(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + _by_definition(leaves[:split]) + _by_definition(leaves[split:])).digest()


@pytest.mark.parametrize("size", [*range(18), 31, 32, 33, 64, 65, 100])
def test_a_tree_grown_in_parts_has_the_same_root(size: int) -> None:
    leaves = [os.urandom(32) for _ in range(size)]
    for middle in range(0, size + 1, 3):
        assert Frontier().grown(leaves[:middle]).grown(leaves[middle:]).root() == _by_definition(leaves)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 21])
def test_a_proof_leads_from_its_own_leaf_only(size: int) -> None:
    leaves = [os.urandom(32) for _ in range(size)]
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(leaves, index)
        assert root_by_inclusion(leaf, index, size, proof) == root_of(leaves)
        assert root_by_inclusion(os.urandom(32), index, size, proof) != root_of(leaves)
        assert root_by_inclusion(leaf, index, size, [*proof, leaf]) != root_of(leaves)
