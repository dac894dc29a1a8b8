import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unseen.domain.notice import ChosenLaws, Element, Law, LawUse, NoticeDraft, Rung, choose_laws
from unseen.takedown.actions.steps import QUESTION_CHARACTERS_MAX
from unseen.takedown.directory import load_directory
from unseen.takedown.languages import TEXTS
from unseen.takedown.texts import (
    LANGUAGES,
    Answer,
    Nature,
    NoticeRefused,
    PreviousNotice,
    element_words,
    plain_deadline,
    statement,
    write_notice,
)

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LAWS = load_directory(shipped_parties=False).laws
DRAFT = NoticeDraft(
    reference="U-7F3K",
    organisation="서울지원센터",
    contact_email="help@centre.test",
    signatory="A. Kim",
    representative=True,
    good_faith=True,
    statement=statement(Nature.SYNTHETIC, "en"),
    locations=("https://prompt.test/p/1?a={b}&c=%7B0%7D", "https://prompt.test/m/a.jpg"),
)
FIRST = PreviousNotice(
    Rung.PLATFORM,
    "Prompt Pictures",
    NOW - timedelta(days=3),
    NOW - timedelta(days=3) + timedelta(minutes=1),
    NOW - timedelta(days=1) + timedelta(minutes=1),
    laws=(LAWS["us-tida"],),
)
FOR_NOTICES = [law for law in LAWS.values() if law.use is LawUse.NOTICE]
# Those that our own notices can give; the others need a person for one case.
GIVEN = frozenset(Element) - {
    Element.COPYRIGHT_WORK,
    Element.PENALTY_OF_PERJURY,
    Element.PROOF_OF_IDENTITY,
    Element.PROOF_OF_AUTHORITY,
}
ARTICLES = {
    "us-tida": ("223a",),
    "eu-dsa-16": ("16", "20", "21", "53"),
    "uk-osa": ("(3A)", "20A"),
    "kr-tba-22-5": ("22", "30", "삭제요청서"),
}


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("law", FOR_NOTICES, ids=lambda law: law.id)
def test_every_element_of_a_law_stands_in_its_own_section(law: Law, language: str) -> None:
    body = write_notice(DRAFT, ChosenLaws(law), Rung.PLATFORM, language).body
    section = body.partition(" 1: ")[2]
    for element in law.elements:
        assert element_words(law, element, DRAFT, language) in section
    for article in ARTICLES.get(law.id, ()):
        assert article in section


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_elements_that_need_facts_have_them(language: str) -> None:
    body = write_notice(DRAFT, choose_laws(LAWS.values(), NOW.date()), Rung.PLATFORM, language).body
    for fact in (DRAFT.reference, DRAFT.organisation, DRAFT.contact_email, f"/s/ {DRAFT.signatory}"):
        assert fact in body
    assert flat(statement(Nature.SYNTHETIC, language)) in flat(body)
    assert "{" not in body.replace(DRAFT.locations[0], "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rung", Rung)
def test_locations_stand_one_a_line_between_the_marks(rung: Rung, language: str) -> None:
    body = write_notice(DRAFT, ChosenLaws(LAWS["us-tida"]), rung, language, [FIRST]).body
    assert body.count("-- locations --\n") == body.count("\n-- end --\n") == 1
    block = body.partition("-- locations --\n")[2].partition("\n-- end --")[0]
    assert tuple(block.split("\n")) == DRAFT.locations


def test_one_section_for_each_law_the_primary_first() -> None:
    chosen = choose_laws([LAWS["eu-dsa-16"], LAWS["us-tida"], LAWS["uk-osa"]], NOW.date())
    body = write_notice(DRAFT, chosen, Rung.PLATFORM, "en").body
    headings = [line for line in body.splitlines() if line.startswith("Legal basis")]
    assert len(headings) == 3
    assert "223a" in headings[0]


def test_the_order_of_a_section_is_the_order_of_the_law() -> None:
    body = write_notice(DRAFT, ChosenLaws(LAWS["us-tida"]), Rung.PLATFORM, "en").body
    places = [body.index(mark) for mark in ("\n(i) ", "\n(ii) ", "\n(iii) ", "\n(iv) ")]
    assert places == sorted(places)


def test_the_subject_names_reference_and_rung() -> None:
    laws = ChosenLaws(LAWS["us-tida"])
    english = write_notice(DRAFT, laws, Rung.PLATFORM_FINAL, "en", [FIRST]).subject
    korean = write_notice(DRAFT, laws, Rung.PLATFORM, "ko").subject
    assert english == "[Notice U-7F3K] Request to remove an intimate image (second and final notice)"
    assert korean == "[Notice U-7F3K] 성적 촬영물 삭제 요청 (1차 요청)"


