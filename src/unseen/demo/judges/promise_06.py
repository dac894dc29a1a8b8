"""Search misses nothing within the radius: it equals brute force."""

from collections.abc import Iterator

import numpy as np

from unseen.demo.judges.evidence import Evidence, Judgement, plain, rows, text
from unseen.fingerprint import FingerprintError, ImageFingerprint, fingerprint
from unseen.matching import Bank
from unseen.testing.internet.truth import Copy

_RADIUS_BITS = 31  # PDQ: facebook/ThreatExchange, hashing.pdf
_QUALITY_MIN = 50


def judge(evidence: Evidence) -> Judgement:
    truth, folder = evidence.world.internet.truth, evidence.world.folder
    known = {text(row[0], "casework_item.location") for row in rows("SELECT location FROM casework_item")}
    missed = [
        copy
        for copy in truth.copies()
        if copy.page_url not in known and not _of_the_withdrawn(evidence, copy)
    ]
    bystanders = {copy.page_url for copy in truth.bystanders()}
    faults = [f"a copy at {copy.platform} was never found" for copy in missed]
    faults += [f"{len(known & bystanders)} unrelated pictures became items"] if known & bystanders else []
    faults += (
        [f"{len(truth.bystanders_touched())} unrelated pictures were touched"]
        if truth.bystanders_touched()
        else []
    )
    entries = rows("SELECT id, pdq FROM hashbank_bankentry WHERE removed_at IS NULL")
    ids = np.array([row[0] for row in entries], dtype=np.uint64)
    bank = np.frombuffer(
        b"".join(plain(row[1], "hashbank_bankentry.pdq") for row in entries), dtype=np.uint8
    ).reshape(-1, 32)
    queries = np.frombuffer(b"".join(_public_values(evidence)), dtype=np.uint8).reshape(-1, 32)
    hits = Bank.open(folder / "data" / "bank").search(queries, radius_bits=_RADIUS_BITS)
    found = set(zip(hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True))
    bits = np.bitwise_count(queries[:, None, :] ^ bank[None, :, :]).sum(axis=2)
    expected = {
        (q, int(ids[e]), int(bits[q, e])) for q, e in zip(*np.nonzero(bits <= _RADIUS_BITS), strict=True)
    }
    if found != expected:
        faults.append(f"search gives {len(found)} hits, brute force {len(expected)}")
    tries = evidence.run.doors.tries
    faults += [
        f"an upload ({one.edit}, {one.whose}) at {one.platform} was {'turned away' if one.refused else 'taken'}"
        for one in tries
        if one.refused is not one.rightly
    ]
    if not any(one.refused for one in tries):
        faults.append("no upload door turned anything away")
    return faults, (
        f"{len(truth.copies())} copies, all found; {len(queries)} public files against {len(bank)} entries: "
        f"{len(expected)} hits, the same as brute force; {sum(one.refused for one in tries)} copies were turned away at upload"
    )


def _of_the_withdrawn(evidence: Evidence, copy: Copy) -> bool:
    """What was known of the withdrawn case is destroyed, and what appeared later is rightly not looked for."""
    case = evidence.world.internet.material[copy.material or ""].case
    return case == "second" and evidence.run.withdrawn_at is not None


def _public_values(evidence: Evidence) -> Iterator[bytes]:
    for medium in evidence.world.internet.truth.media():
        try:
            made = fingerprint(medium)
        except FingerprintError:
            continue
        frames = [made] if isinstance(made, ImageFingerprint) else made.frames
        yield from (bytes.fromhex(frame.pdq) for frame in frames if frame.quality >= _QUALITY_MIN)
