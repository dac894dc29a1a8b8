import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.exchange.peers.record import Batch, PeerKind, PeerTrouble, Reason
from unseen.exchange.peers.tests.formats import FORMATS, ONE, TWO, Format

pytestmark = pytest.mark.thorough

every = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


def test_what_is_right_is_read_with_a_name_of_its_own() -> None:
    for form in FORMATS:
        batch = form.read(form.sample([ONE, TWO]))
        assert [record.value.hex() for record in batch.records] == [ONE, TWO], form.name
        assert len({record.theirs for record in batch.records}) == 2, form.name
        assert not batch.refused, form.name


@every
def test_capital_letters_are_the_same_fingerprint(form: Format) -> None:
    assert form.read(form.sample([ONE.upper()])).records[0].value.hex() == ONE


@every
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0" * 64, Reason.ALL_ZERO),
        ("f8" * 31, Reason.MALFORMED),
        ("f8" * 33, Reason.MALFORMED),
        ("g8" * 32, Reason.MALFORMED),
        ("\N{FULLWIDTH DIGIT ONE}" * 64, Reason.MALFORMED),
        ("f8" * 16, Reason.MALFORMED),
        ("ab" * 20_000, Reason.OVERSIZED),
    ],
)
def test_what_is_wrong_is_put_aside_and_its_neighbour_stays(form: Format, text: str, reason: Reason) -> None:
    batch = form.read(form.sample([text, ONE]))
    assert [record.value.hex() for record in batch.records] == [ONE]
    # A table's cell that is too long makes its whole line too long; some readers see the value before the size.
    assert len(batch.refused) == 1
    assert batch.refused[0].reason in {reason, Reason.MALFORMED}
    assert len(batch.refused[0].digest) == 64


def sound(batch: Batch) -> None:
    """What must hold for whatever was sent."""
    for record in batch.records:
        assert 0 < len(record.theirs) <= 200
        assert record.theirs.isprintable()
        assert record.changed_at >= 0
        assert (record.value == b"") if record.withdrawn else (len(record.value) == 32 and any(record.value))
        assert record.kind in set(PeerKind)
    for refused in batch.refused:
        assert len(refused.digest) == 64
        assert len(refused.theirs) <= 200


@every
@given(raw=st.binary(max_size=2_000))
def test_any_bytes_are_a_batch_or_a_named_trouble(form: Format, raw: bytes) -> None:
    with suppress(PeerTrouble):
        sound(form.read(raw))


@every
def test_ten_thousand_damaged_samples_bring_no_crash_and_nothing_unsound(form: Format) -> None:
    drawn = random.Random(7)  # noqa: S311 - damage drawn by a seed
    sample = form.sample([ONE, TWO, "0" * 64])
    words = [
        b"<",
        b">",
        b"&x;",
        b'"',
        b"{",
        b"[" * 50,
        b"\x00",
        b"\xff",
        b"null",
        b"-1",
        b"1e400",
        b",",
        b"\n",
        b"\\u0000",
    ]
    for _ in range(2_000):
        raw = bytearray(sample)
        for _ in range(drawn.randrange(1, 5)):
            at = drawn.randrange(len(raw))
            what = drawn.randrange(4)
            if what == 0:
                raw[at] = drawn.randrange(256)
            elif what == 1:
                raw[at:at] = drawn.choice(words)
            elif what == 2:
                del raw[at : at + drawn.randrange(1, 40)]
            else:
                raw[at:at] = raw[at : at + drawn.randrange(1, 200)]
            raw = raw or bytearray(b"x")
        with suppress(PeerTrouble):
            sound(form.read(bytes(raw)))
