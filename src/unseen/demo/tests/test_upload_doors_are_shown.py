"""The table and the page tell what the upload doors did, and a wrong answer of one stands out."""

from dataclasses import replace

import pytest

from unseen.demo.page import render_page
from unseen.demo.page_words import Tone
from unseen.demo.result import DemoResult
from unseen.demo.tests.sample import sample
from unseen.demo.tests.test_table import printed
from unseen.demo.upload_words import upload_rows


def wrong() -> DemoResult:
    """Slowpoke Forum still turns the withdrawn picture away."""
    told = sample()
    uploads = [
        replace(one, refused=True) if one.platform == "Slowpoke Forum" and one.whose == "second" else one
        for one in told.uploads
    ]
    return replace(told, uploads=tuple(uploads))


def test_before_and_after_the_withdrawal_stand_side_by_side() -> None:
    (prompt, slow) = upload_rows(sample())
    assert prompt.platform == "Prompt Pictures"
    words = [
        "3 of 3 turned away",
        "0 of 3 turned away",
        "3 of 3 turned away",
        "3 of 3 turned away",
        "0 of 3 turned away",
    ]
    assert [sign.words for sign in prompt.signs] == [sign.words for sign in slow.signs] == words
    assert {sign.tone for sign in prompt.signs} == {Tone.GOOD}


def test_a_door_that_did_not_learn_of_the_withdrawal_stands_out() -> None:
    (_, slow) = upload_rows(wrong())
    assert [sign.tone for sign in slow.signs].index(Tone.BAD) == 1


@pytest.mark.parametrize("columns", [80, 160])
def test_the_table_and_the_page_say_the_same(columns: int) -> None:
    text = " ".join(printed(wrong(), columns).split())
    assert "✕ 3 of 3" in text
    page = render_page(wrong())
    assert "At the upload doors" in page
    assert page.count("3 of 3 turned away") == 7