def test_hours_of_a_statute_and_hours_of_ours_are_told_apart() -> None:
    statutory = flat(write_notice(DRAFT, ChosenLaws(LAWS["us-tida"]), Rung.PLATFORM, "en").body)
    target = flat(write_notice(DRAFT, ChosenLaws(LAWS["kr-tba-22-5"]), Rung.PLATFORM, "en").body)
    assert "within 48 hours of receiving this notice, as the law named first below requires" in statutory
    assert "24 hours of receiving this notice (the time that our organisation has set" in target
    assert "as the law" not in plain_deadline(24, statutory=False, language="en")


def test_given_deadline_words_take_the_place_of_the_laws() -> None:
    body = write_notice(DRAFT, ChosenLaws(LAWS["us-tida"]), Rung.PLATFORM, "en", (), "by noon tomorrow").body
    assert "by noon tomorrow" in flat(body)
    assert "as the law named first" not in flat(body)


def test_the_second_notice_says_when_the_first_was_received_and_that_its_deadline_passed() -> None:
    body = write_notice(DRAFT, ChosenLaws(LAWS["us-tida"]), Rung.PLATFORM_FINAL, "en", [FIRST]).body
    assert "Received: 2026-11-17 09:31 UTC. Answer due: 2026-11-19 09:31 UTC." in flat(body)
    assert "the deadline has passed and the material is still available" in flat(body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hosts_and_regulators_get_the_record_with_dates_laws_and_answers(language: str) -> None:
    second = PreviousNotice(Rung.PLATFORM_FINAL, "Prompt Pictures", NOW, NOW, NOW, Answer.REFUSED)
    for rung, law_id in ((Rung.HOST, "host-abuse"), (Rung.REGULATOR, "regulator-complaint")):
        body = write_notice(DRAFT, ChosenLaws(LAWS[law_id]), rung, language, [FIRST, second]).body
        assert body.index("2026-11-17 09:30 UTC") < body.index("2026-11-20 09:30 UTC")
        assert body.count("Prompt Pictures") == 2
        assert "223a" in body


def test_without_a_record_nothing_is_claimed_to_have_been_asked() -> None:
    body = write_notice(DRAFT, ChosenLaws(LAWS["regulator-complaint"]), Rung.REGULATOR, "en").body
    assert "We asked" not in body
    assert "What was done before" not in body


def test_the_uk_duty_is_claimed_only_as_far_as_it_is_in_force() -> None:
    body = flat(write_notice(DRAFT, ChosenLaws(LAWS["uk-osa"]), Rung.PLATFORM, "en").body)
    assert "As far as these provisions" in body


def test_a_law_of_a_centre_without_wording_of_its_own_gets_every_element() -> None:
    own = replace(LAWS["us-tida"], id="own", elements=GIVEN)
    body = flat(write_notice(DRAFT, ChosenLaws(own), Rung.PLATFORM, "en").body)
    assert own.citation in body
    assert all(flat(element_words(own, element, DRAFT, "en")) in body for element in GIVEN)


def test_a_language_is_a_file_and_every_file_says_the_same_things() -> None:
    assert LANGUAGES[0] == "en"
    assert set(LANGUAGES) == {"en", "ko"}
    english = _shape(tomllib.loads((TEXTS / "en.toml").read_text("utf-8")))
    for language in LANGUAGES:
        assert _shape(tomllib.loads((TEXTS / f"{language}.toml").read_text("utf-8"))) == english


def _shape(table: dict[str, Any], before: str = "") -> dict[str, list[str]]:
    """Every key with the names that its text has filled in."""
    shape: dict[str, list[str]] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            shape |= _shape(value, f"{before}{key}.") or {f"{before}{key}": []}
        else:
            shape[f"{before}{key}"] = sorted(set(re.findall(r"\{(\w+)\}", str(value))))
    return shape


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_names_the_page_that_verifies_it_and_how_many_items_it_covers(language: str) -> None:
    laws = choose_laws([LAWS["us-tida"]], NOW.date())
    draft = replace(DRAFT, statement=statement(Nature.UNKNOWN, language))
    verify = "https://unseen.centre.test/verify"
    text = flat(write_notice(draft, laws, Rung.PLATFORM, language, items=3, verify=verify).body)
    assert verify in text
    assert text.count(draft.reference) >= 2
    assert re.search(r"\b3\b|3곳", text)
    assert verify not in flat(write_notice(draft, laws, Rung.PLATFORM, language).body)
    with pytest.raises(NoticeRefused, match="verify"):
        write_notice(draft, laws, Rung.PLATFORM, language, verify="https://x.test/\nBcc: a@b.test")


def test_all_that_is_missing_is_one_question_that_says_where_it_is_set() -> None:
    laws = choose_laws([LAWS["us-tida"], LAWS["eu-dsa-16"]], NOW.date())
    bare = replace(DRAFT, organisation=" ", contact_email="", signatory="")
    with pytest.raises(NoticeRefused) as refused:
        write_notice(bare, laws, Rung.PLATFORM, "en")
    for name in ("UNSEEN_ORGANISATION", "UNSEEN_ORGANISATION_EMAIL", "UNSEEN_SIGNATORY"):
        assert name in str(refused.value)
    assert len(f"This notice cannot be written: {refused.value}") <= QUESTION_CHARACTERS_MAX
