from dataclasses import fields
from itertools import product

from unseen.domain.feed import FeedEntry, may_be_shared


def test_consent_quality_and_no_withdrawal_are_all_needed() -> None:
    for quality, consented, withdrawn in product((0, 49, 50, 100), (True, False), (True, False)):
        shared = may_be_shared(quality=quality, consented=consented, withdrawn=withdrawn)
        assert shared == (quality >= 50 and consented and not withdrawn)


def test_an_entry_has_no_room_for_a_person_a_case_or_a_time() -> None:
    assert [field.name for field in fields(FeedEntry)] == ["sequence", "entry", "operation", "pdq", "quality"]
