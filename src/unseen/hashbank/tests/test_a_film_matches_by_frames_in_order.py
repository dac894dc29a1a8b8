import hashlib

import pytest

from unseen.domain.fingerprint import Fingerprint
from unseen.domain.report import MaterialKind, ReportedMaterial
from unseen.hashbank.queries import search
from unseen.hashbank.tests.banked import work
from unseen.intake.tests.reports import a_report

pytestmark = pytest.mark.django_db

VALUES = [int.from_bytes(hashlib.sha256(bytes([number])).digest()) for number in range(20)]


def frame(number: int, at_s: float | None, bits_off: int = 0) -> Fingerprint:
    """The look of that number, some bits off."""
    value = VALUES[number] ^ ((1 << bits_off) - 1)
    return Fingerprint(value.to_bytes(32, "big"), 90, at_s=at_s)


def bank_a_film() -> None:
    """Ten seconds, a look each."""
    a_report(ReportedMaterial(MaterialKind.VIDEO, tuple(frame(each, float(each)) for each in range(10))))
    work()


def test_frames_that_follow_each_other_match() -> None:
    bank_a_film()
    clip = [frame(3 + each, float(each), 8) for each in range(4)]
    assert [match.distance_bits for match in search(clip)] == [8]


def test_one_chance_frame_of_a_longer_film_matches_nothing() -> None:
    bank_a_film()
    film = [frame(10 + each, float(each)) for each in range(8)]
    assert search([*film, frame(4, 8.0, 25)]) == ()


def test_frames_in_another_order_match_nothing() -> None:
    bank_a_film()
    assert search([frame(9 - each, float(each), 25) for each in range(0, 10, 2)]) == ()


def test_a_still_picture_of_the_film_matches_by_itself() -> None:
    bank_a_film()
    assert [match.distance_bits for match in search([frame(4, None, 25)])] == [25]
