from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain.notice import RUNG_WORDS, Element, NoticeDraft, Rung, missing_elements
from unseen.domain.tests.test_notice_chooses_the_law import LAW

WHOLE = NoticeDraft(
    reference="U-1",
    organisation="Centre",
    contact_email="help@centre.test",
    signatory="A. Kim",
    representative=True,
    good_faith=True,
    statement="It was published without consent.",
    locations=("https://prompt.test/p/1",),
)
BY_A_PERSON = {
    Element.COPYRIGHT_WORK,
    Element.PENALTY_OF_PERJURY,
    Element.PROOF_OF_IDENTITY,
    Element.PROOF_OF_AUTHORITY,
}
ALL = replace(LAW, elements=frozenset(Element) - BY_A_PERSON)


def test_a_whole_draft_misses_nothing() -> None:
    assert missing_elements(WHOLE, [ALL]) == ()


@pytest.mark.parametrize(
    ("broken", "missing"),
    [
        (replace(WHOLE, organisation="  "), {Element.NAME_OR_ORGANISATION}),
        (replace(WHOLE, contact_email="nobody"), {Element.CONTACT}),
        (replace(WHOLE, contact_email="a@b@c"), {Element.CONTACT}),
        (replace(WHOLE, signatory=""), {Element.SIGNATURE}),
        (replace(WHOLE, representative=False), {Element.DECLARES_REPRESENTATIVE}),
        (replace(WHOLE, good_faith=False), {Element.GOOD_FAITH, Element.DECLARES_TRUE}),
        (replace(WHOLE, statement="\t"), {Element.STATEMENT_OF_REASONS}),
        (replace(WHOLE, reference=""), {Element.IDENTIFICATION}),
        (
            replace(WHOLE, locations=("https://prompt.test/p/1", " ")),
            {Element.LOCATION, Element.IDENTIFICATION, Element.DECLARES_CONTENT_PRESENT},
        ),
    ],
)
def test_each_gap_is_named(broken: NoticeDraft, missing: set[Element]) -> None:
    assert set(missing_elements(broken, [ALL])) == missing


@given(st.lists(st.frozensets(st.sampled_from(list(Element))), max_size=4))
def test_an_empty_draft_misses_exactly_what_the_laws_ask_for(wanted: list[frozenset[Element]]) -> None:
    nothing = NoticeDraft("", "", "", "", representative=False, good_faith=False, statement="", locations=())
    missing = missing_elements(nothing, [replace(LAW, elements=elements) for elements in wanted])
    assert set(missing) == frozenset().union(*wanted)
    assert len(missing) == len(set(missing))


def test_every_rung_and_element_has_words_for_people() -> None:
    assert set(RUNG_WORDS) == set(Rung)
    assert all(one.words for one in [*Rung, *Element])


def test_what_only_a_person_can_give_is_always_missing() -> None:
    assert set(missing_elements(WHOLE, [replace(LAW, elements=frozenset(BY_A_PERSON))])) == BY_A_PERSON
