"""The drawing of the stages says what the code says."""

import pytest

from tests.tidy.stage_diagram import PAGE, SENTENCES, page
from unseen.domain.item import MOVES, Event, Stage

pytestmark = pytest.mark.thorough


def test_the_page_is_current() -> None:
    current = page(MOVES, SENTENCES)
    assert PAGE.read_text(encoding="utf-8") == current, "run: python -m tests.tidy.stage_diagram"


def test_every_arrow_has_one_sentence_and_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == set(MOVES)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_a_new_move_changes_the_page_and_needs_a_sentence() -> None:
    more = {**MOVES, (Stage.REVIEW, Event.SETTLED): Stage.CLOSED}
    with pytest.raises(KeyError):
        page(more, SENTENCES)
    said = {**SENTENCES, (Stage.REVIEW, Event.SETTLED): "It is a duplicate after all."}
    assert page(more, said) != page(MOVES, SENTENCES)
