"""What peers send: every reader of a list, and StopNCII's bodies, give sound records or a named trouble."""

from collections.abc import Callable
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["unseen.exchange.peers"]):
    from unseen.exchange.peers.lists import csv_lists, json_lines
    from unseen.exchange.peers.local_file import lines
    from unseen.exchange.peers.ncmec import entries
    from unseen.exchange.peers.record import Batch, PeerTrouble
    from unseen.exchange.peers.stopncii import records

from tests.fuzz.harness import fuzz
from unseen.exchange.peers.tests.formats import FORMATS, ONE, TWO

READERS: tuple[Callable[[bytes], Batch], ...] = (
    records.read_submitted,
    entries.read,
    lines.read,
    csv_lists.read,
    json_lines.read,
    lambda data: records.read_feedback(data)[1],
)


def one(data: bytes) -> None:
    """The first byte chooses the reader."""
    if not data:
        return
    with suppress(PeerTrouble):
        batch = READERS[data[0] % len(READERS)](data[1:])
        for record in batch.records:
            assert record.theirs, "what is taken has a name"
            assert record.withdrawn is (record.value == b""), "what is withdrawn has no value"
            assert record.withdrawn or (len(record.value) == 32 and any(record.value)), (
                "a value is a fingerprint"
            )
        for refused in batch.refused:
            assert len(refused.digest) == 64, "what is put aside has a digest"


def main() -> None:
    seeds = [
        bytes([number]) + form.sample([ONE, TWO, "0" * 64])
        for number, form in enumerate(FORMATS)
        if READERS[number] is form.read
    ]
    feedback = f'{{"hashFeedbacks": [{{"hashValue": "{ONE}", "feedbackValue": "Blocked", "tags": []}}]}}'
    fuzz("fuzz_peers", [*seeds, b"\x05" + feedback.encode()], one)


if __name__ == "__main__":
    main()
