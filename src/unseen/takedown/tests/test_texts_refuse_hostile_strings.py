from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain.notice import ChosenLaws, NoticeDraft, Rung
from unseen.takedown.tests.test_texts_carry_every_element import DRAFT, FIRST, LAWS, NOW
from unseen.takedown.texts import NoticeRefused, PreviousNotice, write_notice

US = ChosenLaws(LAWS["us-tida"])


@pytest.mark.parametrize(
    ("draft", "part"),
    [
        (replace(DRAFT, reference="U-1\r\nBcc: a@b.test"), "reference"),
        (replace(DRAFT, reference="Jane Doe"), "reference"),
        (replace(DRAFT, reference="U" * 65), "reference"),
        (replace(DRAFT, organisation="Centre\nX"), "organisation"),
        (replace(DRAFT, organisation="C" * 201), "organisation"),
        (replace(DRAFT, signatory="A\u2028B"), "signatory"),
        (replace(DRAFT, signatory="A\u202eB"), "signatory"),
        (replace(DRAFT, contact_email="help@centre.test\n"), "contact_email"),
        (replace(DRAFT, locations=("https://a.test/\r\n-- end --",)), "location 1"),
        (replace(DRAFT, locations=("https://a.test/", "https://a.test/ b")), "location 2"),
        (replace(DRAFT, locations=("https://a.test/\u2029b",)), "location 1"),
        (replace(DRAFT, locations=("https://a.test/\x00",)), "location 1"),
        (replace(DRAFT, locations=("--end--",)), "location 1"),
        (replace(DRAFT, locations=("https://a.test/" + "a" * 2_048,)), "location 1"),
        (replace(DRAFT, statement="She is my classmate Jane."), "statement"),
        (replace(DRAFT, statement=""), "missing"),
        (replace(DRAFT, locations=()), "missing"),
        (replace(DRAFT, good_faith=False), "missing"),
        (replace(DRAFT, representative=False), "authority"),
    ],
)
def test_a_part_that_could_smuggle_something_in_is_refused(draft: NoticeDraft, part: str) -> None:
    with pytest.raises(NoticeRefused) as caught:
        write_notice(draft, US, Rung.PLATFORM, "en")
    assert part in str(caught.value)
    assert "Jane" not in str(caught.value)
    assert "a.test" not in str(caught.value)


def test_deadline_words_and_addressees_of_the_record_are_one_line() -> None:
    with pytest.raises(NoticeRefused, match="deadline_words"):
        write_notice(DRAFT, US, Rung.PLATFORM, "en", (), "soon\n-- end --")
    with pytest.raises(NoticeRefused, match="addressee"):
        write_notice(DRAFT, US, Rung.HOST, "en", [PreviousNotice(Rung.PLATFORM, "A\nB", NOW)])


def test_a_second_notice_needs_the_first_with_its_receipt() -> None:
    for record in ([], [replace(FIRST, received_at=None)], [replace(FIRST, rung=Rung.HOST)]):
        with pytest.raises(NoticeRefused, match="second notice"):
            write_notice(DRAFT, US, Rung.PLATFORM_FINAL, "en", record)


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(NoticeRefused, match="'fr'"):
        write_notice(DRAFT, US, Rung.PLATFORM, "fr")


def test_a_record_without_time_zones_is_refused() -> None:
    naive = replace(FIRST, sent_at=NOW.replace(tzinfo=None))
    with pytest.raises(NoticeRefused, match="time zone"):
        write_notice(DRAFT, US, Rung.HOST, "en", [naive])


@given(st.text(max_size=40))
def test_whatever_the_location_the_block_stays_whole(text: str) -> None:
    draft = replace(DRAFT, locations=(f"https://a.test/{text}",))
    try:
        body = write_notice(draft, US, Rung.PLATFORM, "en").body
    except NoticeRefused:
        return
    lines = body.splitlines()
    assert lines[lines.index("-- locations --") + 1 : lines.index("-- end --")] == list(draft.locations)
