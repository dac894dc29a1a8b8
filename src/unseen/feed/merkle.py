"""The tree over the lines of a feed: RFC 6962, section 2.1, grown without keeping the leaves."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256().digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the full subtrees of a tree of `size` leaves, the widest first: all that growing it needs."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def grown(self, leaves: Sequence[bytes]) -> "Frontier":
        """With these leaves appended. Works level by level, so it costs one digest a leaf."""
        by_level = dict(zip(_levels(self.size), self.roots, strict=True))
        nodes, left, level = list(leaves), {}, 0
        while nodes or level in by_level or any(above > level for above in by_level):
            if level in by_level:
                nodes.insert(0, by_level.pop(level))
            if len(nodes) % 2:
                left[level] = nodes.pop()
            nodes = _parents(nodes)
            level += 1
        return Frontier(self.size + len(leaves), tuple(left[one] for one in sorted(left, reverse=True)))

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.roots:
            return EMPTY_ROOT
        found = self.roots[-1]
        for wider in reversed(self.roots[:-1]):
            found = _parent(wider, found)
        return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree of these leaves."""
    return Frontier().grown(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of one leaf (RFC 6962, 2.1.1), the nearest first."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split])]


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that this path leads to, or None where its length is wrong (RFC 9162, 2.1.3.2)."""
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if position % 2 or position == last:
            found = _parent(sibling, found)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            found = _parent(found, sibling)
        position, last = position >> 1, last >> 1
    return found if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _levels(size: int) -> list[int]:
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


def _parents(nodes: Sequence[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    return [sha256(b"\1" + nodes[at] + nodes[at + 1]).digest() for at in range(0, len(nodes), 2)]


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
